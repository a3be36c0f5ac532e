package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Which CPU a waking task is put on: where it was, where its waker is, or an idle one near
/// (`select_task_rq_fair` for a wake-up; facts: linux.md §5.2).
final class WakePlacement {
  private final LinuxKernel kernel;
  private final BitSet scanned = new BitSet();

  WakePlacement(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /// The CPU for `task`, woken on `waker`'s CPU by its running task or by an interrupt; `sync` when
  /// the waking task says that it is about to sleep.
  int select(Task task, Runqueue waker, boolean sync, long nowNs) {
    CpuSet allowed = task.allowed;
    int only = allowed.next(0);
    if (allowed.next(only + 1) < 0) {
      return only;
    }
    int previous = task.runqueue().cpu;
    boolean wide = noteWake(task, waker, nowNs);
    int target = previous;
    if (!wide && allowed.contains(waker.cpu) && waker.cpu != previous) {
      SchedDomain common = commonDomain(waker.cpu, previous);
      if (common != null && affine(common, task, waker, kernel.runqueue(previous), sync, nowNs)) {
        target = waker.cpu;
      }
    }
    int chosen = idleSibling(task, previous, target);
    return allowed.contains(chosen) ? chosen : fallback(allowed, previous);
  }

  private boolean noteWake(Task task, Runqueue waker, long nowNs) {
    Task waking = waker.current();
    WakeHistory wakes = waking == null ? waker.balance.idleWakes : waking.wakes;
    wakes.record(task, kernel.jiffy(nowNs), kernel.config.hz());
    return WakeHistory.wide(
        wakes.flips(), task.wakes.flips(), kernel.smp.domains.cacheSize(waker.cpu));
  }

  private @Nullable SchedDomain commonDomain(int cpu, int other) {
    SchedDomain domain = kernel.smp.domains.lowest(cpu);
    while (domain != null && !domain.span.contains(other)) {
      domain = domain.parent;
    }
    return domain;
  }

  // --- Here or there ---

  /// Whether the wakee should move towards its waker (`wake_affine`).
  boolean affine(
      SchedDomain common, Task task, Runqueue here, Runqueue there, boolean sync, long nowNs) {
    if (CpuLoads.available(here) && kernel.smp.domains.shareCache(here.cpu, there.cpu)) {
      return !CpuLoads.available(there);
    }
    if (sync && here.queuedTaskCount - delayedCount(here) == 1) {
      return true;
    }
    if (CpuLoads.available(there)) {
      return false;
    }
    long loadHere = CpuLoads.load(here);
    Task waking = here.current();
    if (sync && waking != null) {
      long own = QueueLoad.hLoad(waking, nowNs);
      if (own > loadHere) {
        return true;
      }
      loadHere -= own;
    }
    long load = QueueLoad.hLoad(task, nowNs);
    long bias = 100L + (common.level.imbalancePercent - 100) / 2;
    long effectiveHere = (loadHere + load) * 100 * CpuLoads.capacity(there);
    long effectiveThere = (CpuLoads.load(there) - load) * bias * CpuLoads.capacity(here);
    return effectiveHere < effectiveThere + (sync ? 1 : 0);
  }

  private static int delayedCount(Runqueue cpu) {
    return cpu.root.queuedTaskCount - cpu.root.runnableTaskCount;
  }

  // --- An idle CPU ---

  /// An idle CPU that shares the target's cache, or the target (`select_idle_sibling`).
  int idleSibling(Task task, int previous, int target) {
    SchedDomains domains = kernel.smp.domains;
    if (idle(target)) {
      return target;
    }
    boolean previousNear = domains.shareCache(previous, target);
    if (previous != target && previousNear && idle(previous)) {
      return previous;
    }
    int recent = task.recentCpu;
    task.recentCpu = previous;
    if (recent >= 0
        && recent != previous
        && recent != target
        && domains.shareCache(recent, target)
        && idle(recent)
        && task.allowed.contains(recent)) {
      return recent;
    }
    SharedCache cache = domains.cache(target);
    if (cache == null) {
      return target;
    }
    if (domains.smtActive() && !cache.hasIdleCores && previousNear) {
      int sibling = idleThread(task, cache, previous);
      if (sibling >= 0) {
        return sibling;
      }
    }
    int found = scan(task, cache, target);
    return found >= 0 ? found : target;
  }

  private boolean idle(int cpu) {
    return CpuLoads.idleForWakee(kernel.runqueue(cpu));
  }

  /// An idle thread beside `cpu` on its core (`select_idle_smt`), or -1.
  private int idleThread(Task task, SharedCache cache, int cpu) {
    for (int sibling : kernel.smp.domains.siblings(cpu)) {
      if (sibling != cpu
          && task.allowed.contains(sibling)
          && cache.span.contains(sibling)
          && idle(sibling)) {
        return sibling;
      }
    }
    return -1;
  }

  /// Searches the cache's CPUs from the target on: whole idle cores first if there may be one, else
  /// any idle CPU, no further than the scan limit (`select_idle_cpu`); -1 for none.
  private int scan(Task task, SharedCache cache, int target) {
    if (cache.idleScanLimit == 0) {
      return -1;
    }
    return kernel.smp.domains.smtActive() && cache.hasIdleCores
        ? scanCores(task, cache, target)
        : scanThreads(task, cache, target);
  }

  private int scanThreads(Task task, SharedCache cache, int target) {
    int left = cache.idleScanLimit;
    int cpu = target;
    for (int i = 0; i < cache.size; i++) {
      cpu = nextIn(cache.span, cpu);
      if (!task.allowed.contains(cpu)) {
        continue;
      }
      if (left-- <= 0) {
        return -1;
      }
      if (idle(cpu)) {
        return cpu;
      }
    }
    return -1;
  }

  private static int nextIn(CpuSet span, int cpu) {
    int next = span.next(cpu + 1);
    return next >= 0 ? next : span.next(0);
  }

  /// An idle core, else the first idle thread met on the way (`select_idle_core`).
  private int scanCores(Task task, SharedCache cache, int target) {
    scanned.clear();
    int anyIdle = -1;
    int cpu = target;
    for (int i = 0; i < cache.size; i++) {
      cpu = nextIn(cache.span, cpu);
      if (!task.allowed.contains(cpu) || scanned.get(cpu)) {
        continue;
      }
      boolean whole = true;
      for (int sibling : kernel.smp.domains.siblings(cpu)) {
        boolean usable = task.allowed.contains(sibling) && !scanned.get(sibling);
        if (!CpuLoads.available(kernel.runqueue(sibling))) {
          whole = false;
          if (anyIdle >= 0) {
            break;
          }
          if (usable && kernel.runqueue(sibling).onlyIdlePolicy()) {
            anyIdle = sibling;
            break;
          }
        } else if (anyIdle < 0 && usable) {
          anyIdle = sibling;
        }
      }
      if (whole) {
        return cpu;
      }
      for (int sibling : kernel.smp.domains.siblings(cpu)) {
        scanned.set(sibling);
      }
    }
    cache.hasIdleCores = false;
    return anyIdle;
  }

  // --- Not allowed ---

  /// A CPU that the task may use when the chosen one is not: of the same node if there is one
  /// (`select_fallback_rq`).
  int fallback(CpuSet allowed, int previous) {
    for (int cpu = allowed.next(0); cpu >= 0; cpu = allowed.next(cpu + 1)) {
      if (kernel.smp.domains.sameNode(cpu, previous)) {
        return cpu;
      }
    }
    return allowed.next(0);
  }
}
