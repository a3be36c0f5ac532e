package dev.stint.scenario.trace;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads a trace line by line and puts aside what does not fit: whoever receives it sees time that
/// never runs back, and is told where something is missing.
///
/// One event is held back: where its time is beyond the next one's, and the next one's is in order
/// with what was before, that one line is wrong and not all that follow.
final class TraceStream {
  /// A kernel that runs anything is not silent for so long.
  static final long SILENCE_NS = 10_000_000_000L;

  private static final String UNKNOWN = "What happened meanwhile is unknown";

  private final TraceReceiver receiver;
  private final long eventsMost;
  private final TraceWarnings warnings;
  private Optional<TraceFormat> format;
  private TraceLine.@Nullable Timed pending;
  private long pendingLine;
  private long lastNs = Long.MIN_VALUE;
  private boolean behind;
  private int cpus;
  private long eventCount;

  /// @param eventsMost after so many events the rest of the file is left out
  TraceStream(
      TraceReceiver receiver,
      TraceWarnings warnings,
      Optional<TraceFormat> format,
      long eventsMost) {
    this.receiver = receiver;
    this.eventsMost = eventsMost;
    this.warnings = warnings;
    this.format = format;
  }

  /// The format asked for, or that of the first event.
  Optional<TraceFormat> format() {
    return format;
  }

  /// How many CPUs its header names, at least those that its lines name.
  int cpus() {
    return cpus;
  }

  /// How many sched events were received.
  long eventCount() {
    return eventCount;
  }

  void read(TraceSource source) throws IOException, MalformedTrace {
    long line = 0;
    try (InputStream in = TraceSource.text(source)) {
      TraceLines lines = new TraceLines(in);
      while (eventCount < eventsMost && lines.next()) {
        line = lines.number();
        line(lines);
      }
    } catch (ZipException | EOFException _) {
      warnings.add(
          TraceProblem.DAMAGED_GZIP,
          line + 1,
          "the compressed data end here or are damaged",
          "What follows is not known; copy the file again");
    }
    if (eventCount < eventsMost) {
      flush();
    }
  }

  private void line(TraceLines lines) throws MalformedTrace {
    long number = lines.number();
    String text = lines.text();
    try {
      if (lines.tooLong()) {
        throw new MalformedLine(
            "a line is longer than " + TraceLines.LINE_MAX + " bytes", "Remove it");
      }
      switch (TraceLineParser.parse(text)) {
        case TraceLine.Timed event -> timed(event, number);
        case TraceLine.Lost(int cpu, long count) -> lost(cpu, count, number);
        case TraceLine.Header(int named, long overwritten) -> {
          cpus = Math.max(cpus, named);
          if (overwritten > 0) {
            warnings.add(
                TraceProblem.OVERWRITTEN,
                number,
                overwritten,
                "the ring buffer was overwritten " + overwritten + " times before the first line",
                "The trace begins later than the recording");
          }
        }
        case TraceLine.Blank() -> {}
      }
    } catch (MalformedLine e) {
      damaged(lines, text, e);
    }
  }

  private void damaged(TraceLines lines, String text, MalformedLine e) throws MalformedTrace {
    if (lines.ended() && !lines.tooLong()) {
      warnings.add(
          TraceProblem.CUT_OFF,
          lines.number(),
          "the last line is cut off: " + e.rule(),
          "It is left out");
    } else if (text.contains("sched_") || lines.tooLong()) {
      warnings.add(
          TraceProblem.DAMAGED_LINE, lines.number(), e.rule(), UNKNOWN + "; " + lower(e.fix()));
    } else {
      warnings.add(TraceProblem.STRANGE_LINE, lines.number(), e.rule(), "It is left out");
    }
    if (!lines.ended() && eventCount + (pending == null ? 0 : 1) > 0) {
      flush();
      receiver.broken(lines.number());
    }
  }

  private static String lower(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private void lost(int cpu, long count, long line) throws MalformedTrace {
    warnings.add(
        TraceProblem.LOST_EVENTS,
        line,
        count,
        "the kernel lost events of CPU " + cpu,
        UNKNOWN + "; record with a larger buffer");
    flush();
    cpus = Math.max(cpus, cpu + 1);
    receiver.lost(cpu, line);
  }

  private void timed(TraceLine.Timed event, long line) throws MalformedTrace {
    if (event instanceof TraceLine.Event named && !fits(named.format())) {
      warnings.add(
          TraceProblem.OTHER_FORMAT,
          line,
          "a line of " + named.format().text() + " in a trace of " + format.orElseThrow().text(),
          UNKNOWN + "; give one trace a file, or --format");
      flush();
      receiver.broken(line);
      return;
    }
    long beforeNs = pending == null ? lastNs : pending.timeNs();
    if (event.timeNs() >= beforeNs) {
      flush();
      pending = event;
      pendingLine = line;
    } else if (event.timeNs() >= lastNs) {
      warnings.add(
          TraceProblem.CLOCK_AHEAD,
          pendingLine,
          "time runs ahead to " + seconds(beforeNs),
          "The line is left out; " + lower(UNKNOWN));
      pending = event;
      pendingLine = line;
      receiver.broken(line);
    } else {
      warnings.add(
          TraceProblem.CLOCK_BACK,
          line,
          "time runs back from " + seconds(beforeNs) + " to " + seconds(event.timeNs()),
          "Lines are left out until it is reached again; record with trace_clock mono");
      if (!behind) {
        flush();
        receiver.broken(line);
      }
      behind = true;
      return;
    }
    behind = false;
  }

  /// ftrace and trace-cmd write the long form alike.
  private boolean fits(TraceFormat found) {
    TraceFormat expected = format.orElse(found);
    format = Optional.of(expected);
    return (expected == TraceFormat.PERF) == (found == TraceFormat.PERF);
  }

  private void flush() throws MalformedTrace {
    TraceLine.Timed event = pending;
    if (event == null) {
      return;
    }
    pending = null;
    if (lastNs >= 0 && event.timeNs() - lastNs > SILENCE_NS) {
      warnings.add(
          TraceProblem.SILENCE,
          pendingLine,
          "no event for " + (event.timeNs() - lastNs) / 1_000_000_000 + " seconds",
          UNKNOWN);
      receiver.broken(pendingLine);
    }
    lastNs = event.timeNs();
    eventCount++;
    receiver.event(event, pendingLine);
  }

  static String seconds(long ns) {
    return ns / 1_000_000_000
        + "."
        + Long.toString(1_000_000_000 + ns % 1_000_000_000).substring(1);
  }
}
