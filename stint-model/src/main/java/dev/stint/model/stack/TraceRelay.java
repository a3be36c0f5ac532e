package dev.stint.model.stack;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import org.jspecify.annotations.Nullable;

/// The sink that the parts of a stack are built with; where it leads is said once, when all
/// entities are known.
final class TraceRelay implements TraceSink {
  private @Nullable TraceSink target;

  TraceRelay() {}

  void connect(TraceSink newTarget) {
    Invariant.check(target == null, "a relay is connected once");
    target = newTarget;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    target().event(timeNs, kind, a, b, c, d);
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    target().sample(timeNs, metric, entity, value);
  }

  private TraceSink target() {
    TraceSink sink = target;
    if (sink == null) {
      throw new IllegalStateException("an event before the stack is complete");
    }
    return sink;
  }
}
