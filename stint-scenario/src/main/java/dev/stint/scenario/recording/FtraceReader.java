package dev.stint.scenario.recording;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads the text of ftrace's `trace` file (Documentation/trace/ftrace.rst): sched_switch,
/// sched_wakeup, sched_wakeup_new and sched_migrate_task; lines of other events are passed over.
///
/// ```
///  h0-642   [000] dNh3.   164.354693: sched_wakeup: comm=p2 pid=641 prio=120 target_cpu=000
/// ```
public final class FtraceReader {
  private static final String MARK = ": sched_";
  private static final int CPU_MAX = 4095;

  private final String name;
  private final List<RecordedEvent> events = new ArrayList<>();
  private int lineNumber;
  private int cpus;
  private long lostEvents;

  private FtraceReader(String name) {
    this.name = name;
  }

  /// A recording.
  ///
  /// @param cpus how many CPUs its header names (`#P:2`), at least those that its lines name
  /// @param lostEvents how many events the kernel says that it could not record
  /// @param events in order of time
  public record Recording(int cpus, long lostEvents, List<RecordedEvent> events) {
    /// Copies the list.
    public Recording {
      events = List.copyOf(events);
    }
  }

  /// Reads all of `text`; `name` stands in messages.
  public static Recording read(String name, BufferedReader text)
      throws IOException, MalformedRecording {
    return new FtraceReader(name).readAll(text);
  }

  private Recording readAll(BufferedReader text) throws IOException, MalformedRecording {
    long last = Long.MIN_VALUE;
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      lineNumber++;
      if (line.startsWith("#")) {
        readHeader(line);
      } else if (line.contains(" [LOST ")) {
        lostEvents += number(after(line, " [LOST ").split(" ", 2)[0], "a number of lost events");
      } else {
        readEvent(line);
        if (!events.isEmpty()) {
          long time = events.getLast().timeNs();
          if (time < last) {
            throw malformed(
                "time runs back from " + seconds(last) + " to " + seconds(time),
                "Record with one clock (trace_clock mono) and sort the lines by time");
          }
          last = time;
        }
      }
    }
    if (events.isEmpty()) {
      lineNumber = 0;
      throw malformed(
          "no sched_switch or sched_wakeup line",
          "Give the text of a tracefs `trace` file recorded with these events enabled");
    }
    return new Recording(cpus, lostEvents, events);
  }

  private void readHeader(String line) throws MalformedRecording {
    int at = line.indexOf("#P:");
    if (at >= 0) {
      cpus = Math.max(cpus, cpu(line.substring(at + 3).strip()));
    }
  }

  private void readEvent(String line) throws MalformedRecording {
    int mark = line.indexOf(MARK);
    int colon = mark < 0 ? -1 : line.indexOf(": ", mark + MARK.length());
    if (colon < 0) {
      if (mark >= 0) {
        throw malformed("the line ends after the event's name", "Is the file cut off here?");
      }
      return;
    }
    String event = line.substring(mark + 2, colon);
    switch (event) {
      case "sched_switch", "sched_wakeup", "sched_wakeup_new", "sched_migrate_task" -> {
        String[] head = line.substring(0, mark).stripTrailing().split("\\s+");
        if (head.length < 3) {
          throw malformed("no CPU, flags and time before " + event, "Is the line cut off?");
        }
        long timeNs = timeNs(head[head.length - 1]);
        String flags = head[head.length - 2];
        String bracketed = head[head.length - 3];
        if (!bracketed.startsWith("[") || !bracketed.endsWith("]")) {
          throw malformed(
              "no [CPU] and flags before the time " + head[head.length - 1],
              "Give ftrace text with the irq-info option on, as tracefs writes it");
        }
        int cpu = cpu(bracketed.substring(1, bracketed.length() - 1));
        cpus = Math.max(cpus, cpu + 1);
        addEvent(event, timeNs, cpu, flags, line.substring(colon + 1));
      }
      default -> {}
    }
  }

  private void addEvent(String event, long timeNs, int cpu, String flags, String fields)
      throws MalformedRecording {
    switch (event) {
      case "sched_switch" -> {
        int arrow = fields.indexOf(" ==> next_comm=");
        if (arrow < 0) {
          throw malformed("sched_switch without ==> next_comm=", "Is the line cut off?");
        }
        String previous = fields.substring(0, arrow);
        events.add(
            new Switch(
                timeNs,
                cpu,
                who(previous, "prev_"),
                left(after(previous, " prev_state=")),
                who(fields.substring(arrow + " ==>".length()), "next_")));
      }
      case "sched_migrate_task" ->
          events.add(
              new Migration(
                  timeNs,
                  cpu,
                  who(fields, ""),
                  cpuField(fields, " orig_cpu="),
                  cpuField(fields, " dest_cpu="),
                  flags.length() > 2 && "hHsZz".indexOf(flags.charAt(2)) >= 0));
      default -> {
        int target = cpuField(fields, " target_cpu=");
        boolean needResched = flags.length() > 1 && "NnBbLl".indexOf(flags.charAt(1)) >= 0;
        events.add(
            new Wakeup(
                timeNs,
                cpu,
                who(fields, ""),
                target,
                event.equals("sched_wakeup_new"),
                needResched));
      }
    }
  }

  /// Anchored on ` pid=`: a command name may hold blanks and anything else.
  private Who who(String fields, String prefix) throws MalformedRecording {
    String pidMark = " " + prefix + "pid=";
    int commAt = fields.indexOf(prefix + "comm=");
    int pidAt = fields.lastIndexOf(pidMark);
    if (commAt < 0 || pidAt < commAt) {
      throw malformed("no " + prefix + "comm= and" + pidMark, "Is the line cut off?");
    }
    String comm = fields.substring(commAt + prefix.length() + "comm=".length(), pidAt);
    int pid = number(firstWord(fields.substring(pidAt + pidMark.length())), "a process id");
    int priority = number(firstWord(after(fields, " " + prefix + "prio=")), "a priority");
    if (priority > 139) {
      throw malformed("priority " + priority + " is above 139", "Is the line damaged?");
    }
    return new Who(pid, comm, priority);
  }

  private Left left(String state) throws MalformedRecording {
    return switch (firstWord(state)) {
      case "R" -> Left.RUNNABLE;
      case "R+" -> Left.RUNNABLE_IN_KERNEL;
      case "X", "Z", "T", "t", "P" -> Left.GONE;
      case "" -> throw malformed("an empty prev_state", "Is the line cut off?");
      default -> Left.BLOCKED;
    };
  }

  private int cpuField(String fields, String mark) throws MalformedRecording {
    int cpu = cpu(firstWord(after(fields, mark)));
    cpus = Math.max(cpus, cpu + 1);
    return cpu;
  }

  private int cpu(String text) throws MalformedRecording {
    int cpu = number(text, "a CPU number");
    if (cpu > CPU_MAX) {
      throw malformed("CPU " + cpu + " is above " + CPU_MAX, "Is the line damaged?");
    }
    return cpu;
  }

  private long timeNs(String text) throws MalformedRecording {
    int dot = text.indexOf('.');
    int digits = text.length() - dot - 1;
    if (dot < 1 || dot > 10 || digits < 1 || digits > 9) {
      throw malformed("a time is seconds.fraction and got \"" + text + "\"", "Is it cut off?");
    }
    long fraction = number(text.substring(dot + 1), "a fraction of a second");
    for (int i = digits; i < 9; i++) {
      fraction *= 10;
    }
    return number(text.substring(0, dot), "seconds") * 1_000_000_000L + fraction;
  }

  private String after(String text, String mark) throws MalformedRecording {
    int at = text.indexOf(mark);
    if (at < 0) {
      throw malformed("no" + mark, "Is the line cut off?");
    }
    return text.substring(at + mark.length());
  }

  private static String firstWord(String text) {
    int blank = text.indexOf(' ');
    return blank < 0 ? text : text.substring(0, blank);
  }

  private int number(String text, String what) throws MalformedRecording {
    boolean digits = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; i < text.length(); i++) {
      digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits || Long.parseLong(text) > Integer.MAX_VALUE) {
      throw malformed(what + " is a whole number and got \"" + text + "\"", "Is the line damaged?");
    }
    return Integer.parseInt(text);
  }

  private static String seconds(long ns) {
    return ns / 1_000_000_000
        + "."
        + Long.toString(1_000_000_000 + ns % 1_000_000_000).substring(1);
  }

  private MalformedRecording malformed(String rule, String fix) {
    return new MalformedRecording(lineNumber == 0 ? name : name + ":" + lineNumber, rule, fix);
  }
}
