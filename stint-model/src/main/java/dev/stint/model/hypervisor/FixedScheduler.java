package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.Deferred;
import dev.stint.model.sim.Simulation;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.PreviousState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The root scheduler's hypervisor side: VP i of the root partition holds the i-th of its LPs from
/// the start and for ever. All else is up to the root partition's Linux.
///
/// A root VP that halts leaves its LP idle and keeps it: it is never waited for.
final class FixedScheduler implements HypervisorScheduler, Deferred {
  private final Simulation simulation;
  private final LpTrace trace;
  private final int start;
  private final List<VirtualProcessor> waiting = new ArrayList<>();
  private final List<VirtualProcessor> running = new ArrayList<>();

  FixedScheduler(Simulation simulation, LpTrace trace) {
    this.simulation = simulation;
    this.trace = trace;
    start = simulation.newDeferred(this);
  }

  @Override
  public Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore) {
    return request.vpCount() == lps.count()
        ? Optional.empty()
        : Optional.of("a root partition has one VP per LP");
  }

  @Override
  public void add(Partition partition) {
    int lp = -1;
    for (VirtualProcessor vp : partition.vps()) {
      lp = partition.lps().next(lp + 1);
      vp.lp = lp;
      vp.processor().attachSupplier(new Holder(vp));
      waiting.add(vp);
    }
    simulation.defer(start);
  }

  @Override
  public void runDeferred(long nowNs) {
    List<VirtualProcessor> starting = List.copyOf(waiting);
    waiting.clear();
    for (VirtualProcessor vp : starting) {
      vp.state = VirtualProcessor.State.RUNNING;
      running.add(vp);
      if (!vp.processor().halted()) {
        occupy(vp, nowNs);
      }
      vp.processor().back(nowNs);
    }
  }

  private void occupy(VirtualProcessor vp, long nowNs) {
    trace.ready(nowNs, vp);
    trace.lpSwitch(nowNs, vp.lp, Entities.NONE, vp.id(), PreviousState.NONE);
  }

  /// A root VP's side of the contract: only the trace learns that it idles.
  private final class Holder implements ProcessorSupplier {
    private final VirtualProcessor vp;

    Holder(VirtualProcessor vp) {
      this.vp = vp;
    }

    @Override
    public void halted(long nowNs) {
      trace.lpSwitch(nowNs, vp.lp, vp.id(), Entities.NONE, PreviousState.BLOCKED);
    }

    @Override
    public void unhalted(long nowNs) {
      if (vp.processor().backed()) {
        occupy(vp, nowNs);
      }
    }
  }

  @Override
  public void checkInvariants(long nowNs) {
    for (VirtualProcessor vp : running) {
      Invariant.check(vp.processor().backed(), "a root VP always holds its LP", vp.id());
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (VirtualProcessor vp : running) {
      text.append("LP ").append(vp.lp).append(": ").append(vp).append('\n');
    }
    return text.toString();
  }
}
