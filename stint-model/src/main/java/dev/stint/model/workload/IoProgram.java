package dev.stint.model.workload;

import dev.stint.model.sched.Intercept;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;

/// Computes, then touches a device that the VMM emulates: the VP stops until the VMM has handled
/// it. Where the device takes time, the task then blocks until its interrupt.
final class IoProgram implements Program, Intercept {
  private enum Phase {
    START,
    WORK,
    ACCESS,
    DEVICE
  }

  private final WorkloadSpec.Io spec;
  private final Simulation simulation;
  private Phase phase = Phase.START;
  private int timer = -1;
  private boolean completed = true;
  private long accessNs;

  IoProgram(WorkloadSpec.Io spec, Simulation simulation) {
    this.spec = spec;
    this.simulation = simulation;
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    switch (phase) {
      case START -> {
        timer = simulation.newTimer(TimerRank.DEVICE, (now, _) -> complete(task, now));
        work(task);
      }
      case WORK -> {
        phase = Phase.ACCESS;
        accessNs = nowNs;
        task.intercept(this);
      }
      case ACCESS, DEVICE -> {
        if (completed) {
          task.sample(nowNs, Metric.RESPONSE, nowNs - accessNs);
          work(task);
        } else {
          phase = Phase.DEVICE;
          task.block();
        }
      }
    }
  }

  private void work(TaskControl task) {
    phase = Phase.WORK;
    task.compute(spec.everyNs());
  }

  @Override
  public long handlingNs() {
    return spec.handlingNs();
  }

  @Override
  public void handled(long nowNs) {
    if (spec.deviceNs() > 0) {
      completed = false;
      simulation.arm(timer, nowNs + spec.deviceNs());
    }
  }

  /// The VMM asserts the device's interrupt.
  private void complete(TaskControl task, long nowNs) {
    completed = true;
    task.signal(nowNs, Entities.NONE);
  }
}
