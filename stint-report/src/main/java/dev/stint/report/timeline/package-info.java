/// Who held which processor when, as text.
@org.jspecify.annotations.NullMarked
package dev.stint.report.timeline;
