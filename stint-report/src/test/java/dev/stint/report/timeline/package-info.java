@org.jspecify.annotations.NullMarked
package dev.stint.report.timeline;
