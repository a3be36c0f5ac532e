package dev.stint.scenario.trace;

import org.jspecify.annotations.Nullable;

/// Where the parts of a line's head lie: `TASK-PID [CPU] flags seconds.fraction: event:`.
///
/// It is found by its shape around the brackets, not by columns: a task's name may hold blanks,
/// brackets and colons.
///
/// @param pidFrom of the thread that ran
/// @param flagsFrom of the irq-info flags, equal to `flagsTo` if there are none
/// @param perf whether the event's name has the prefix `sched:`
record TraceLineHead(
    int pidFrom,
    int pidTo,
    int cpuFrom,
    int cpuTo,
    int flagsFrom,
    int flagsTo,
    int timeFrom,
    int timeTo,
    int eventFrom,
    int eventTo,
    boolean perf) {
  private static final String PERF_PREFIX = "sched:";
  private static final int SECONDS_DIGITS_MAX = 9;

  /// The head around these brackets, or null if they are something else.
  static @Nullable TraceLineHead at(String line, int open, int close) {
    if (close == open + 1 || !digits(line, open + 1, close)) {
      return null;
    }
    int flagsFrom = skipBlanks(line, close + 1);
    int flagsTo = flagsFrom;
    int timeFrom = flagsFrom;
    int timeTo = endOfTime(line, timeFrom);
    if (timeTo < 0) {
      flagsTo = endOfWord(line, flagsFrom);
      timeFrom = skipBlanks(line, flagsTo);
      timeTo = endOfTime(line, timeFrom);
    }
    if (timeTo < 0 || flagsFrom == close + 1) {
      return null;
    }
    int eventFrom = skipBlanks(line, timeTo + 1);
    boolean perf = line.startsWith(PERF_PREFIX, eventFrom);
    eventFrom += perf ? PERF_PREFIX.length() : 0;
    int eventTo = line.indexOf(':', eventFrom);
    if (eventTo < 0 || !eventName(line, eventFrom, eventTo)) {
      return null;
    }
    int pidTo = endOfPid(line, open);
    int pidFrom = pidTo;
    while (pidFrom > 0 && digit(line.charAt(pidFrom - 1))) {
      pidFrom--;
    }
    if (pidFrom == pidTo) {
      return null;
    }
    return new TraceLineHead(
        pidFrom, pidTo, open + 1, close, flagsFrom, flagsTo, timeFrom, timeTo, eventFrom, eventTo,
        perf);
  }

  /// Before the bracket, and before `( tgid)` where ftrace's record-tgid is on.
  private static int endOfPid(String line, int open) {
    int at = beforeBlanks(line, open);
    if (at > 0 && line.charAt(at - 1) == ')') {
      int paren = line.lastIndexOf('(', at);
      at = paren < 0 ? at : beforeBlanks(line, paren);
    }
    return at;
  }

  private static int beforeBlanks(String line, int at) {
    int before = at;
    while (before > 0 && line.charAt(before - 1) == ' ') {
      before--;
    }
    return before;
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static int endOfWord(String line, int from) {
    int at = from;
    while (at < line.length() && line.charAt(at) != ' ') {
      at++;
    }
    return at;
  }

  /// Where `digits.digits` ends that a colon follows, or -1.
  private static int endOfTime(String line, int from) {
    int dot = from;
    while (dot < line.length() && digit(line.charAt(dot))) {
      dot++;
    }
    int end = dot + 1;
    while (end < line.length() && digit(line.charAt(end))) {
      end++;
    }
    boolean time =
        dot > from
            && end > dot + 1
            && end < line.length()
            && line.charAt(dot) == '.'
            && line.charAt(end) == ':';
    return time ? end : -1;
  }

  private static boolean eventName(String line, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = line.charAt(i);
      if (c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !digit(c)) {
        return false;
      }
    }
    return to > from;
  }

  private static boolean digits(String line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!digit(line.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  /// The flag at this position, or a blank.
  char flag(String line, int index) {
    return flagsFrom + index < flagsTo ? line.charAt(flagsFrom + index) : ' ';
  }

  /// The thread that ran; perf names one that is already gone -1.
  int running(String line) throws MalformedLine {
    boolean gone = line.startsWith("-", pidFrom - 1) && line.startsWith(" ", pidFrom - 2);
    return gone
        ? TraceLine.NOBODY
        : TraceLineParser.number(line.substring(pidFrom, pidTo), "a process id");
  }

  long timeNs(String line) throws MalformedLine {
    int dot = line.indexOf('.', timeFrom);
    int digits = timeTo - dot - 1;
    if (dot - timeFrom > SECONDS_DIGITS_MAX || digits > 9) {
      throw new MalformedLine(
          "a time is at most " + SECONDS_DIGITS_MAX + " digits of seconds and 9 after the dot",
          "Is the line damaged?");
    }
    long fraction = TraceLineParser.number(line.substring(dot + 1, timeTo), "a fraction");
    for (int i = digits; i < 9; i++) {
      fraction *= 10;
    }
    return TraceLineParser.number(line.substring(timeFrom, dot), "seconds") * 1_000_000_000L
        + fraction;
  }
}
