package dev.stint.duckdb;

import dev.stint.model.stats.SpanSink;

/// The ledger's spans as rows of the table `spans`, the pieces of one put together.
final class SpanRows implements SpanSink {
  private final String assembly;
  private final Names names;
  private final Rows rows;
  private final long[] status;
  private final long[] fromNs;
  private final long[] toNs;

  SpanRows(String assembly, Names names, Rows rows) {
    this.assembly = assembly;
    this.names = names;
    this.rows = rows;
    int count = names.entities().count();
    status = new long[count];
    fromNs = new long[count];
    toNs = new long[count];
  }

  @Override
  public void span(int entity, long newStatus, long newFromNs, long newToNs) {
    if (toNs[entity] > 0 && status[entity] == newStatus && toNs[entity] == newFromNs) {
      toNs[entity] = newToNs;
      return;
    }
    write(entity);
    status[entity] = newStatus;
    fromNs[entity] = newFromNs;
    toNs[entity] = newToNs;
  }

  /// Writes what may no longer grow, when all spans were told.
  void finish() {
    for (int entity = 0; entity < toNs.length; entity++) {
      write(entity);
    }
  }

  private void write(int entity) {
    if (toNs[entity] == 0) {
      return;
    }
    boolean waits = SpanSink.isWait(status[entity]);
    rows.begin(assembly)
        .text(names.of(entity))
        .text(names.kind(entity))
        .number(fromNs[entity])
        .number(toNs[entity])
        .text(word(status[entity]))
        .text(waits ? SpanSink.reason(status[entity]).text() : "")
        .text(waits ? names.entities().path(SpanSink.occupant(status[entity])) : "")
        .end();
  }

  private static String word(long status) {
    if (SpanSink.isRun(status)) {
      return "run";
    }
    if (SpanSink.isBlocked(status)) {
      return "blocked";
    }
    return SpanSink.isUnknown(status) ? "unknown" : "wait";
  }
}
