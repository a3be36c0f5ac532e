package dev.stint.model.linux;

import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import dev.stint.model.time.Time;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
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

  private static final int NO_RULE = -1;
  private static final FairQueue[] NO_QUEUES = {};

  /// The period of a group that never had another.
  static final long DEFAULT_PERIOD_NS = 100 * Time.MS;

  private static final long SLACK_DELAY_NS = 5 * Time.MS;
  private static final long SLACK_MARGIN_NS = 2 * Time.MS;

  private final LinuxKernel kernel;
  private final TaskGroup group;
  private @Nullable Quota quota;
  private int rule = NO_RULE;
  private final ArrayDeque<FairQueue> throttledQueues = new ArrayDeque<>(0);

  /// Memory of [#distribute], which others may change the throttled queues under.
  private FairQueue[] spareQueues = NO_QUEUES;

  private int periodTimer;
  private int slackTimer;
  private @Nullable Runqueue home;

  private long runtimeNs;
  private long runtimeSnapshotNs;

  /// When the period timer expires, or last expired or would have while it is stopped.
  private long expiryNs;

  private boolean idle;
  private boolean periodActive;
  private boolean slackStarted;
  private boolean periodExpired;
  private boolean slackExpired;

  private long configuredAtNs;
  private long grantedNs;
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
    quota.ifPresent(limit -> {
      prepare(limit.phaseNs(), limit.periodNs());
      this.quota = limit;
      boolean settled = kernel.config.settled();
      runtimeNs = limit.quotaNs() + (settled ? limit.burstNs() : 0);
      runtimeSnapshotNs = runtimeNs;
      if (settled) { // periods ended without use until one stopped the timer
        group.allQueues().forEach(queue -> queue.runtimeRemainingNs = KEPT_NS);
      } else {
        startPeriod(kernel.runqueue(Math.max(0, group.cpus().next(0))), kernel.simulation.nowNs());
      }
    });
  }

  /// Makes what a limit needs: its name in the trace, its timers, and the phase of its periods.
  void prepare(OptionalLong phaseNs, long periodNs) {
    if (limitable()) {
      return;
    }
    rule = kernel.quotaRule(group);
    Simulation simulation = kernel.simulation;
    expiryNs =
        phaseNs.isPresent()
            ? phaseNs.getAsLong() % periodNs
            : simulation.random().stream("bandwidth-phase/" + group).nextBelow(periodNs);
    periodTimer = simulation.newTimer(TimerRank.BANDWIDTH, (now, _) -> expired(now, true));
    slackTimer = simulation.newTimer(TimerRank.BANDWIDTH, (now, _) -> expired(now, false));
  }

  /// Whether a limit has been prepared for.
  boolean limitable() {
    return rule != NO_RULE;
  }

  /// Writes `cpu.max` and `cpu.max.burst` (`tg_set_cfs_bandwidth`): adds a quota to the pool,
  /// starts the periods and releases what was throttled. A write gives run time: writing the same
  /// value again and again lifts the limit.
  void configure(Optional<Quota> to, Runqueue writer, long nowNs) {
    quota = to.orElse(null);
    Quota limit = quota;
    if (limit != null) {
      refill(limit);
      startPeriod(writer, nowNs);
    }
    for (FairQueue queue : group.allQueues()) {
      queue.runtimeRemainingNs = 1;
      if (queue.throttled && !queue.unthrottlePending) {
        queue.unthrottlePending = true;
        queue.runqueue.unthrottleRemotely(queue, nowNs);
      }
    }
    configuredAtNs = nowNs;
    grantedNs = runtimeNs;
    usedNs = 0;
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

  /// When periods begin, modulo the period.
  public long phaseNs() {
    return expiryNs % (quota == null ? DEFAULT_PERIOD_NS : quota.periodNs());
  }

  /// The limit in force.
  public Optional<Quota> quota() {
    return Optional.ofNullable(quota);
  }

  /// What `cpu.max` reads: quota and period in microseconds.
  String maxText() {
    Quota limit = quota;
    return limit == null
        ? "max " + DEFAULT_PERIOD_NS / 1000
        : limit.quotaNs() / 1000 + " " + limit.periodNs() / 1000;
  }

  /// What `cpu.max.burst` reads, in nanoseconds.
  long burstLimitNs() {
    Quota limit = quota;
    return limit == null ? 0 : limit.burstNs();
  }

  /// What is in the global pool.
  long runtimeNs() {
    return runtimeNs;
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
    queue.unstoppedChargeNs += deltaNs;
    longestChargeNs = Math.max(longestChargeNs, queue.unstoppedChargeNs);
    if (queue.runqueue.processor.backed()) {
      queue.unstoppedChargeNs = 0;
    }
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
    if (kernel.groupThrottle != null) {
      kernel.groupThrottle.detach(queue, nowNs);
    }
    return true;
  }

  // --- Throttled clocks ---

  /// A task parked in or below a throttled queue: its throttled time starts
  /// (`record_throttle_clock`).
  static void recordParked(FairQueue queue, long nowNs) {
    if (queue.throttleCount == 0) {
      return;
    }
    if (queue.throttled && queue.throttledSinceNs < 0) {
      queue.throttledSinceNs = nowNs;
    }
    if (queue.throttledHierarchySinceNs < 0) {
      queue.throttledHierarchySinceNs = nowNs;
    }
  }

  /// A group that leaves as a whole counts from the throttling on, if it has entities.
  static void recordQueued(FairQueue queue, long nowNs) {
    if (queue.queuedCount > 0) {
      recordParked(queue, nowNs);
    }
  }

  /// An empty queue gets its first entity: where groups leave as a whole, it counts from now.
  static void recordFirst(FairQueue queue, long nowNs) {
    if (queue.runqueue.kernel.groupThrottle != null) {
      recordParked(queue, nowNs);
    }
  }

  /// Neither this queue nor one above is throttled any more.
  static void endThrottled(FairQueue queue, long nowNs) {
    if (queue.throttledHierarchySinceNs >= 0) {
      queue.throttledHierarchyNs += nowNs - queue.throttledHierarchySinceNs;
      queue.throttledHierarchySinceNs = -1;
    }
  }

  /// Takes away what a queue and the pool hold, because a recording shows the queue throttled;
  /// returns how much it was.
  long exhaust(FairQueue queue) {
    long held = Math.max(0, queue.runtimeRemainingNs) + runtimeNs;
    queue.runtimeRemainingNs = Math.min(0, queue.runtimeRemainingNs);
    runtimeNs = 0;
    return held;
  }

  /// Releases a queue whose debt is paid (`unthrottle_cfs_rq`).
  void unthrottle(FairQueue queue, long nowNs) {
    queue.unthrottlePending = false;
    if (!queue.throttled || (limited() && queue.runtimeRemainingNs <= 0)) {
      return;
    }
    queue.throttled = false;
    if (queue.throttledSinceNs >= 0) {
      throttledNs += nowNs - queue.throttledSinceNs;
      queue.throttledSinceNs = -1;
    }
    throttledQueues.remove(queue);
    kernel.changeThrottleCount(group, queue.runqueue.cpu, -1, nowNs);
    if (kernel.groupThrottle != null) {
      kernel.groupThrottle.attach(queue, nowNs);
    }
    queue.runqueue.rescheduleIfIdle();
  }

  /// Pays debts from the global pool, first throttled first served (`distribute_cfs_runtime`).
  private void distribute(long nowNs) {
    FairQueue local = null;
    int count = throttledQueues.size();
    FairQueue[] served = throttledQueues.toArray(spareQueues);
    spareQueues = NO_QUEUES;
    for (int i = 0; i < count && runtimeNs > 0; i++) {
      FairQueue queue = served[i];
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
    spareQueues = served;
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
    forward(requireQuota(), nowNs);
    kernel.simulation.arm(periodTimer, expiryNs);
  }

  /// Moves the expiry past now by whole periods and says by how many (`hrtimer_forward_now`).
  private long forward(Quota limit, long nowNs) {
    if (nowNs < expiryNs) {
      return 0;
    }
    long periods = (nowNs - expiryNs) / limit.periodNs() + 1;
    expiryNs += periods * limit.periodNs();
    return periods;
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
    Quota limit = quota;
    if (limit == null) {
      periodActive = false;
      return;
    }
    long elapsed = forward(limit, nowNs);
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
    kernel.simulation.arm(periodTimer, expiryNs);
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
    return !periodActive || expiryNs - nowNs < ns;
  }

  /// Use stays below quota x periods + burst + what the CPUs may hold locally or overrun by: a
  /// slice and the longest stretch between two charges that can stop a task (a tick, or more where
  /// the CPU was unbacked, however often a write had it charged meanwhile).
  void audit() {
    if (quota == null) {
      return;
    }
    long periods = 2 + (kernel.simulation.nowNs() - configuredAtNs) / quota.periodNs();
    long perPeriod = Math.min(quota.quotaNs(), kernel.cpuCount() * quota.periodNs());
    long overrun = kernel.cpuCount() * (SLICE_NS + longestChargeNs);
    long bound = grantedNs + perPeriod * periods + quota.burstNs() + overrun;
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
