package dev.stint.report.events;

import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.time.BrokenInvariant;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.Locale;

/// A ledger of events that may contradict one another, as those of a changed file do: it then says
/// so, and when.
final class GuardedLedger implements TraceSink {
  private final String file;
  private final Ledger ledger;
  private long events;

  GuardedLedger(String file, RecordedRun run, SpanSink spans) {
    this.file = file;
    ledger = new Ledger(run.entities(), spans);
    run.threadOfVp().forEach(ledger::carrier);
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    events++;
    try {
      ledger.event(timeNs, kind, a, b, c, d);
    } catch (BrokenInvariant | IndexOutOfBoundsException | ArithmeticException e) {
      throw contradiction(timeNs, kind.toString(), e);
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    events++;
    try {
      ledger.sample(timeNs, metric, entity, value);
    } catch (BrokenInvariant | IndexOutOfBoundsException | ArithmeticException e) {
      throw contradiction(timeNs, metric.jsonName(), e);
    }
  }

  Ledger finish(long endNs) {
    try {
      ledger.finish(endNs);
    } catch (BrokenInvariant | ArithmeticException e) {
      throw contradiction(endNs, "the end", e);
    }
    return ledger;
  }

  private EventFileFault contradiction(long timeNs, String what, RuntimeException e) {
    return new EventFileFault(
        String.format(Locale.ROOT, "%s: event %d at %d ns", file, events, timeNs),
        what + " contradicts what went before: " + e.getMessage() + ". The file is damaged.",
        e);
  }
}
