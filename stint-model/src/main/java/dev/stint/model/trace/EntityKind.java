package dev.stint.model.trace;

/// What an [Entities] entry is.
public enum EntityKind {
  /// Logical processor: one hardware thread.
  LP,
  /// Virtual processor: a schedulable of the layer below and a processor of its guest.
  VP,
  /// vCPU thread: the task of a parent's Linux that stands for one child VP.
  THREAD,
  /// Task group (cgroup) of one Linux.
  GROUP,
  /// A task with a workload of its own.
  TASK,
  /// Partition: the hypervisor's unit of isolation.
  PARTITION,
  /// A rule that forbids running, named as occupant where nobody ran: `quota:PATH`, `cap:PATH`.
  RULE;

  /// The kind's name in the JSON contract, in lower case.
  public String jsonName() {
    return switch (this) {
      case LP -> "lp";
      case VP -> "vp";
      case THREAD -> "thread";
      case GROUP -> "group";
      case TASK -> "task";
      case PARTITION -> "partition";
      case RULE -> "rule";
    };
  }

  /// Whether the ledger keeps an account of it: it holds or supplies processor time itself.
  public boolean accounted() {
    return switch (this) {
      case LP, VP, THREAD, TASK -> true;
      case GROUP, PARTITION, RULE -> false;
    };
  }
}
