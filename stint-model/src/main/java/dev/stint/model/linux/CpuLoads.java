package dev.stint.model.linux;

/// How busy a CPU is, as placement and balancing read it (`cpu_load`, `cpu_util_cfs`,
/// `cpu_runnable`, `capacity_of`; facts: linux.md §4, §5).
final class CpuLoads {
  /// The capacity of a CPU with nothing but fair tasks (`SCHED_CAPACITY_SCALE`).
  static final long FULL = StolenLoad.CAPACITY;

  private CpuLoads() {}

  static long load(Runqueue cpu) {
    return cpu.root.average.loadAvg;
  }

  /// Utilisation: what ran, or what is expected of the tasks queued, if that is more.
  static long util(Runqueue cpu) {
    LoadAverage average = cpu.root.average;
    return Math.min(FULL, Math.max(average.utilAvg, average.utilEst));
  }

  /// Utilisation, waiting counted too (`cpu_util_cfs_boost`).
  static long boostedUtil(Runqueue cpu) {
    return Math.min(FULL, Math.max(util(cpu), cpu.root.average.runnableAvg));
  }

  static long runnable(Runqueue cpu) {
    return cpu.root.average.runnableAvg;
  }

  static long capacity(Runqueue cpu) {
    return cpu.stolen.capacity(cpu.kernel.simulation.nowNs());
  }

  /// Stolen time leaves the CPU clearly less than it has (`check_cpu_capacity`).
  static boolean reducedCapacity(Runqueue cpu, SchedDomain domain) {
    return capacity(cpu) * domain.level.imbalancePercent < FULL * 100;
  }

  /// Idle, and not about to be given work (`idle_cpu`).
  static boolean idle(Runqueue cpu) {
    return cpu.idle();
  }

  /// Idle and able to start at once (`available_idle_cpu`): a guest with a steal clock also sees
  /// that a virtual CPU waits for its host (`vcpu_is_preempted`).
  static boolean available(Runqueue cpu) {
    return cpu.idle()
        && !(cpu.kernel.config.stealClock() && !cpu.processor.backed() && !cpu.processor.halted());
  }

  /// Available, or with nothing but SCHED_IDLE work: what a wake-up looks for.
  static boolean idleForWakee(Runqueue cpu) {
    return available(cpu) || cpu.onlyIdlePolicy();
  }
}
