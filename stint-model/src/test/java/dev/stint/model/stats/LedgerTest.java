package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.time.BrokenInvariant;
import dev.stint.model.trace.Entities;
import org.junit.jupiter.api.Test;

class LedgerTest {
  /// LP -> task: Linux on the bare machine.
  private static final String BARE =
      """
      lp lp0
      lp lp1
      task A
      task B
      rule quota:g
      """;

  /// LP -> VP -> task: two partitions under the hypervisor.
  private static final String STACKED =
      """
      lp lp0
      lp lp1
      vp a/vp0
      vp b/vp0
      task A
      task B
      task C
      rule cap:a
      """;

  /// LP -> VP -> thread -> VP -> task: a child of an L1VH, and a neighbour.
  private static final String NESTED =
      """
      lp lp0
      vp l1vh/vp0
      vp neighbour/vp0
      thread l1vh/thread:gold0
      task l1vh/task:agent
      vp gold/vp0
      task gold/task:web
      task gold/task:log
      rule quota:gold
      """;

  private static String ledger(String directory, long endNs, String script) {
    Entities entities = TraceScript.entities(directory);
    Ledger ledger = new Ledger(entities);
    if (entities.find("gold/vp0") != Entities.NONE) {
      ledger.carrier(entities.find("gold/vp0"), entities.find("l1vh/thread:gold0"));
    }
    TraceScript.play(entities, ledger, script);
    ledger.finish(endNs);
    return ledger.toString();
  }

  @Test
  void twoTasksOnOneLp_eachWaitsForTheOther() {
    assertThat(
            ledger(
                BARE,
                10,
                """
                1 ready  A lp0
                1 switch lp0 - A
                2 ready  B lp0
                4 switch lp0 A B ready
                7 switch lp0 B A blocked
                9 switch lp0 A - exited
                """))
        .isEqualTo(
            """
            lp0 run 8 blocked 2
            lp1 blocked 10
            A run 5 blocked 2 guest.queue 3 (B 3)
            B run 3 blocked 5 guest.queue 2 (A 2)
            """);
  }

  @Test
  void unknownTime_isBlamedOnNobody() {
    assertThat(
            ledger(
                BARE,
                20,
                """
                0  unknown A
                0  unknown lp1
                2  ready   B lp1
                3  move    A - lp0
                4  switch  lp0 - A
                6  switch  lp1 - B
                8  unknown lp0
                11 ready   A lp0
                13 switch  lp0 - A
                15 switch  lp0 A - blocked
                16 switch  lp1 B - blocked
                """))
        .isEqualTo(
            """
            lp0 run 6 blocked 9 unknown 5
            lp1 run 10 blocked 4 unknown 6
            A run 6 blocked 5 unknown 8 guest.queue 1 (idle 1)
            B run 10 blocked 6 unknown 4
            """);
  }

  @Test
  void wakeLatency_acrossUnknownTime_isNotCounted() {
    Entities entities = TraceScript.entities(BARE);
    Ledger ledger = new Ledger(entities);
    TraceScript.play(
        entities,
        ledger,
        """
        1 ready   A lp0
        2 unknown lp0
        4 switch  lp0 - A
        6 switch  lp0 A - blocked
        7 ready   A lp0
        9 switch  lp0 - A
        """);
    ledger.finish(10);
    assertThat(ledger.wakeLatency(entities.find("A")).count()).isEqualTo(1);
    assertThat(ledger.wakeLatency(entities.find("A")).sumNs()).isEqualTo(2);
    assertThat(ledger.unknownNs(entities.find("A"))).isEqualTo(2);
  }

  @Test
  void waiterOfAnIdleLp_blamesIdleOrTheHolder() {
    assertThat(
            ledger(
                BARE,
                6,
                """
                0 ready  B lp0
                0 switch lp0 - B
                1 ready  A lp1
                3 hold   lp1 B
                5 hold   lp1 -
                5 switch lp1 - A
                """))
        .isEqualTo(
            """
            lp0 run 6
            lp1 run 1 blocked 5
            A run 1 blocked 1 guest.queue 4 (idle 2, B 2)
            B run 6
            """);
  }

  @Test
  void throttledTask_blamesTheRuleAndThenTheQueue() {
    assertThat(
            ledger(
                BARE,
                10,
                """
                0 ready A lp0
                0 switch lp0 - A
                0 ready B lp0
                3 switch lp0 A B ready
                3 throttle A lp0 quota:g
                6 unthrottle A lp0
                8 switch lp0 B A ready
                """))
        .isEqualTo(
            """
            lp0 run 10
            lp1 blocked 10
            A run 5 guest.queue 2 (B 2) guest.throttled 3 (quota:g 3)
            B run 5 guest.queue 5 (A 5)
            """);
  }

  @Test
  void movedWaiter_blamesTheNewProcessorFromThen() {
    assertThat(
            ledger(
                BARE,
                6,
                """
                0 ready A lp0
                0 switch lp0 - A
                1 ready B lp0
                3 move B lp0 lp1
                4 switch lp1 - B
                """))
        .isEqualTo(
            """
            lp0 run 6
            lp1 run 2 blocked 4
            A run 6
            B run 2 blocked 1 guest.queue 3 (idle 1, A 2)
            """);
  }

  @Test
  void unbackedVp_everythingAboveBlamesWhoHoldsTheLp() {
    assertThat(
            ledger(
                STACKED,
                10,
                """
                0 ready  A a/vp0
                0 ready  a/vp0 lp0
                0 switch lp0 - a/vp0
                0 switch a/vp0 - A
                1 ready  C a/vp0
                2 ready  B b/vp0
                2 ready  b/vp0 lp0
                4 switch lp0 a/vp0 b/vp0 ready
                4 switch b/vp0 - B
                9 switch b/vp0 B - blocked
                9 switch lp0 b/vp0 a/vp0 blocked
                """))
        .isEqualTo(
            """
            lp0 run 10
            lp1 blocked 10
            a/vp0 run 5 hypervisor.wait 5 (b/vp0 5)
            b/vp0 run 5 blocked 3 hypervisor.wait 2 (a/vp0 2)
            A run 5 hypervisor.wait 5 (b/vp0 5)
            B run 5 blocked 3 hypervisor.wait 2 (a/vp0 2)
            C blocked 1 guest.queue 4 (A 4) hypervisor.wait 5 (b/vp0 5)
            """);
  }

  @Test
  void cappedVp_blamesTheCapForItselfAndItsTasks() {
    assertThat(
            ledger(
                STACKED,
                4,
                """
                0 ready  a/vp0 lp0
                0 switch lp0 - a/vp0
                0 ready  A a/vp0
                0 switch a/vp0 - A
                1 switch lp0 a/vp0 - ready
                1 throttle a/vp0 lp0 cap:a
                """))
        .contains("a/vp0 run 1 hypervisor.wait 3 (cap:a 3)")
        .contains("A run 1 hypervisor.wait 3 (cap:a 3)");
  }

  @Test
  void taskReadyOnAHaltedVp_waitsForTheSignalUntilTheVpIsReady() {
    assertThat(
            ledger(
                STACKED,
                10,
                """
                0 ready  b/vp0 lp0
                0 switch lp0 - b/vp0
                2 ready  A a/vp0
                3 ready  a/vp0 lp1
                5 switch lp1 - a/vp0
                6 switch a/vp0 - A
                """))
        .contains(
            "A run 4 blocked 2 guest.queue 1 (idle 1) hypervisor.wait 2 (idle 2)"
                + " overhead.signal 1 (idle 1)");
  }

  @Test
  void nestedChain_blamesTheLowestBrokenLink() {
    assertThat(
            ledger(
                NESTED,
                40,
                """
                0  switch lp0 - l1vh/vp0
                1  ready  gold/task:web gold/vp0
                1  ready  gold/vp0 -
                3  ready  l1vh/thread:gold0 l1vh/vp0
                5  switch l1vh/vp0 - l1vh/thread:gold0
                6  enter  l1vh/thread:gold0 gold/vp0
                6  switch gold/vp0 - gold/task:web
                10 ready  gold/task:log gold/vp0
                12 ready  l1vh/task:agent l1vh/vp0
                14 switch l1vh/vp0 l1vh/thread:gold0 l1vh/task:agent ready
                15 ready  neighbour/vp0 lp0
                18 switch lp0 l1vh/vp0 neighbour/vp0 ready
                23 switch lp0 neighbour/vp0 l1vh/vp0 blocked
                24 switch l1vh/vp0 l1vh/task:agent - blocked
                24 throttle l1vh/thread:gold0 l1vh/vp0 quota:gold
                30 unthrottle l1vh/thread:gold0 l1vh/vp0
                30 switch l1vh/vp0 - l1vh/thread:gold0
                35 switch gold/vp0 gold/task:web gold/task:log blocked
                38 leave  l1vh/thread:gold0 gold/vp0 ready
                """))
        .isEqualTo(
            """
            lp0 run 40
            l1vh/vp0 run 35 hypervisor.wait 5 (neighbour/vp0 5)
            neighbour/vp0 run 5 blocked 32 hypervisor.wait 3 (l1vh/vp0 3)
            l1vh/thread:gold0 run 19 blocked 3 vmm.queue 7 (idle 2, l1vh/task:agent 5)\
             vmm.throttled 6 (quota:gold 6) hypervisor.wait 5 (neighbour/vp0 5)
            l1vh/task:agent run 5 blocked 28 guest.queue 2 (l1vh/thread:gold0 2)\
             hypervisor.wait 5 (neighbour/vp0 5)
            gold/vp0 run 16 blocked 1 vmm.queue 7 (idle 2, l1vh/task:agent 5)\
             vmm.throttled 6 (quota:gold 6) hypervisor.wait 5 (neighbour/vp0 5)\
             overhead.signal 5 (idle 2, l1vh/thread:gold0 3)
            gold/task:web run 13 blocked 6 vmm.queue 7 (idle 2, l1vh/task:agent 5)\
             vmm.throttled 6 (quota:gold 6) hypervisor.wait 5 (neighbour/vp0 5)\
             overhead.signal 3 (idle 2, l1vh/thread:gold0 1)
            gold/task:log run 3 blocked 10 guest.queue 9 (gold/task:web 9)\
             vmm.queue 5 (l1vh/task:agent 5) vmm.throttled 6 (quota:gold 6)\
             hypervisor.wait 5 (neighbour/vp0 5) overhead.signal 2 (l1vh/thread:gold0 2)
            """);
  }

  @Test
  void childScheduledByTheHypervisor_blamesTheLpAlthoughItHasAThread() {
    assertThat(
            ledger(
                NESTED,
                10,
                """
                0 switch lp0 - l1vh/vp0
                2 ready  gold/vp0 lp0
                5 switch lp0 l1vh/vp0 gold/vp0 ready
                """))
        .contains("gold/vp0 run 5 blocked 2 hypervisor.wait 3 (l1vh/vp0 3)")
        .contains("l1vh/thread:gold0 blocked 10");
  }

  @Test
  void statesOfNoDuration_costNothingButAreCounted() {
    Entities entities = TraceScript.entities(BARE);
    Ledger ledger = new Ledger(entities);
    TraceScript.play(
        entities,
        ledger,
        """
        0 ready  A lp0
        0 switch lp0 - A
        5 ready  B lp0
        5 switch lp0 A B ready
        5 switch lp0 B - blocked
        5 switch lp0 - A
        """);
    ledger.finish(9);
    int a = entities.find("A");
    int b = entities.find("B");
    assertThat(ledger.runNs(a)).isEqualTo(9);
    assertThat(ledger.blockedNs(b)).isEqualTo(9);
    assertThat(ledger.dispatches(a)).isEqualTo(2);
    assertThat(ledger.switches(a)).isEqualTo(1);
    assertThat(ledger.dispatches(entities.find("lp0"))).isEqualTo(3);
    assertThat(ledger.wakeLatency(b).percentiles().count()).isEqualTo(1);
    assertThat(ledger.wakeLatency(b).percentiles().maxNs()).isZero();
  }

  @Test
  void wakeLatency_endsWhenTheChainIsWhole() {
    Entities entities = TraceScript.entities(STACKED);
    Ledger ledger = new Ledger(entities);
    TraceScript.play(
        entities,
        ledger,
        """
        0 ready  b/vp0 lp0
        0 switch lp0 - b/vp0
        3 ready  A a/vp0
        3 ready  a/vp0 lp0
        7 switch lp0 b/vp0 a/vp0 ready
        7 switch lp0 a/vp0 b/vp0 ready
        9 switch lp0 b/vp0 a/vp0 ready
        11 switch a/vp0 - A
        11 switch lp0 a/vp0 b/vp0 ready
        15 switch lp0 b/vp0 a/vp0 ready
        """);
    ledger.finish(16);
    assertThat(ledger.wakeLatency(entities.find("A")).percentiles().maxNs()).isEqualTo(12);
    assertThat(ledger.wakeLatency(entities.find("a/vp0")).percentiles().maxNs()).isEqualTo(6);
  }

  @Test
  void migrations_countDispatchesOnAnotherProcessor() {
    Entities entities = TraceScript.entities(BARE);
    Ledger ledger = new Ledger(entities);
    TraceScript.play(
        entities,
        ledger,
        """
        0 ready  A lp0
        0 switch lp0 - A
        1 switch lp0 A - ready
        1 move   A lp0 lp1
        2 switch lp1 - A
        3 switch lp1 A - ready
        3 switch lp1 - A
        """);
    ledger.finish(4);
    assertThat(ledger.migrations(entities.find("A"))).isEqualTo(1);
    assertThat(ledger.dispatches(entities.find("A"))).isEqualTo(3);
  }

  @Test
  void finish_mayBeFollowedByMoreEvents() {
    Entities entities = TraceScript.entities(BARE);
    Ledger ledger = new Ledger(entities);
    TraceScript.play(entities, ledger, "2 ready A lp0\n3 switch lp0 - A");
    ledger.finish(5);
    assertThat(ledger.runNs(entities.find("A"))).isEqualTo(2);
    TraceScript.play(entities, ledger, "8 switch lp0 A - blocked");
    ledger.finish(10);
    assertThat(ledger.runNs(entities.find("A"))).isEqualTo(5);
    assertThat(ledger.theftNs(entities.find("A"), WaitReason.GUEST_QUEUE, Entities.NONE))
        .isEqualTo(1);
    assertThat(ledger.wakeLatency(entities.find("A")).count()).isEqualTo(1);
  }

  @Test
  void contradictoryEvent_stopsTheRun() {
    assertThatThrownBy(() -> ledger(BARE, 9, "1 switch lp0 A B ready"))
        .isInstanceOf(BrokenInvariant.class);
    assertThatThrownBy(() -> ledger(BARE, 9, "1 ready A lp0\n2 ready A lp0"))
        .isInstanceOf(BrokenInvariant.class);
    assertThatThrownBy(() -> ledger(BARE, 9, "3 ready A lp0\n2 ready B lp0"))
        .isInstanceOf(BrokenInvariant.class);
    assertThatThrownBy(() -> ledger(BARE, 9, "1 switch lp0 - A\n1 switch lp1 - A"))
        .isInstanceOf(BrokenInvariant.class);
    assertThatThrownBy(() -> ledger(BARE, 9, "1 unthrottle A lp0"))
        .isInstanceOf(BrokenInvariant.class);
  }
}
