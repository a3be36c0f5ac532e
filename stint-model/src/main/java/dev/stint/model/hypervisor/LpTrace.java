package dev.stint.model.hypervisor;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import org.jspecify.annotations.Nullable;

/// Writes the hypervisor's events: knows the entity ids of the LPs.
final class LpTrace {
  private final TraceSink sink;
  private final int[] lpIds;
  private @Nullable LpCosts costs;

  LpTrace(TraceSink sink, int[] lpIds) {
    this.sink = sink;
    this.lpIds = lpIds;
  }

  /// From now switches cost time.
  void charge(LpCosts what) {
    costs = what;
  }

  int lpId(int lp) {
    return lpIds[lp];
  }

  void ready(long nowNs, VirtualProcessor vp) {
    sink.event(nowNs, TraceKind.READY, vp.id(), lpIds[vp.lp], Entities.NONE, 0);
  }

  /// The VMM has handled `vp`'s intercept: it waits for an LP again.
  void handled(long nowNs, VirtualProcessor vp) {
    sink.event(nowNs, TraceKind.MOVE, vp.id(), Entities.NONE, lpIds[vp.lp], 0);
  }

  void throttle(long nowNs, VirtualProcessor vp) {
    sink.event(nowNs, TraceKind.THROTTLE, vp.id(), lpIds[vp.lp], vp.throttledBy, 0);
  }

  void unthrottle(long nowNs, VirtualProcessor vp) {
    sink.event(nowNs, TraceKind.UNTHROTTLE, vp.id(), lpIds[vp.lp], 0, 0);
  }

  /// `vp` is about to run on `lp`, if it waited for another.
  void move(long nowNs, VirtualProcessor vp, int lp) {
    if (vp.lp != lp) {
      sink.event(nowNs, TraceKind.MOVE, vp.id(), lpIds[vp.lp], lpIds[lp], 0);
      vp.lp = lp;
    }
  }

  void lpSwitch(long nowNs, int lp, int previous, int next, PreviousState state) {
    sink.event(nowNs, TraceKind.SWITCH, lpIds[lp], previous, next, state.ordinal());
    if (costs != null) {
      costs.switched(nowNs, lp, previous, next);
    }
  }

  void hold(long nowNs, int lp, int holder) {
    sink.event(nowNs, TraceKind.HOLD, lpIds[lp], holder, Entities.NONE, 0);
  }
}
