package dev.stint.model.linux;

import dev.stint.model.time.Time;
import org.jspecify.annotations.Nullable;

/// What one CPU remembers for placement and balancing: the balancing fields of `struct rq`.
final class CpuBalance {
  /// How long ago a task must have run to be worth moving, and the least cost that a newidle
  /// balance is taken to have (`sysctl_sched_migration_cost`).
  static final long MIGRATION_COST_NS = Time.MS / 2;

  final TaskList tasks = new TaskList();

  /// Whether the CPU is in a domain: balanced with others.
  boolean hasDomain;

  /// The jiffy at which some domain is due for a balance.
  long nextBalanceJiffy;

  long averageIdleNs = 2 * MIGRATION_COST_NS;
  long idleBalanceCostMaxNs = MIGRATION_COST_NS;

  /// When it last began to idle and found nothing to pull; 0 once it has work. A CPU that never ran
  /// idles since 1.
  long idleSinceNs = 1;

  /// Its tick is stopped; stays set until its first tick as a busy CPU (`nohz_tick_stopped`).
  boolean tickless = true;

  /// Another CPU asks it to balance for all tickless CPUs.
  boolean kicked;

  /// A balance is due once the ticks of this instant are over (`SCHED_SOFTIRQ`).
  boolean softirqPending;

  /// Where the running task is to be pushed, null for none (`active_balance`, `push_cpu`).
  @Nullable BalanceAttempt push;

  /// Wake-ups made by interrupts of the idle CPU: the idle task's.
  final WakeHistory idleWakes = new WakeHistory();
}
