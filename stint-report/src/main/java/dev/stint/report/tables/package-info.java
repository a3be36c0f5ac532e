/// What writes a run as tables for a database.
@org.jspecify.annotations.NullMarked
package dev.stint.report.tables;
