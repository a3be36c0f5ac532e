package dev.stint.model.counters;

import java.util.OptionalLong;

/// The VP counters that the model knows, in order of their place in the statistics page on x86-64
/// (names and places: Linux `drivers/hv/mshv_debugfs_counters.c`). Others are absent, never 0.
public enum VpCounter {
  /// Time on an LP, 100 ns.
  TOTAL_RUN_TIME(1, "VpTotalRunTime"),
  /// The hypervisor's own part of it, 100 ns.
  HYPERVISOR_RUN_TIME(2, "VpHypervisorRunTime"),
  /// Time away from its memory, 100 ns.
  REMOTE_NODE_RUN_TIME(3, "VpRemoteNodeRunTime"),
  /// Preferred LP.
  IDEAL_CPU(5, "VpIdealCpu"),
  /// Times it halted.
  HLT_INSTRUCTIONS_COUNT(15, "VpHltInstructionsCount"),
  /// Changes of LP.
  LOGICAL_PROCESSOR_MIGRATIONS(45, "VpLogicalProcessorMigrations"),
  /// Dispatches on an LP.
  LOGICAL_PROCESSOR_DISPATCHES(74, "VpLogicalProcessorDispatches"),
  /// Ready and not running, 100 ns.
  WAITING_FOR_CPU_TIME(75, "VpWaitingForCpuTime"),
  /// Dispatches after a wait in this bucket; the bounds are assumed.
  WAITING_FOR_CPU_TIME_BUCKET_0(151, "VpWaitingForCpuTimeBucket0"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_1(152, "VpWaitingForCpuTimeBucket1"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_2(153, "VpWaitingForCpuTimeBucket2"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_3(154, "VpWaitingForCpuTimeBucket3"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_4(155, "VpWaitingForCpuTimeBucket4"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_5(156, "VpWaitingForCpuTimeBucket5"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_6(157, "VpWaitingForCpuTimeBucket6"),
  /// Waiting while another one ran, 100 ns.
  CONTENTION_TIME(173, "VpContentionTime"),
  /// Waiting while nobody else ran, 100 ns.
  WAKE_UP_TIME(174, "VpWakeUpTime"),
  /// 1 after a dispatch that returned BLOCKED, until the signal.
  ROOT_DISPATCH_THREAD_BLOCKED(202, "VpRootDispatchThreadBlocked"),
  /// Nothing to do, 100 ns.
  IDLE_CPU_TIME(203, "VpIdleCpuTime"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_7(204, "VpWaitingForCpuTimeBucket7"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_8(205, "VpWaitingForCpuTimeBucket8"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_9(206, "VpWaitingForCpuTimeBucket9"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_10(207, "VpWaitingForCpuTimeBucket10"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_11(208, "VpWaitingForCpuTimeBucket11"),
  /// As bucket 0.
  WAITING_FOR_CPU_TIME_BUCKET_12(209, "VpWaitingForCpuTimeBucket12"),
  /// Ready while its parent's VP did not run, 100 ns.
  HIERARCHICAL_SUSPEND_TIME(210, "VpHierarchicalSuspendTime");

  private static final long UNIT_NS = 100;

  private final int index;
  private final String text;

  VpCounter(int index, String text) {
    this.index = index;
    this.text = text;
  }

  /// Its place among the 64-bit words of the statistics page on x86-64.
  public int index() {
    return index;
  }

  /// The name that Linux prints.
  public String text() {
    return text;
  }

  /// The counter's value in its unit; absent where the model cannot know it.
  public OptionalLong value(VpCounters vp) {
    return switch (this) {
      case TOTAL_RUN_TIME -> time(vp.runNs());
      case HYPERVISOR_RUN_TIME -> time(vp.hypervisorRunNs());
      case REMOTE_NODE_RUN_TIME -> time(vp.remoteRunNs());
      case IDEAL_CPU ->
          vp.idealLp().isPresent()
              ? OptionalLong.of(vp.idealLp().getAsInt())
              : OptionalLong.empty();
      case HLT_INSTRUCTIONS_COUNT -> OptionalLong.of(vp.halts());
      case LOGICAL_PROCESSOR_MIGRATIONS -> OptionalLong.of(vp.migrations());
      case LOGICAL_PROCESSOR_DISPATCHES -> OptionalLong.of(vp.dispatches());
      case WAITING_FOR_CPU_TIME -> time(vp.waitNs());
      case CONTENTION_TIME -> time(vp.contentionNs());
      case WAKE_UP_TIME -> time(vp.wakeUpNs());
      case ROOT_DISPATCH_THREAD_BLOCKED -> OptionalLong.of(vp.dispatchThreadBlocked() ? 1 : 0);
      case IDLE_CPU_TIME -> time(vp.idleNs());
      case HIERARCHICAL_SUSPEND_TIME -> time(vp.suspendedNs());
      case WAITING_FOR_CPU_TIME_BUCKET_0,
          WAITING_FOR_CPU_TIME_BUCKET_1,
          WAITING_FOR_CPU_TIME_BUCKET_2,
          WAITING_FOR_CPU_TIME_BUCKET_3,
          WAITING_FOR_CPU_TIME_BUCKET_4,
          WAITING_FOR_CPU_TIME_BUCKET_5,
          WAITING_FOR_CPU_TIME_BUCKET_6 ->
          bucket(vp, ordinal() - WAITING_FOR_CPU_TIME_BUCKET_0.ordinal());
      case WAITING_FOR_CPU_TIME_BUCKET_7,
          WAITING_FOR_CPU_TIME_BUCKET_8,
          WAITING_FOR_CPU_TIME_BUCKET_9,
          WAITING_FOR_CPU_TIME_BUCKET_10,
          WAITING_FOR_CPU_TIME_BUCKET_11,
          WAITING_FOR_CPU_TIME_BUCKET_12 ->
          bucket(vp, 7 + ordinal() - WAITING_FOR_CPU_TIME_BUCKET_7.ordinal());
    };
  }

  private static OptionalLong time(long ns) {
    return OptionalLong.of(ns / UNIT_NS);
  }

  private static OptionalLong time(OptionalLong ns) {
    return ns.isPresent() ? time(ns.getAsLong()) : ns;
  }

  private static OptionalLong bucket(VpCounters vp, int bucket) {
    return OptionalLong.of(vp.buckets().get(bucket));
  }
}
