package dev.stint.model.hypervisor;

import dev.stint.model.sched.ProcessorUser;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;

/// A tiny guest for one VP: computes bursts of `runNs` with pauses of `sleepNs` between them.
final class Guest implements ProcessorUser {
  static final long FOREVER = Long.MAX_VALUE;

  private final Simulation simulation;
  private final VirtualProcessor vp;
  private final long burstNs;
  private final long pauseNs;
  private final int work;
  private final int alarm;
  private long leftNs;
  private long sinceNs;
  private long ranNs;
  private long burstCount;

  Guest(Simulation simulation, VirtualProcessor vp, long burstNs, long pauseNs) {
    this.simulation = simulation;
    this.vp = vp;
    this.burstNs = burstNs;
    this.pauseNs = pauseNs;
    work = simulation.newTimer(TimerRank.WORK, (nowNs, timer) -> complete(nowNs));
    alarm = simulation.newTimer(TimerRank.SLEEP, (nowNs, timer) -> wake(nowNs));
    vp.processor().attachUser(this);
  }

  /// The first burst is asked for at `startNs`.
  Guest startAt(long startNs) {
    simulation.arm(alarm, startNs);
    return this;
  }

  /// Asks for a burst now, from outside.
  void wake(long nowNs) {
    if (leftNs == 0) {
      leftNs = burstNs;
    }
    vp.processor().interrupt(nowNs);
  }

  long ranNs(long nowNs) {
    return vp.processor().backed() && leftNs > 0 ? ranNs + nowNs - sinceNs : ranNs;
  }

  long burstCount() {
    return burstCount;
  }

  VirtualProcessor vp() {
    return vp;
  }

  @Override
  public void backed(long nowNs) {
    go(nowNs);
  }

  @Override
  public void interrupted(long nowNs) {
    if (!simulation.armed(work)) {
      go(nowNs);
    }
  }

  private void go(long nowNs) {
    sinceNs = nowNs;
    if (leftNs == 0) {
      vp.processor().halt(nowNs);
    } else if (leftNs != FOREVER) {
      simulation.arm(work, nowNs + leftNs);
    }
  }

  @Override
  public void unbacked(long nowNs) {
    if (leftNs > 0) {
      ranNs += nowNs - sinceNs;
    }
    if (simulation.cancel(work)) {
      leftNs -= nowNs - sinceNs;
    }
  }

  private void complete(long nowNs) {
    ranNs += nowNs - sinceNs;
    leftNs = 0;
    burstCount++;
    vp.processor().halt(nowNs);
    if (pauseNs == 0) {
      wake(nowNs);
    } else if (pauseNs != FOREVER) {
      simulation.arm(alarm, nowNs + pauseNs);
    }
  }
}
