package dev.stint.model.linux;

import dev.stint.model.sched.CacheRefill;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.CostSource;
import dev.stint.model.sched.Costs;
import dev.stint.model.sched.Processor;
import dev.stint.model.trace.CostKind;
import org.jspecify.annotations.Nullable;

/// What one Linux's scheduling costs: switches with the caches that they cool, ticks, interrupts
/// between CPUs (docs/models/costs.md).
final class SwitchCosts {
  /// Nothing costs anything: shared by all kernels of which that holds.
  private static final SwitchCosts FREE = new SwitchCosts();

  private final boolean free;
  private final CpuTopology topology;
  private final CostSource contextSwitch;
  private final CostSource tick;
  private final CostSource ipi;
  private final CostSource migration;
  private final CostSource regain;
  private final CostSource intercept;
  private final CostSource dispatch;
  private final CostSource[] flushes;
  private final CacheRefill refill;

  /// How long tasks have run on each CPU.
  private final long[] usedNs;

  /// The costs of a kernel's scheduling.
  static SwitchCosts of(LinuxKernel kernel, Costs costs) {
    return costs.times().isEmpty() ? FREE : new SwitchCosts(kernel, costs);
  }

  private SwitchCosts() {
    free = true;
    topology = CpuTopology.ofCaches(new int[0]);
    usedNs = new long[0];
    contextSwitch = CostSource.FREE;
    tick = CostSource.FREE;
    ipi = CostSource.FREE;
    migration = CostSource.FREE;
    regain = CostSource.FREE;
    intercept = CostSource.FREE;
    dispatch = CostSource.FREE;
    flushes = new CostSource[0];
    refill = CacheRefill.FREE;
  }

  private SwitchCosts(LinuxKernel kernel, Costs costs) {
    free = false;
    topology = kernel.smp.domains.topology;
    usedNs = new long[kernel.cpuCount()];
    contextSwitch = source(kernel, costs, CostParameter.CONTEXT_SWITCH);
    tick = source(kernel, costs, CostParameter.TICK);
    ipi = source(kernel, costs, CostParameter.IPI);
    migration = source(kernel, costs, CostParameter.MIGRATION);
    regain = source(kernel, costs, CostParameter.PARENT_REGAIN);
    intercept = source(kernel, costs, CostParameter.INTERCEPT);
    dispatch = source(kernel, costs, CostParameter.DISPATCH);
    flushes =
        new CostSource[] {
          source(kernel, costs, CostParameter.FLUSH_VP),
          source(kernel, costs, CostParameter.FLUSH_CALLER),
          source(kernel, costs, CostParameter.FLUSH_CALLER_USER)
        };
    refill = new CacheRefill(kernel.simulation, costs, kernel.path());
  }

  private static CostSource source(LinuxKernel kernel, Costs costs, CostParameter parameter) {
    return CostSource.of(kernel.simulation, costs, parameter, kernel.path());
  }

  /// A CPU passes from `previous`, which has stopped, to `next`, whose `lastCpu` is still the one
  /// before.
  void switched(Runqueue cpu, @Nullable Task previous, @Nullable Task next, long nowNs) {
    if (free) {
      return;
    }
    if (previous != null) {
      usedNs[cpu.cpu] += previous.progress.heldNs - previous.progress.heldAtSwitchNs;
      previous.progress.cpuUsedAtLeaveNs = usedNs[cpu.cpu];
    }
    if (next == null) {
      return;
    }
    Progress progress = next.progress;
    progress.heldAtSwitchNs = progress.heldNs;
    progress.owe(CostKind.CONTEXT_SWITCH, contextSwitch.nextNs());
    if (previous != null && previous.carries()) {
      progress.owe(CostKind.PARENT_REGAIN, regain.nextNs());
    }
    if (next.lastCpu == cpu.cpu) {
      progress.owe(
          CostKind.CACHE_REFILL, refill.cooledNs(usedNs[cpu.cpu] - progress.cpuUsedAtLeaveNs));
    } else if (next.lastCpu >= 0) {
      progress.owe(CostKind.MIGRATION, migration.nextNs());
      progress.owe(CostKind.CACHE_REFILL, movedNs(next.lastCpu, cpu.cpu));
    }
  }

  private long movedNs(int from, int to) {
    if (topology.coreOf()[from] == topology.coreOf()[to]) {
      return 0;
    }
    return refill.movedNs(topology.cacheOf()[from] == topology.cacheOf()[to]);
  }

  /// A vCPU thread is about to run its guest's VP, whose task will pay. The driver sets none of the
  /// flags that skip a flush (facts: hyperv.md §2.1).
  void dispatched(Processor vp, long nowNs) {
    if (free) {
      return;
    }
    vp.owe(nowNs, CostKind.DISPATCH, dispatch.nextNs());
    for (CostSource flush : flushes) {
      vp.owe(nowNs, CostKind.SPECULATION_FLUSH, flush.nextNs());
    }
  }

  /// A busy CPU's tick; one that comes while a guest's VP runs ends that dispatch, and another
  /// begins.
  void ticked(Runqueue cpu, Task task, long nowNs) {
    if (free) {
      return;
    }
    cpu.processor.owe(nowNs, CostKind.TICK, tick.nextNs());
    if (task.carries()) {
      cpu.processor.owe(nowNs, CostKind.PARENT_REGAIN, regain.nextNs());
      dispatched(task.requireCarried(), nowNs);
    }
  }

  /// The VMM has completed what a task did: on its way back it pays for the way there too.
  void intercepted(Progress progress) {
    if (!free) {
      progress.owe(CostKind.INTERCEPT, intercept.nextNs());
    }
  }

  /// Another CPU asks this one to reschedule.
  void asked(Runqueue cpu, long nowNs) {
    if (!free) {
      cpu.processor.owe(nowNs, CostKind.IPI, ipi.nextNs());
    }
  }
}
