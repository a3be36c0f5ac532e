package dev.stint.model.stack;

import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.Readiness;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceDigest;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;

/// Where the events of a run go: to its digest, its ledger, who follows readiness (after the
/// ledger, which it reads), and to whoever else asked.
///
/// One class with a field for each, not a chain of [TraceSink#both]: so every call has one target,
/// which the virtual machine can put in its place.
final class RunTrace implements TraceSink {
  private final TraceDigest digest;
  private final Ledger ledger;
  private final Readiness readiness;
  private TraceSink others = TraceSink.NONE;

  RunTrace(TraceDigest digest, Ledger ledger, Readiness readiness) {
    this.digest = digest;
    this.ledger = ledger;
    this.readiness = readiness;
  }

  /// Also tells `sink`, after those that it tells already.
  void add(TraceSink sink) {
    others = others == TraceSink.NONE ? sink : TraceSink.both(others, sink);
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    digest.event(timeNs, kind, a, b, c, d);
    ledger.event(timeNs, kind, a, b, c, d);
    readiness.event(timeNs, kind, a, b, c, d);
    if (others != TraceSink.NONE) {
      others.event(timeNs, kind, a, b, c, d);
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    digest.sample(timeNs, metric, entity, value);
    ledger.sample(timeNs, metric, entity, value);
    readiness.sample(timeNs, metric, entity, value);
    others.sample(timeNs, metric, entity, value);
  }
}
