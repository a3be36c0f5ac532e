/// A run of one Linux as the text of its ftrace.
@org.jspecify.annotations.NullMarked
package dev.stint.report.ftrace;
