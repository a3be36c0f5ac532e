package dev.stint.scenario.trace;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import java.nio.charset.StandardCharsets;

/// Reads single lines of ftrace, `trace-cmd report` and `perf script` (docs/trace-import.md).
///
/// ```
///  h0-642   [000] dNh3.   164.354693: sched_wakeup: comm=p2 pid=641 prio=120 target_cpu=000
///  app-500  [000]   164.354: sched_switch:  app:500 [120] S ==> db:7 [120]
///  app 500/501 [000] 164.354693001: sched:sched_switch: prev_comm=app prev_pid=501 ...
/// ```
public final class TraceLineParser {
  private static final int CPU_MAX = 4095;
  private static final int PRIORITY_MAX = 139;
  private static final String LOST = " [LOST ";

  private TraceLineParser() {}

  /// Reads one line, given byte for character.
  public static TraceLine parse(String line) throws MalformedLine {
    if (line.startsWith("#")) {
      return header(line);
    }
    if (line.isBlank()) {
      return new TraceLine.Blank();
    }
    if (line.startsWith("CPU:") && line.contains(LOST)) {
      return lost(line);
    }
    for (int close = line.indexOf(']'); close >= 0; close = line.indexOf(']', close + 1)) {
      int open = line.lastIndexOf('[', close);
      TraceLineHead head = open < 1 ? null : TraceLineHead.at(line, open, close);
      if (head != null) {
        return timed(line, head);
      }
    }
    return headless(line);
  }

  private static TraceLine headless(String line) throws MalformedLine {
    if (line.contains("sched_")) {
      throw new MalformedLine(
          "no \"TASK-PID [CPU] ... seconds.fraction:\" before the event",
          "Record on all CPUs and keep the columns for task, CPU and time");
    }
    if (line.startsWith("cpus=") || line.startsWith("version = ") || line.startsWith("CPU ")) {
      return new TraceLine.Header(line.startsWith("cpus=") ? cpu(line.substring(5)) : 0, 0);
    }
    throw new MalformedLine(
        "this is no line of ftrace, trace-cmd report or perf script", "Remove it");
  }

  private static TraceLine.Header header(String line) throws MalformedLine {
    int cpus = line.indexOf("#P:");
    int written = line.indexOf("entries-written: ");
    int slash = line.indexOf('/', Math.max(0, written));
    long overwritten = 0;
    if (written > 0 && slash > 0) {
      String kept = line.substring(written + "entries-written: ".length(), slash);
      overwritten = count(firstWord(line.substring(slash + 1))) - count(kept);
    }
    return new TraceLine.Header(
        cpus < 0 ? 0 : cpu(line.substring(cpus + 3).strip()), Math.max(0, overwritten));
  }

  private static TraceLine.Lost lost(String line) throws MalformedLine {
    int at = line.indexOf(LOST);
    return new TraceLine.Lost(
        cpu(line.substring("CPU:".length(), at).strip()),
        count(firstWord(line.substring(at + LOST.length()))));
  }

  private static long count(String text) throws MalformedLine {
    return number(text, "a number of events");
  }

  private static TraceLine timed(String line, TraceLineHead head) throws MalformedLine {
    int cpu = cpu(line.substring(head.cpuFrom(), head.cpuTo()));
    String event = line.substring(head.eventFrom(), head.eventTo());
    String fields = line.substring(Math.min(line.length(), head.eventTo() + 1));
    long timeNs = head.timeNs(line);
    int running = head.running(line);
    return switch (event) {
      case "sched_switch" -> {
        Switch change = change(timeNs, cpu, fields);
        yield event(change, running, head, fields.contains(" prev_pid="));
      }
      case "sched_wakeup", "sched_wakeup_new" -> {
        Wakeup wakeup =
            new Wakeup(
                timeNs,
                cpu,
                woken(fields),
                target(fields),
                event.equals("sched_wakeup_new"),
                "NnBbLl".indexOf(head.flag(line, 1)) >= 0);
        yield event(wakeup, running, head, fields.contains(" pid="));
      }
      case "sched_waking" ->
          new TraceLine.Waking(timeNs, cpu, running, woken(fields), target(fields));
      case "sched_migrate_task" -> {
        Migration migration =
            new Migration(
                timeNs,
                cpu,
                who(fields, ""),
                cpu(firstWord(after(fields, " orig_cpu="))),
                cpu(firstWord(after(fields, " dest_cpu="))),
                "hHsZz".indexOf(head.flag(line, 2)) >= 0);
        yield event(migration, running, head, true);
      }
      case "sched_process_fork" -> {
        String child = after(fields, "child_comm=");
        int pid = child.lastIndexOf(" child_pid=");
        yield new TraceLine.Fork(
            timeNs,
            cpu,
            running,
            number(firstWord(after(child, " child_pid=")), "a process id"),
            name(child.substring(0, pid)));
      }
      default -> new TraceLine.Other(timeNs, cpu, running);
    };
  }

  private static TraceLine event(
      RecordedEvent event, int running, TraceLineHead head, boolean named) {
    TraceFormat format =
        head.perf() ? TraceFormat.PERF : named ? TraceFormat.FTRACE : TraceFormat.TRACE_CMD;
    return new TraceLine.Event(event, running, format, head.flagsTo() > head.flagsFrom());
  }

  // --- The fields of events ---

  private static Switch change(long timeNs, int cpu, String fields) throws MalformedLine {
    int arrow = fields.indexOf(" ==> next_comm=");
    if (arrow >= 0) {
      String previous = fields.substring(0, arrow);
      return new Switch(
          timeNs,
          cpu,
          who(previous, "prev_"),
          left(firstWord(after(previous, " prev_state="))),
          who(fields.substring(arrow + " ==>".length()), "next_"));
    }
    arrow = fields.lastIndexOf(" ==> ");
    if (arrow < 0) {
      throw new MalformedLine("sched_switch without ==> and the next task", "Is the line cut off?");
    }
    String previous = fields.substring(0, arrow).stripTrailing();
    int state = previous.lastIndexOf(' ');
    if (state < 0) {
      throw new MalformedLine("sched_switch without the state of the previous", "Is it cut off?");
    }
    return new Switch(
        timeNs,
        cpu,
        shortWho(previous.substring(0, state)),
        left(previous.substring(state + 1)),
        shortWho(fields.substring(arrow + " ==> ".length())));
  }

  /// Anchored on ` pid=`: a command name may hold blanks and anything else.
  private static Who who(String fields, String prefix) throws MalformedLine {
    String pidMark = " " + prefix + "pid=";
    int commAt = fields.indexOf(prefix + "comm=");
    int pidAt = fields.lastIndexOf(pidMark);
    if (commAt < 0 || pidAt < commAt) {
      throw new MalformedLine("no " + prefix + "comm= and" + pidMark, "Is the line cut off?");
    }
    String comm = fields.substring(commAt + prefix.length() + "comm=".length(), pidAt);
    int pid = number(firstWord(fields.substring(pidAt + pidMark.length())), "a process id");
    return new Who(pid, name(comm), priority(firstWord(after(fields, " " + prefix + "prio="))));
  }

  /// `comm:pid [priority]`, read from the right.
  private static Who shortWho(String text) throws MalformedLine {
    String trimmed = text.strip();
    int open = trimmed.lastIndexOf(" [");
    int colon = open < 0 ? -1 : trimmed.lastIndexOf(':', open);
    int close = open < 0 ? -1 : trimmed.indexOf(']', open);
    if (colon < 0 || close < 0) {
      throw new MalformedLine(
          "neither prev_comm= nor \"name:pid [priority]\"", "Is the line cut off?");
    }
    return new Who(
        number(trimmed.substring(colon + 1, open), "a process id"),
        name(trimmed.substring(0, colon)),
        priority(trimmed.substring(open + 2, close)));
  }

  private static Who woken(String fields) throws MalformedLine {
    if (fields.contains(" pid=")) {
      return who(fields, "");
    }
    int close = fields.lastIndexOf(']');
    return shortWho(close < 0 ? fields : fields.substring(0, close + 1));
  }

  private static int target(String fields) throws MalformedLine {
    int named = fields.lastIndexOf(" target_cpu=");
    int brief = fields.lastIndexOf(" CPU:");
    if (named < 0 && brief < 0) {
      throw new MalformedLine("no target_cpu=", "Is the line cut off?");
    }
    int from = named >= 0 ? named + " target_cpu=".length() : brief + " CPU:".length();
    return cpu(firstWord(fields.substring(from)));
  }

  private static Left left(String state) throws MalformedLine {
    return switch (state) {
      case "R" -> Left.RUNNABLE;
      case "R+" -> Left.RUNNABLE_IN_KERNEL;
      case "X", "Z", "T", "t", "P" -> Left.GONE;
      default -> {
        if (!state.matches("[A-Za-z0-9+|]{1,16}")) {
          throw new MalformedLine(
              "the state of a task is letters and got \"" + state + "\"", "Is the line damaged?");
        }
        yield Left.BLOCKED;
      }
    };
  }

  private static int priority(String text) throws MalformedLine {
    int priority = number(text, "a priority");
    if (priority > PRIORITY_MAX) {
      throw new MalformedLine(
          "priority " + priority + " is above " + PRIORITY_MAX, "Is the line damaged?");
    }
    return priority;
  }

  // --- Words and numbers ---

  private static int cpu(String text) throws MalformedLine {
    int cpu = number(text, "a CPU number");
    if (cpu > CPU_MAX) {
      throw new MalformedLine("CPU " + cpu + " is above " + CPU_MAX, "Is the line damaged?");
    }
    return cpu;
  }

  private static String after(String text, String mark) throws MalformedLine {
    int at = text.indexOf(mark);
    if (at < 0) {
      throw new MalformedLine("no " + mark.strip(), "Is the line cut off?");
    }
    return text.substring(at + mark.length());
  }

  private static String firstWord(String text) {
    int blank = text.indexOf(' ');
    return blank < 0 ? text : text.substring(0, blank);
  }

  /// A command name as text: UTF-8 where it is, and no control characters.
  private static String name(String bytes) {
    boolean plain = true;
    for (int i = 0; i < bytes.length(); i++) {
      plain &= bytes.charAt(i) >= ' ' && bytes.charAt(i) < 0x7f;
    }
    if (plain) {
      return bytes;
    }
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}", "\uFFFD");
  }

  static int number(String text, String what) throws MalformedLine {
    boolean digits = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; i < text.length(); i++) {
      digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits || Long.parseLong(text) > Integer.MAX_VALUE) {
      String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
      throw new MalformedLine(
          what + " is a whole number and got \"" + name(shown) + "\"", "Is the line damaged?");
    }
    return Integer.parseInt(text);
  }
}
