package dev.stint.duckdb;

import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.Locale;

/// Events as rows of the table `events`.
final class EventRows implements TraceSink {
  private static final PreviousState[] STATES = PreviousState.values();
  private static final CostKind[] COSTS = CostKind.values();

  private final String assembly;
  private final Names names;
  private final Rows rows;
  private long sequence;

  EventRows(String assembly, Names names, Rows rows) {
    this.assembly = assembly;
    this.names = names;
    this.rows = rows;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    switch (kind) {
      case SWITCH -> row(timeNs, kind, c, a, b, state(d));
      case READY, THROTTLE -> row(timeNs, kind, a, b, c, "");
      case MOVE -> row(timeNs, kind, a, c, b, "");
      case UNTHROTTLE -> row(timeNs, kind, a, b, -1, "");
      case ENTER -> row(timeNs, kind, a, -1, b, "");
      case LEAVE -> row(timeNs, kind, a, -1, b, state(c));
      case HOLD -> row(timeNs, kind, -1, a, b, "");
      case UNKNOWN -> row(timeNs, kind, a, -1, -1, "");
      case COST -> {
        begin(timeNs, lower(kind), names.of(a), "", names.of(d), COSTS[b].text());
        rows.number(c).end();
      }
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    begin(timeNs, "sample", names.of(entity), "", "", metric.jsonName());
    rows.number(value).end();
  }

  private void row(
      long timeNs, TraceKind kind, int entity, int processor, int other, String detail) {
    begin(timeNs, lower(kind), names.of(entity), names.of(processor), names.of(other), detail);
    rows.none().end();
  }

  private void begin(
      long timeNs, String kind, String entity, String processor, String other, String detail) {
    rows.begin(assembly)
        .number(sequence++)
        .number(timeNs)
        .text(kind)
        .text(entity)
        .text(processor)
        .text(other)
        .text(detail);
  }

  private static String state(int ordinal) {
    return lower(STATES[ordinal]);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
