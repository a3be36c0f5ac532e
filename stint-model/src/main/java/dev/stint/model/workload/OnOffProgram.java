package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;

/// Computes during the first `on` of every cycle of wall time, sleeps for the rest of it.
final class OnOffProgram implements Program {
  private final WorkloadSpec.OnOff spec;
  private final Simulation simulation;
  private int timer = -1;

  OnOffProgram(WorkloadSpec.OnOff spec, Simulation simulation) {
    this.spec = spec;
    this.simulation = simulation;
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    if (timer < 0) {
      timer = simulation.newTimer(TimerRank.DEVICE, (now, _) -> task.release(now));
    }
    long cycle = spec.onNs() + spec.offNs();
    long into = Math.floorMod(nowNs - spec.phaseNs(), cycle);
    if (nowNs < spec.phaseNs() || into >= spec.onNs()) {
      task.sleepUntil(nowNs < spec.phaseNs() ? spec.phaseNs() : nowNs + cycle - into);
      return;
    }
    simulation.arm(timer, nowNs + spec.onNs() - into);
    task.compute(TaskControl.FOREVER);
  }
}
