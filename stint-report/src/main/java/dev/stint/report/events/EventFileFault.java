package dev.stint.report.events;

import java.util.Locale;

/// An event file cannot be read, or not all of it. The message says where, what, and what to do.
public final class EventFileFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EventFileFault(String where, String what) {
    super(where + ": " + what);
  }

  EventFileFault(String where, String what, Throwable cause) {
    super(where + ": " + what, cause);
  }

  static EventFileFault at(String file, long offset, String what) {
    return new EventFileFault(String.format(Locale.ROOT, "%s: byte %d", file, offset), what);
  }
}
