package dev.stint.model.linux;

import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import dev.stint.model.time.Time;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A group's `cpu.max`: a global pool refilled every period, and a local pool on every CPU that
/// takes slices from it (CFS bandwidth control, `struct cfs_bandwidth`; Turner, Rao, Rao, "CPU
/// bandwidth control for CFS", OLS 2010; facts: linux.md §3).
///
/// A CPU whose local pool is used up asks the global one for what it owes and 5 ms more. When that
/// is empty the queue is throttled at the next pick: each task that is then picked through it parks
/// itself, until a refill pays the debt.
public final class Bandwidth {
  /// `sched_cfs_bandwidth_slice_us`: how much a CPU takes at a time.
  static final long SLICE_NS = 5 * Time.MS;

  /// What a CPU keeps of its local pool when its queue empties.
  static final long KEPT_NS = Time.MS;

  private static final int DEFAULT_PERIOD_US = 100_000;
  private static final long SLACK_DELAY_NS = 5 * Time.MS;
  private static final long SLACK_MARGIN_NS = 2 * Time.MS;

  private final LinuxKernel kernel;
  private final TaskGroup group;
  private final @Nullable Quota quota;
  private final int rule;
  private final long phaseNs;
  private final ArrayDeque<FairQueue> throttledQueues = new ArrayDeque<>();
  private final int periodTimer;
  private final int slackTimer;
  private @Nullable Runqueue home;

  private long runtimeNs;
  private long runtimeSnapshotNs;
  private long nextPeriodNs;
  private boolean idle;
  private boolean periodActive;
  private boolean slackStarted;
  private boolean periodExpired;
  private boolean slackExpired;

  private long usedNs;
  private long longestChargeNs;
  private long periodCount;
  private long throttledPeriodCount;
  private long throttledNs;
  private long burstCount;
  private long burstNs;

  Bandwidth(LinuxKernel kernel, TaskGroup group, Optional<Quota> quota) {
    this.kernel = kernel;
    this.group = group;
    this.quota = quota.orElse(null);
    Simulation simulation = kernel.simulation;
    if (this.quota == null) {
      periodTimer = -1;
      slackTimer = -1;
      rule = -1;
      phaseNs = 0;
      return;
    }
    rule = kernel.quotaRule(group);
    long period = this.quota.periodNs();
    phaseNs =
        this.quota.phaseNs().isPresent()
            ? this.quota.phaseNs().getAsLong() % period
            : simulation.random().stream("bandwidth-phase/" + group).nextBelow(period);
    periodTimer = simulation.newTimer(TimerRank.BANDWIDTH, (now, _) -> expired(now, true));
    slackTimer = simulation.newTimer(TimerRank.BANDWIDTH, (now, _) -> expired(now, false));
    runtimeNs = this.quota.quotaNs();
    runtimeSnapshotNs = runtimeNs;
  }

  /// Active periods so far: `nr_periods`.
  public long periodCount() {
    return periodCount;
  }

  /// Periods at whose end some CPU's queue was throttled: `nr_throttled`.
  public long throttledPeriodCount() {
    return throttledPeriodCount;
  }

  /// Time that queues were throttled with a parked task, summed over CPUs: `throttled_usec` in
  /// nanoseconds.
  public long throttledNs() {
    return throttledNs;
  }

  /// Periods that used more than the quota, out of saved burst: `nr_bursts`.
  public long burstCount() {
    return burstCount;
  }

  /// Run time beyond the quota in those periods.
  public long burstNs() {
    return burstNs;
  }

  /// What `cpu.max` reads: quota and period in microseconds.
  String maxText() {
    Quota limit = quota;
    return limit == null
        ? "max " + DEFAULT_PERIOD_US
        : limit.quotaNs() / 1000 + " " + limit.periodNs() / 1000;
  }

  /// What `cpu.max.burst` reads, in nanoseconds.
  long burstLimitNs() {
    Quota limit = quota;
    return limit == null ? 0 : limit.burstNs();
  }

  boolean limited() {
    return quota != null;
  }

  /// The entity that names this limit in the trace.
  int rule() {
    return rule;
  }

  // --- Local pools ---

  /// Takes `deltaNs` of run time from a queue's local pool (`account_cfs_rq_runtime`).
  void charge(FairQueue queue, long deltaNs, long nowNs) {
    if (quota == null) {
      return;
    }
    queue.runtimeRemainingNs -= deltaNs;
    usedNs += deltaNs;
    longestChargeNs = Math.max(longestChargeNs, deltaNs);
    if (queue.runtimeRemainingNs > 0 || queue.throttled) {
      return;
    }
    if (!assign(queue, SLICE_NS, nowNs) && queue.current != null) {
      queue.runqueue.requestReschedule();
    }
  }

  /// Fills a local pool up to `targetNs` as far as the global pool reaches
  /// (`assign_cfs_rq_runtime`).
  private boolean assign(FairQueue queue, long targetNs, long nowNs) {
    long wanted = targetNs - queue.runtimeRemainingNs;
    startPeriod(queue.runqueue, nowNs);
    long amount = Math.min(runtimeNs, wanted);
    if (amount > 0) {
      runtimeNs -= amount;
      idle = false;
      queue.runtimeRemainingNs += amount;
    }
    return queue.runtimeRemainingNs > 0;
  }

  /// Whether tasks may not be run through `queue`: out of run time, also after a last try
  /// (`check_cfs_rq_runtime`).
  boolean check(FairQueue queue, long nowNs) {
    if (quota == null || queue.runtimeRemainingNs > 0) {
      return false;
    }
    return queue.throttled || throttle(queue, nowNs);
  }

  /// A queue gets its first entity: it may be throttled at once (`check_enqueue_throttle`).
  void checkEnqueue(FairQueue queue, long nowNs) {
    if (quota == null || queue.current != null || queue.throttled) {
      return;
    }
    charge(queue, 0, nowNs);
    if (queue.runtimeRemainingNs <= 0) {
      throttle(queue, nowNs);
    }
  }

  /// A queue's last entity has left: all but 1 ms goes back to the global pool
  /// (`return_cfs_rq_runtime`).
  void returnRuntime(FairQueue queue, long nowNs) {
    if (quota == null || queue.queuedCount > 0) {
      return;
    }
    long spare = queue.runtimeRemainingNs - KEPT_NS;
    if (spare <= 0) {
      return;
    }
    runtimeNs += spare;
    queue.runtimeRemainingNs -= spare;
    if (runtimeNs > SLICE_NS && !throttledQueues.isEmpty()) {
      startSlack(nowNs);
    }
  }

  // --- Throttling ---

  private boolean throttle(FairQueue queue, long nowNs) {
    if (assign(queue, 1, nowNs)) {
      return false;
    }
    throttledQueues.addLast(queue);
    queue.throttled = true;
    kernel.changeThrottleCount(group, queue.runqueue.cpu, 1, nowNs);
    return true;
  }

  /// A task parked below `queue`: its throttled time starts (`record_throttle_clock`).
  static void recordParked(FairQueue queue, long nowNs) {
    if (queue.throttled && queue.throttledSinceNs < 0) {
      queue.throttledSinceNs = nowNs;
    }
  }

  /// Releases a queue whose debt is paid (`unthrottle_cfs_rq`).
  void unthrottle(FairQueue queue, long nowNs) {
    queue.unthrottlePending = false;
    if (!queue.throttled || queue.runtimeRemainingNs <= 0) {
      return;
    }
    queue.throttled = false;
    if (queue.throttledSinceNs >= 0) {
      throttledNs += nowNs - queue.throttledSinceNs;
      queue.throttledSinceNs = -1;
    }
    throttledQueues.remove(queue);
    kernel.changeThrottleCount(group, queue.runqueue.cpu, -1, nowNs);
    queue.runqueue.rescheduleIfIdle();
  }

  /// Pays debts from the global pool, first throttled first served (`distribute_cfs_runtime`).
  private void distribute(long nowNs) {
    FairQueue local = null;
    for (FairQueue queue : throttledQueues.toArray(FairQueue[]::new)) {
      if (runtimeNs <= 0) {
        break;
      }
      if (queue.unthrottlePending || queue.runtimeRemainingNs > 0) {
        continue;
      }
      long amount = Math.min(runtimeNs, 1 - queue.runtimeRemainingNs);
      runtimeNs -= amount;
      queue.runtimeRemainingNs += amount;
      if (queue.runtimeRemainingNs <= 0) {
        continue;
      }
      if (queue.runqueue == home) {
        local = queue;
      } else {
        queue.unthrottlePending = true;
        queue.runqueue.unthrottleRemotely(queue, nowNs);
      }
    }
    if (local != null) {
      unthrottle(local, nowNs);
    }
  }

  // --- Timers ---

  private void startPeriod(Runqueue runqueue, long nowNs) {
    if (periodActive) {
      return;
    }
    periodActive = true;
    home = runqueue;
    armPeriod(nowNs);
  }

  private void armPeriod(long nowNs) {
    nextPeriodNs = nextBoundaryNs(nowNs);
    kernel.simulation.arm(periodTimer, nextPeriodNs);
  }

  private long nextBoundaryNs(long nowNs) {
    long period = requireQuota().periodNs();
    return Math.floorDiv(nowNs - phaseNs, period) * period + period + phaseNs;
  }

  /// A timer of this group expired: it is an interrupt of the CPU that armed it.
  private void expired(long nowNs, boolean isPeriod) {
    if (isPeriod) {
      periodExpired = true;
    } else {
      slackExpired = true;
    }
    Runqueue target = home;
    if (target != null) {
      target.bandwidthTimerExpired(this, nowNs);
    }
  }

  /// The interrupt of an expired timer is delivered, perhaps late.
  void timersDelivered(long nowNs) {
    if (periodExpired) {
      periodExpired = false;
      period(nowNs);
    }
    if (slackExpired) {
      slackExpired = false;
      slack(nowNs);
    }
  }

  private void period(long nowNs) {
    Quota limit = requireQuota();
    long elapsed = 1 + (nowNs - nextPeriodNs) / limit.periodNs();
    boolean anyThrottled = !throttledQueues.isEmpty();
    periodCount += elapsed;
    refill(limit);
    if (idle && !anyThrottled) {
      periodActive = false;
      return;
    }
    if (!anyThrottled) {
      idle = true;
    } else {
      throttledPeriodCount += elapsed;
      distribute(nowNs);
      idle = false;
    }
    armPeriod(nowNs);
  }

  private void refill(Quota limit) {
    long used = runtimeSnapshotNs - runtimeNs;
    if (used > limit.quotaNs()) {
      burstNs += used - limit.quotaNs();
      burstCount++;
    }
    runtimeNs = Math.min(runtimeNs + limit.quotaNs(), limit.quotaNs() + limit.burstNs());
    runtimeSnapshotNs = runtimeNs;
  }

  private void startSlack(long nowNs) {
    if (refillWithin(nowNs, SLACK_DELAY_NS + SLACK_MARGIN_NS) || slackStarted) {
      return;
    }
    slackStarted = true;
    kernel.simulation.arm(slackTimer, nowNs + SLACK_DELAY_NS);
  }

  private void slack(long nowNs) {
    slackStarted = false;
    if (!refillWithin(nowNs, SLACK_MARGIN_NS) && runtimeNs > SLICE_NS) {
      distribute(nowNs);
    }
  }

  private boolean refillWithin(long nowNs, long ns) {
    return periodExpired || kernel.simulation.expiryNs(periodTimer) <= nowNs + ns;
  }

  /// Use stays below quota x periods + burst + what the CPUs may hold locally or overrun by: a
  /// slice and the longest stretch between two charges (a tick, or more where the CPU was
  /// unbacked).
  void audit() {
    if (quota == null) {
      return;
    }
    long periods = 2 + kernel.simulation.nowNs() / quota.periodNs();
    long overrun = kernel.cpuCount() * (SLICE_NS + longestChargeNs);
    long bound = quota.quotaNs() * periods + quota.burstNs() + overrun;
    Invariant.check(usedNs <= bound, "a group keeps to its quota", usedNs, bound);
  }

  private Quota requireQuota() {
    Quota limit = quota;
    if (limit == null) {
      throw new IllegalStateException(group + " has no quota");
    }
    return limit;
  }
}
