package dev.stint.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.counters.CounterRules;
import dev.stint.model.counters.HypervisorCounters;
import dev.stint.model.counters.LpCounters;
import dev.stint.model.counters.StatsText;
import dev.stint.model.counters.VpCounter;
import dev.stint.model.counters.VpCounters;
import dev.stint.model.machine.Machine;
import dev.stint.model.trace.Entities;
import dev.stint.testkit.TraceScript;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The counters of small schedules, reckoned by hand, in the text of debugfs.
final class StatsTextTest {
  /// A child of an L1VH under the integrated scheduler, and a neighbour, on one LP.
  private static final String NESTED =
      """
      lp lp0
      vp l1vh/vp0
      vp neighbour/vp0
      thread l1vh/thread:gold0
      task l1vh/task:agent
      vp gold/vp0
      task gold/task:work
      task neighbour/task:job
      """;

  private static final String ONE_DISPATCH =
      """
      0       ready  l1vh/vp0 lp0
      0       switch lp0 - l1vh/vp0 none
      1000000 ready  gold/vp0 -
      1002000 ready  l1vh/thread:gold0 l1vh/vp0
      1002000 switch l1vh/vp0 - l1vh/task:agent none
      1500000 switch l1vh/vp0 l1vh/task:agent l1vh/thread:gold0 blocked
      1500000 enter  l1vh/thread:gold0 gold/vp0
      3000000 ready  neighbour/vp0 lp0
      4000000 switch lp0 l1vh/vp0 neighbour/vp0 ready
      6000000 switch lp0 neighbour/vp0 l1vh/vp0 blocked
      8000000 leave  l1vh/thread:gold0 gold/vp0 blocked
      8000000 switch l1vh/vp0 l1vh/thread:gold0 - blocked
      8000000 switch lp0 l1vh/vp0 - blocked
      """;

  private static final String COSTLY =
      """
      0     ready  gold/vp0 -
      0     ready  l1vh/vp0 lp0
      0     switch lp0 - l1vh/vp0 none
      0     ready  l1vh/thread:gold0 l1vh/vp0
      0     switch l1vh/vp0 - l1vh/thread:gold0 none
      1000  cost   l1vh/thread:gold0 context-switch 700 -
      1000  enter  l1vh/thread:gold0 gold/vp0
      1000  ready  gold/task:work gold/vp0
      1000  switch gold/vp0 - gold/task:work none
      5000  ready  neighbour/vp0 lp0
      9000  cost   gold/task:work dispatch 2000 -
      9000  cost   gold/task:work speculation-flush 1500 -
      9000  cost   gold/task:work migration 3000 -
      9000  switch lp0 l1vh/vp0 neighbour/vp0 ready
      9000  ready  neighbour/task:job neighbour/vp0
      9000  switch neighbour/vp0 - neighbour/task:job none
      20000 cost   neighbour/task:job world-switch 2050 -
      20000 cost   neighbour/task:job speculation-flush 500 -
      """;

  private static HypervisorCounters nested(long endNs, String script) {
    return nested(endNs, script, false);
  }

  private static HypervisorCounters nested(long endNs, String script, boolean costs) {
    Entities entities = TraceScript.entities(NESTED);
    HypervisorCounters counters =
        new HypervisorCounters(entities, Machine.flat(1, 1), CounterRules.DEFAULT, costs);
    counters.carrier(entities.find("gold/vp0"), entities.find("l1vh/thread:gold0"));
    TraceScript.play(entities, counters, script);
    counters.finish(endNs);
    return counters;
  }

  private static LpCounters lpOf(int rootVpIndex) {
    return new LpCounters(
        0, 0, OptionalLong.empty(), 0, 0, OptionalLong.empty(), OptionalInt.of(rootVpIndex), 1);
  }

  private static VpCounters vp(HypervisorCounters counters, String path) {
    return counters.vp(TraceScript.entities(NESTED).find(path));
  }

  @Test
  void dispatchedVp_textIsTheKernels() {
    HypervisorCounters counters = nested(10_000_000, ONE_DISPATCH);
    // Signal 2 us, agent in the way 498 us, ran 1.5 to 4 and 6 to 8 ms, suspended in between.
    assertThat(StatsText.vp(vp(counters, "gold/vp0")))
        .isEqualTo(
            """
            VpTotalRunTime                             : 45000
            VpRemoteNodeRunTime                        : 0
            VpHltInstructionsCount                     : 1
            VpLogicalProcessorMigrations               : 0
            VpLogicalProcessorDispatches               : 1
            VpWaitingForCpuTime                        : 5000
            VpWaitingForCpuTimeBucket0                 : 0
            VpWaitingForCpuTimeBucket1                 : 0
            VpWaitingForCpuTimeBucket2                 : 0
            VpWaitingForCpuTimeBucket3                 : 0
            VpWaitingForCpuTimeBucket4                 : 0
            VpWaitingForCpuTimeBucket5                 : 0
            VpWaitingForCpuTimeBucket6                 : 1
            VpContentionTime                           : 4980
            VpWakeUpTime                               : 20
            VpRootDispatchThreadBlocked                : 1
            VpIdleCpuTime                              : 30000
            VpWaitingForCpuTimeBucket7                 : 0
            VpWaitingForCpuTimeBucket8                 : 0
            VpWaitingForCpuTimeBucket9                 : 0
            VpWaitingForCpuTimeBucket10                : 0
            VpWaitingForCpuTimeBucket11                : 0
            VpWaitingForCpuTimeBucket12                : 0
            VpHierarchicalSuspendTime                  : 20000
            """);
  }

  @Test
  void lp_countsEveryPassFromVpToVp() {
    HypervisorCounters counters = nested(10_000_000, ONE_DISPATCH);
    // Given to the L1VH, to the child, to the neighbour, to the L1VH; the child's return is the
    // 5th.
    assertThat(StatsText.lp(counters.lp(0, OptionalInt.empty())))
        .isEqualTo(
            """
            LpGlobalTime                    : 100000
            LpTotalRunTime                  : 80000
            LpContextSwitches               : 5
            LpProcessorHalts                : 1
            LpProximityDomainId             : 0
            """);
  }

  @Test
  void hypervisorsTime_isThatOfItsCosts_forAllBelowTheTask() {
    HypervisorCounters counters = nested(20_000, COSTLY, true);
    // Dispatch and flushes 3.5 us, held by the child's VP and its parent's; the neighbour paid
    // 2.55. A migration may be a task's, and the switch to a thread is Linux's.
    assertThat(StatsText.vp(vp(counters, "gold/vp0")))
        .startsWith(
            """
            VpTotalRunTime                             : 80
            VpHypervisorRunTime                        : 35
            VpRemoteNodeRunTime                        : 0
            """);
    assertThat(vp(counters, "l1vh/vp0").hypervisorRunNs()).hasValue(3_500);
    assertThat(StatsText.vp(vp(counters, "neighbour/vp0")))
        .contains("VpHypervisorRunTime                        : 25\n");
    // What of the dispatches was a switch is not told apart: no context switch time.
    assertThat(StatsText.lp(counters.lp(0, OptionalInt.empty())))
        .isEqualTo(
            """
            LpGlobalTime                    : 200
            LpTotalRunTime                  : 200
            LpHypervisorRunTime             : 60
            LpContextSwitches               : 3
            LpProcessorHalts                : 0
            LpProximityDomainId             : 0
            """);
  }

  @Test
  void lpsContextSwitchTime_isThatOfWorldSwitches_inNanoseconds() {
    HypervisorCounters counters =
        nested(
            20_000,
            """
            0     ready  l1vh/vp0 lp0
            0     switch lp0 - l1vh/vp0 none
            5000  ready  neighbour/vp0 lp0
            9000  switch lp0 l1vh/vp0 neighbour/vp0 ready
            9000  ready  neighbour/task:job neighbour/vp0
            9000  switch neighbour/vp0 - neighbour/task:job none
            20000 cost   neighbour/task:job world-switch 2050 -
            20000 cost   neighbour/task:job speculation-flush 500 -
            """,
            true);
    assertThat(StatsText.lp(counters.lp(0, OptionalInt.empty())))
        .contains("LpHypervisorRunTime             : 25\n")
        .contains("LpContextSwitchTime             : 2050\n");
  }

  @Test
  void hypervisorsTime_withCostsAndNoneYet_isZero_butWithoutCostsAbsent() {
    HypervisorCounters costly = nested(10_000_000, ONE_DISPATCH, true);
    assertThat(vp(costly, "gold/vp0").hypervisorRunNs()).hasValue(0);
    HypervisorCounters free = nested(10_000_000, ONE_DISPATCH, false);
    assertThat(vp(free, "gold/vp0").hypervisorRunNs()).isEmpty();
    assertThat(StatsText.lp(free.lp(0, OptionalInt.empty())))
        .doesNotContain("LpHypervisorRunTime", "LpContextSwitchTime");
  }

  @Test
  void hypervisorsVp_waitsPerDispatch_andHasAnIdealProcessor() {
    HypervisorCounters counters =
        nested(
            9_000,
            """
            0    ready  l1vh/vp0 lp0
            0    switch lp0 - l1vh/vp0 none
            1000 ready  neighbour/vp0 lp0
            5000 switch lp0 l1vh/vp0 neighbour/vp0 ready
            7000 switch lp0 neighbour/vp0 l1vh/vp0 ready
            """);
    VpCounters neighbour = vp(counters, "neighbour/vp0");
    assertThat(neighbour.waitPerDispatchNs()).hasValue(6_000);
    assertThat(neighbour.contentionPerDispatchNs()).hasValue(6_000);
    assertThat(neighbour.wakeUpPerDispatchNs()).hasValue(0);
    assertThat(neighbour.idealLp()).hasValue(0);
    assertThat(vp(counters, "l1vh/vp0").waitPerDispatchNs()).hasValue(1_000);
    VpCounters never = vp(counters, "gold/vp0");
    assertThat(never.waitPerDispatchNs()).isEmpty();
    assertThat(VpCounter.IDEAL_CPU.value(never)).isEmpty();
    assertThat(StatsText.vp(never)).doesNotContain("VpIdealCpu");
  }

  @Test
  void whatTheModelCannotKnow_hasNoLine() {
    Entities entities = TraceScript.entities(NESTED);
    Machine twoNodes = new Machine(2, 1, 1, 1, 1);
    HypervisorCounters counters =
        new HypervisorCounters(entities, twoNodes, CounterRules.DEFAULT, false);
    counters.finish(1_000);
    String text = StatsText.vp(counters.vp(entities.find("neighbour/vp0")));
    assertThat(text)
        .doesNotContain("VpRemoteNodeRunTime", "VpHypervisorRunTime", "VpLongSpinWaitHypercalls")
        .contains("VpTotalRunTime                             : 0\n");
    assertThat(VpCounter.REMOTE_NODE_RUN_TIME.value(counters.vp(entities.find("gold/vp0"))))
        .isEqualTo(OptionalLong.empty());
  }

  @Test
  void partitionHypervisorAndRoot_textIsTheKernels() {
    assertThat(StatsText.partition(4, 7, 2))
        .isEqualTo(
            """
            PtVirtualProcessors                  : 4
            PtPartitionId                        : 7
            PtNumberofActiveChildPartitions      : 2
            """);
    assertThat(StatsText.hypervisor(8, 3, 20))
        .isEqualTo(
            """
            HvLogicalProcessors        : 8
            HvPartitions               : 3
            HvVirtualProcessors        : 20
            """);
    assertThat(StatsText.lp(lpOf(3))).contains("LpRootVpIndex                   : 3\n");
  }

  @Test
  void counters_areInTheOrderOfThePage() {
    List<Integer> indexes = Arrays.stream(VpCounter.values()).map(VpCounter::index).toList();
    assertThat(indexes).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void buckets_boundsAreExclusive() {
    assertThat(CounterRules.DEFAULT.bucketOf(0)).isZero();
    assertThat(CounterRules.DEFAULT.bucketOf(999)).isZero();
    assertThat(CounterRules.DEFAULT.bucketOf(1_000)).isEqualTo(1);
    assertThat(CounterRules.DEFAULT.bucketOf(300_000_000)).isEqualTo(12);
    assertThatThrownBy(() -> new CounterRules(List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
