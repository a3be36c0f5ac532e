package dev.stint.scenario.trace;

import java.util.Arrays;
import java.util.Optional;

/// Who wrote a trace. All write a line per event, with the CPU, the time and the event's fields.
public enum TraceFormat {
  /// tracefs: the file `trace`.
  FTRACE("ftrace"),
  /// `trace-cmd report`, whose fields may be in its short form: `app:500 [120] S ==> db:7 [120]`.
  TRACE_CMD("trace-cmd"),
  /// `perf script`, with or without `--ns`: events are named `sched:sched_switch`.
  PERF("perf");

  private final String text;

  TraceFormat(String text) {
    this.text = text;
  }

  /// The name on the command line.
  public String text() {
    return text;
  }

  /// The format of this name.
  public static Optional<TraceFormat> named(String text) {
    return Arrays.stream(values()).filter(format -> format.text.equals(text)).findFirst();
  }
}
