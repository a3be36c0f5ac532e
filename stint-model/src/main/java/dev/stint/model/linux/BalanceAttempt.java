package dev.stint.model.linux;

import java.util.BitSet;

/// One attempt of a CPU to pull tasks within a domain: what it looks for and what it met (`struct
/// lb_env`). A domain keeps one and reuses it.
final class BalanceAttempt {
  final SchedDomain domain;

  /// The CPU that balances.
  final Runqueue home;

  /// The CPU that tasks are moved to: `home`, or one of its group when tasks may not go there.
  Runqueue destination;

  IdleKind idle = IdleKind.BUSY;
  Migration migration = Migration.TASK;

  /// How much to move, in units of `migration`.
  long imbalance;

  /// CPUs from which nothing could be taken.
  final BitSet excluded = new BitSet();

  /// No task examined may run on the destination (`LBF_ALL_PINNED`).
  boolean allPinned;

  /// Some task examined may not (`LBF_SOME_PINNED`).
  boolean somePinned;

  /// Another CPU of the group that such a task may use (`LBF_DST_PINNED`), or -1.
  int alternative = -1;

  /// The source's running task is being pushed (`LBF_ACTIVE_LB`).
  boolean active;

  int examinedCount;

  BalanceAttempt(SchedDomain domain, Runqueue home) {
    this.domain = domain;
    this.home = home;
    destination = home;
  }

  void begin(IdleKind kind) {
    idle = kind;
    destination = home;
    excluded.clear();
    allPinned = false;
    somePinned = false;
    alternative = -1;
    active = false;
    imbalance = 0;
    migration = Migration.TASK;
    examinedCount = 0;
  }

  boolean considers(int cpu) {
    return !excluded.get(cpu);
  }

  /// Whether it balances for a CPU without work.
  boolean forIdle() {
    return idle != IdleKind.BUSY;
  }
}
