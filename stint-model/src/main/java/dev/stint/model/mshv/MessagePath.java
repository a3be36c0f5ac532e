package dev.stint.model.mshv;

import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// The way of the hypervisor's messages about one VP to its parent's driver: one message at a time,
/// which takes as long as `latencyNs` says.
final class MessagePath {
  private final Simulation simulation;
  private final LongSupplier latencyNs;
  private final LongConsumer arrives;
  private final int timer;

  MessagePath(Simulation simulation, LongSupplier latencyNs, LongConsumer arrives) {
    this.simulation = simulation;
    this.latencyNs = latencyNs;
    this.arrives = arrives;
    timer = simulation.newTimer(TimerRank.DEVICE, (nowNs, _) -> arrives.accept(nowNs));
  }

  /// A message leaves.
  void send(long nowNs) {
    long ns = latencyNs.getAsLong();
    if (ns == 0) {
      arrives.accept(nowNs);
    } else {
      simulation.arm(timer, nowNs + ns);
    }
  }
}
