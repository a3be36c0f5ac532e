package dev.stint.testkit.cost;

import dev.stint.model.time.Time;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;

/// The costs of a run as text, one a line: when it was told, whose time, what for, how long.
final class CostLog implements TraceSink {
  private static final CostKind[] KINDS = CostKind.values();

  private final Entities entities;
  private final List<String> lines = new ArrayList<>();

  CostLog(Entities entities) {
    this.entities = entities;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (kind == TraceKind.COST) {
      String cause = d == Entities.NONE ? "" : " " + entities.path(d);
      lines.add(
          Time.format(timeNs)
              + " "
              + entities.path(a)
              + " "
              + KINDS[b].text()
              + " "
              + Time.format(c)
              + cause);
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  /// The lines about costs of these kinds; all when none is named.
  List<String> lines(CostKind... kinds) {
    List<CostKind> wanted = List.of(kinds.length == 0 ? KINDS : kinds);
    return lines.stream()
        .filter(line -> wanted.stream().anyMatch(kind -> line.contains(" " + kind.text() + " ")))
        .toList();
  }
}
