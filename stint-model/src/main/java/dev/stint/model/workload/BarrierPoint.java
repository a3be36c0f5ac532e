package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Metric;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A barrier: each party computes, then waits until all have; waiters block, or spin and so burn
/// their processor.
final class BarrierPoint {
  private final long longSpinNs;
  private final List<Party> parties = new ArrayList<>();
  private int arrivedCount;
  private long generation;
  private long openedNs;

  /// Spinners notify the layer below after each `longSpinNs` of spinning; never if 0.
  BarrierPoint(long longSpinNs) {
    this.longSpinNs = longSpinNs;
  }

  Program join(long workNs, boolean spin) {
    Party party = new Party(workNs, spin);
    parties.add(party);
    return party;
  }

  private void open(TaskControl last, long nowNs) {
    arrivedCount = 0;
    generation++;
    last.sample(nowNs, Metric.PHASE, nowNs - openedNs);
    openedNs = nowNs;
    for (Party party : parties) {
      TaskControl task = party.control;
      if (task == null || task == last) {
        continue;
      }
      if (party.spin) {
        task.release(nowNs);
      } else {
        task.signal(nowNs, last.id());
      }
    }
  }

  private final class Party implements Program {
    private final long workNs;
    private final boolean spin;
    private @Nullable TaskControl control;
    private boolean working;
    private boolean waiting;
    private boolean spinning;
    private long waitsFor;
    private long spinFromNs;

    Party(long workNs, boolean spin) {
      this.workNs = workNs;
      this.spin = spin;
    }

    @Override
    public void step(TaskControl task, long nowNs) {
      control = task;
      if (working) {
        working = false;
        arrive(task, nowNs);
      }
      if (waiting && generation <= waitsFor) {
        await(task, nowNs);
        return;
      }
      if (waiting) {
        waiting = false;
        spinning = false;
        if (spin) {
          task.sample(nowNs, Metric.SPIN, task.progressNs(nowNs) - spinFromNs);
        }
      }
      working = true;
      task.compute(workNs);
    }

    private void arrive(TaskControl task, long nowNs) {
      if (++arrivedCount == parties.size()) {
        open(task, nowNs);
        return;
      }
      waiting = true;
      waitsFor = generation;
      spinFromNs = task.progressNs(nowNs);
    }

    private void await(TaskControl task, long nowNs) {
      if (!spin) {
        task.block();
        return;
      }
      if (spinning) {
        task.notifyLongSpin(nowNs);
      }
      spinning = longSpinNs > 0;
      task.compute(spinning ? longSpinNs : TaskControl.FOREVER);
    }
  }
}
