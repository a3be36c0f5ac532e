package dev.stint.scenario.trace;

/// What can be wrong with a trace that can still be read in part.
public enum TraceProblem {
  /// The kernel says so.
  LOST_EVENTS,
  /// A CPU goes on from another task than the last one that it switched to.
  UNSEEN_SWITCH,
  /// A task runs, and nothing had woken it.
  UNSEEN_WAKEUP,
  /// A line is earlier than the lines before it.
  CLOCK_BACK,
  /// A line is later than the lines after it.
  CLOCK_AHEAD,
  /// No event for long.
  SILENCE,
  /// The line of an event cannot be read.
  DAMAGED_LINE,
  /// A line is of no known form.
  STRANGE_LINE,
  /// A line is of another format than those before it.
  OTHER_FORMAT,
  /// The file ends within a line.
  CUT_OFF,
  /// The file ends within compressed data, or they are damaged.
  DAMAGED_GZIP,
  /// The ring buffer was overwritten before the first line.
  OVERWRITTEN
}
