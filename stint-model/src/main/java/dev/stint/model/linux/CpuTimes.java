package dev.stint.model.linux;

/// Where one CPU's time went as its kernel sees it: by sampling at the tick
/// (`CONFIG_TICK_CPU_ACCOUNTING`, `account_process_tick`; facts: linux.md §7.2). A tick's whole
/// length goes to what it interrupts; stolen time, if the kernel has a steal clock, comes first;
/// idle time is measured from stamps.
final class CpuTimes {
  private final Runqueue runqueue;
  private final boolean stealClock;
  private final long tickNs;

  private long userNs;
  private long niceNs;
  private long systemNs;
  private long stealNs;
  private long idleNs;
  private long idleSinceNs;
  private boolean idle = true;
  private long switchCount;
  private long tickCount;

  CpuTimes(Runqueue runqueue, LinuxConfig config) {
    this.runqueue = runqueue;
    stealClock = config.stealClock();
    tickNs = config.tickNs();
  }

  /// The tick is handled and interrupts `task`.
  void tick(Task task, long nowNs) {
    tickCount++;
    long leftNs = tickNs;
    if (stealClock) {
      long newNs = runqueue.processor.deniedNs(nowNs) - stealNs;
      stealNs += newNs;
      leftNs -= newNs;
      if (leftNs <= 0) {
        return;
      }
    }
    boolean nice = task.niced();
    if (task.inKernel()) {
      systemNs += leftNs;
    } else if (nice) {
      niceNs += leftNs;
    } else {
      userNs += leftNs;
    }
    task.accounting.sampled(leftNs, task.inKernel());
    for (TaskGroup group = task.group; group != null; group = group.parent()) {
      group.times.sampled(leftNs, task.inKernel(), nice);
    }
  }

  /// The CPU passes to another task, or to none.
  void switched(boolean toIdle, long nowNs) {
    switchCount++;
    if (idle && !toIdle) {
      idleNs += nowNs - idleSinceNs;
    } else if (toIdle) {
      idleSinceNs = nowNs;
    }
    idle = toIdle;
  }

  long userNs() {
    return userNs;
  }

  long niceNs() {
    return niceNs;
  }

  long systemNs() {
    return systemNs;
  }

  long stealNs() {
    return stealNs;
  }

  /// Up to now, in whole microseconds as the tickless code keeps it (`get_cpu_idle_time_us`).
  long idleNs(long nowNs) {
    long exact = idle ? idleNs + nowNs - idleSinceNs : idleNs;
    return exact / 1000 * 1000;
  }

  long switchCount() {
    return switchCount;
  }

  /// Ticks handled; a late one counts once, however many it stands for.
  long tickCount() {
    return tickCount;
  }
}
