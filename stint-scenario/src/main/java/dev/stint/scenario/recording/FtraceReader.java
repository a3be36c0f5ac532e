package dev.stint.scenario.recording;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.scenario.trace.MalformedLine;
import dev.stint.scenario.trace.TraceLine;
import dev.stint.scenario.trace.TraceLineParser;
import dev.stint.scenario.trace.TraceLines;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Reads the text of ftrace's `trace` file (Documentation/trace/ftrace.rst): sched_switch,
/// sched_wakeup, sched_wakeup_new and sched_migrate_task; lines of other events are passed over.
///
/// Whoever replays decisions needs every one of them: a line that cannot be read is an error here,
/// where an import of the trace goes on.
public final class FtraceReader {
  private final String name;
  private final List<RecordedEvent> events = new ArrayList<>();
  private long lineNumber;
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
  public static Recording read(String name, InputStream text)
      throws IOException, MalformedRecording {
    return new FtraceReader(name).readAll(new TraceLines(text));
  }

  private Recording readAll(TraceLines lines) throws IOException, MalformedRecording {
    while (lines.next()) {
      lineNumber = lines.number();
      try {
        line(TraceLineParser.parse(lines.text()));
      } catch (MalformedLine e) {
        throw malformed(e.rule(), e.fix());
      }
    }
    if (events.isEmpty()) {
      throw new MalformedRecording(
          name,
          "no sched_switch or sched_wakeup line",
          "Give the text of a tracefs `trace` file recorded with these events enabled");
    }
    return new Recording(cpus, lostEvents, events);
  }

  private void line(TraceLine line) throws MalformedRecording {
    switch (line) {
      case TraceLine.Event(RecordedEvent event, _, _, boolean flags) -> {
        if (!flags) {
          throw malformed(
              "no flags between the CPU and the time",
              "Give ftrace text with the irq-info option on, as tracefs writes it");
        }
        add(event);
      }
      case TraceLine.Lost(_, long count) -> lostEvents += count;
      case TraceLine.Header(int named, _) -> cpus = Math.max(cpus, named);
      case TraceLine.Waking _, TraceLine.Fork _, TraceLine.Other _, TraceLine.Blank _ -> {}
    }
  }

  private void add(RecordedEvent event) throws MalformedRecording {
    if (!events.isEmpty() && event.timeNs() < events.getLast().timeNs()) {
      throw malformed(
          "time runs back from "
              + seconds(events.getLast().timeNs())
              + " to "
              + seconds(event.timeNs()),
          "Record with one clock (trace_clock mono) and sort the lines by time");
    }
    int named =
        switch (event) {
          case RecordedEvent.Switch change -> change.cpu();
          case RecordedEvent.Wakeup wakeup -> Math.max(wakeup.cpu(), wakeup.target());
          case RecordedEvent.Migration moved ->
              Math.max(moved.cpu(), Math.max(moved.from(), moved.to()));
        };
    cpus = Math.max(cpus, named + 1);
    events.add(event);
  }

  private static String seconds(long ns) {
    return ns / 1_000_000_000
        + "."
        + Long.toString(1_000_000_000 + ns % 1_000_000_000).substring(1);
  }

  private MalformedRecording malformed(String rule, String fix) {
    return new MalformedRecording(name + ":" + lineNumber, rule, fix);
  }
}
