package dev.stint.report.events;

import dev.stint.model.stats.SpanSink;

/// All spans of a run, folded to a number in the order in which they were told.
final class RunSpans implements SpanSink {
  private long count;
  private long hash = 17;

  @Override
  public void span(int entity, long status, long fromNs, long toNs) {
    count++;
    hash = ((hash * 31 + entity) * 31 + status) * 31 + fromNs;
    hash = hash * 31 + toNs;
  }

  @Override
  public String toString() {
    return count + " spans, " + Long.toHexString(hash);
  }
}
