package dev.stint.report.timeline;

import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Watch;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.time.Time;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// A part of a run as text: a line for every LP, VP and vCPU thread, `|AAAABBBB|CC..--..|`.
///
/// A letter on an LP or VP is who ran there, on a vCPU thread its VP; `-` is ready and not running,
/// `.` neither. A column shows what took most of it. Memory is that of the picture.
public final class TextTimeline implements RunWatcher {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /// The shortest part of a run that can be drawn.
  public static final long LENGTH_MIN_NS = 1_000;

  private static final int GROUP = 10;
  private static final int COLUMNS_MAX = 900;

  private final long fromNs;
  private final long toNs;
  private final int width;
  private final int rowsMax;
  private final Map<Integer, TimelineRow> rows = new TreeMap<>();
  private final Map<Integer, Integer> current = new TreeMap<>();
  private final Map<Integer, Boolean> backed = new TreeMap<>();
  private final Map<Integer, Integer> vpOfThread = new TreeMap<>();
  private Entities entities = new Entities();
  private TimelineWindow window;

  /// A picture of the run that it will watch.
  ///
  /// @param fromNs start of the part that it shows
  /// @param toNs its end, later by [#LENGTH_MIN_NS] or more
  /// @param width of a line, in characters; long names get their place in any case
  /// @param rowsMax how many lines it may have; what is beyond is counted
  public TextTimeline(long fromNs, long toNs, int width, int rowsMax) {
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.width = width;
    this.rowsMax = rowsMax;
    window = new TimelineWindow(fromNs, toNs, 1);
  }

  @Override
  public Watch watch(WatchedRun run) {
    entities = run.entities();
    run.threadOfVp().forEach((vp, thread) -> vpOfThread.put(thread, vp));
    int longest =
        entities.all().stream()
            .filter(TextTimeline::isDrawn)
            .mapToInt(entity -> entity.path().length())
            .max()
            .orElse(0);
    window = new TimelineWindow(fromNs, toNs, columns(width - longest));
    entities.all().stream()
        .filter(TextTimeline::isDrawn)
        .forEach(entity -> rows.put(entity.id(), new TimelineRow(window)));
    return new Watch(new Switches(), new Statuses());
  }

  private static boolean isDrawn(Entities.Entity entity) {
    return switch (entity.kind()) {
      case LP, VP, THREAD -> true;
      case TASK, GROUP, PARTITION, RULE -> false;
    };
  }

  /// What is left of a line for columns and the bars between them.
  private static int columns(int left) {
    int groups = Math.max(1, (left - 2) / (GROUP + 1));
    return Math.min(COLUMNS_MAX, groups * GROUP);
  }

  private final class Switches implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      if (kind == TraceKind.SWITCH) {
        current.put(a, c);
        TimelineRow row = rows.get(a);
        if (row != null && (isLp(a) || backed.getOrDefault(a, false))) {
          row.change(timeNs, c == Entities.NONE ? TimelineRow.IDLE : c);
        }
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }

  private final class Statuses implements SpanSink {
    @Override
    public void span(int entity, long status, long fromNs, long toNs) {}

    @Override
    public void begins(int entity, long status, long atNs) {
      TimelineRow row = rows.get(entity);
      if (row == null || isLp(entity)) {
        return;
      }
      boolean runs = SpanSink.isRun(status);
      backed.put(entity, runs);
      if (runs) {
        int holder =
            vpOfThread.containsKey(entity)
                ? vpOfThread.getOrDefault(entity, entity)
                : current.getOrDefault(entity, Entities.NONE);
        row.change(atNs, holder == Entities.NONE ? TimelineRow.IDLE : holder);
      } else {
        row.change(atNs, SpanSink.isWait(status) ? TimelineRow.WAITS : TimelineRow.IDLE);
      }
    }
  }

  private boolean isLp(int id) {
    return entities.get(id).kind() == EntityKind.LP;
  }

  /// The picture, when the run has ended.
  ///
  /// @param title of its first line
  public String text(String title) {
    Map<Integer, Character> letters = new LinkedHashMap<>();
    Map<Integer, String> lines = new LinkedHashMap<>();
    int width = 0;
    for (Map.Entry<Integer, TimelineRow> row : rows.entrySet()) {
      if (lines.size() < rowsMax) {
        lines.put(row.getKey(), line(row.getValue().cells(), letters));
        width = Math.max(width, entities.path(row.getKey()).length());
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(title)
        .append(": ")
        .append(Time.format(window.fromNs()))
        .append(" to ")
        .append(Time.format(window.toNs()))
        .append(", a column is ")
        .append(Time.format((window.toNs() - window.fromNs()) / window.columns()))
        .append('\n');
    for (Map.Entry<Integer, String> line : lines.entrySet()) {
      String path = entities.path(line.getKey());
      text.append(path).append(" ".repeat(width - path.length() + 1)).append(line.getValue());
      text.append('\n');
    }
    if (rows.size() > lines.size()) {
      text.append(rows.size() - lines.size()).append(" more lines with --all\n");
    }
    letters.forEach(
        (id, letter) -> text.append(letter).append("  ").append(entities.path(id)).append('\n'));
    return text.append("-  ready, not running\n.  idle or blocked\n").toString();
  }

  private static String line(int[] cells, Map<Integer, Character> letters) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < cells.length; column++) {
      line.append(letter(cells[column], letters));
      if (column % GROUP == GROUP - 1 || column == cells.length - 1) {
        line.append('|');
      }
    }
    return line.toString();
  }

  private static char letter(int what, Map<Integer, Character> letters) {
    if (what == TimelineRow.IDLE) {
      return '.';
    }
    if (what == TimelineRow.WAITS) {
      return '-';
    }
    return letters.computeIfAbsent(
        what, _ -> letters.size() < LETTERS.length() ? LETTERS.charAt(letters.size()) : '*');
  }
}
