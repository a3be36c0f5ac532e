/// A run as a trace in the protobuf format of Perfetto, written while the run goes on.
@org.jspecify.annotations.NullMarked
package dev.stint.report.perfetto;
