package dev.stint.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.InvariantChecker;
import dev.stint.model.stack.TraceRules;
import dev.stint.model.stack.TraceRules.Rule;
import dev.stint.model.time.BrokenInvariant;
import dev.stint.model.trace.Entities;
import dev.stint.testkit.ledger.RandomTrace;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InvariantCheckerTest {
  private static final String DIRECTORY =
      """
      lp lp0
      lp lp1
      partition a
      partition b
      vp a/vp0 a
      vp a/vp1 a
      vp b/vp0 b
      thread a/thread:b0 a
      task A a
      task B a
      rule quota
      """;

  private static ThrowingCallable check(TraceRules rules, long endNs, String script) {
    return () -> {
      Entities entities = TraceScript.entities(DIRECTORY);
      InvariantChecker checker = new InvariantChecker(entities, rules);
      checker.carrier(entities.find("b/vp0"), entities.find("a/thread:b0"));
      TraceScript.play(entities, checker, script);
      checker.finish(endNs);
    };
  }

  private static void assertBroken(TraceRules rules, String script, String... words) {
    assertThatThrownBy(check(rules, 100, script))
        .isInstanceOf(BrokenInvariant.class)
        .hasMessageContainingAll(words);
  }

  private static void assertLegal(TraceRules rules, String script) {
    assertThatCode(check(rules, 100, script)).doesNotThrowAnyException();
  }

  private static TraceRules rules(Assembly assembly) {
    return TraceRules.of(assembly, Machine.flat(1, 2));
  }

  @Test
  void randomLegalTraces_pass() {
    long events = 0;
    for (long seed = 0; seed < 100; seed++) {
      RandomTrace trace = new RandomTrace(seed);
      InvariantChecker checker = new InvariantChecker(trace.entities(), TraceRules.structural());
      trace.carriers().forEach(checker::carrier);
      trace.play(checker, 500);
      checker.finish(trace.nowNs() + 1);
      events += checker.eventCount();
    }
    assertThat(events).isGreaterThanOrEqualTo(50_000);
  }

  @Test
  void event_thatContradictsTheOnesBefore_isBroken() {
    TraceRules structural = TraceRules.structural();
    assertBroken(structural, "1 switch lp0 A B ready", "t=1ns", "names the current", "lp0, A");
    assertBroken(structural, "1 ready A lp0\n2 ready A lp0", "only a blocked entity", "A");
    assertBroken(structural, "1 switch lp0 - A none", "was ready", "lp0, A");
    assertBroken(structural, "1 ready A lp0\n1 switch lp1 - A none", "waited for that processor");
    assertBroken(
        structural,
        """
        1 ready A lp0
        1 switch lp0 - A none
        1 switch lp1 - A none
        """,
        "was ready",
        "lp1, A");
    assertBroken(
        structural,
        """
        1 ready A lp0
        1 throttle A lp0 quota
        2 switch lp0 - A none
        """,
        "was ready",
        "A");
    assertBroken(structural, "1 ready A lp0\n2 move A lp1 lp0", "from where it waits");
    assertBroken(structural, "1 move A lp1 lp0", "only a ready entity");
    assertBroken(structural, "1 unthrottle A lp1", "only what is throttled");
    assertBroken(structural, "2 ready A lp0\n1 ready B lp0", "time is monotone");
    assertBroken(structural, "1 leave a/thread:b0 b/vp0 ready", "leaves the VP that it entered");
    assertBroken(structural, "1 hold A B", "only an LP is held");
    assertBroken(
        structural,
        "1 ready A lp0\n1 switch lp0 - A none\n2 switch lp0 A - exited\n3 ready A lp0",
        "only a blocked");
  }

  @Test
  void unbackedVp_switchedAtTheInstantThatItLosesItsLp_isLegal() {
    String start =
        """
        0 switch lp0 - a/vp0 none
        0 ready A a/vp0
        0 ready B a/vp0
        0 switch a/vp0 - A none
        5 switch lp0 a/vp0 - ready
        """;
    assertLegal(TraceRules.structural(), start + "5 switch a/vp0 A B ready");
    assertBroken(TraceRules.structural(), start + "6 switch a/vp0 A B ready", "backed", "a/vp0");
  }

  @Test
  void vpSwitchedBeforeItIsBackedAtTheSameInstant_isLegal() {
    String script =
        """
        1 ready A a/vp0
        1 ready a/vp0 lp0
        1 switch a/vp0 - A none
        """;
    assertLegal(TraceRules.structural(), script + "1 switch lp0 - a/vp0 none");
    assertBroken(TraceRules.structural(), script + "2 switch lp0 - a/vp0 none", "backed");
  }

  @Test
  void threadThatDoesNotRun_mayNotEnter() {
    assertBroken(
        TraceRules.structural(),
        """
        1 ready b/vp0 -
        2 enter a/thread:b0 b/vp0
        """,
        "backed",
        "a/thread:b0");
  }

  @Test
  void threadThatSleepsInDispatch_isBroken() {
    assertBroken(
        TraceRules.structural(),
        """
        0 switch lp0 - a/vp0 none
        1 ready b/vp0 -
        1 ready a/thread:b0 a/vp0
        2 switch a/vp0 - a/thread:b0 none
        3 enter a/thread:b0 b/vp0
        4 switch a/vp0 a/thread:b0 - blocked
        """,
        "sleeps only after it left");
  }

  @Test
  void siblingLpsOfTwoPartitions_areBrokenUnderCoreOnlyIfTimePasses() {
    String script =
        """
        0 switch lp0 - a/vp0 none
        0 switch lp1 - b/vp0 none
        """;
    assertBroken(rules(Assembly.CORE), script, "one partition", "b/vp0, a/vp0");
    assertLegal(rules(Assembly.CLASSIC), script);
    assertLegal(rules(Assembly.CORE), script + "0 switch lp1 b/vp0 - blocked");
    assertLegal(rules(Assembly.CORE), "0 switch lp0 - a/vp0 none\n0 switch lp1 - a/vp1 none");
    assertLegal(TraceRules.of(Assembly.CORE, Machine.flat(2, 1)), script);
  }

  @Test
  void vpWithAThread_runOnAnLp_isBrokenUnderRootAndIntegrated() {
    String script = "0 switch lp0 - b/vp0 none";
    assertBroken(rules(Assembly.INTEGRATED), script, "only its vCPU thread");
    assertBroken(rules(Assembly.ROOT), script, "only its vCPU thread");
    assertLegal(rules(Assembly.CORE), script);
  }

  @Test
  void threadAwakeWhileItsVpRuns_isBrokenUnderCore() {
    String script =
        """
        0 switch lp0 - b/vp0 none
        0 switch lp1 - a/vp0 none
        3 ready a/thread:b0 a/vp0
        """;
    assertBroken(rules(Assembly.CLASSIC), script, "its thread sleeps", "b/vp0, a/thread:b0");
    assertLegal(rules(Assembly.CLASSIC), script + "3 switch lp0 b/vp0 - blocked");
  }

  @Test
  void idleLp_withAWaiter_isBrokenBeyondTheBoundUnlessHeld() {
    String script =
        """
        10 ready a/vp0 lp1
        """;
    assertBroken(rules(Assembly.CORE), script, "no LP idles", "lp1, a/vp0");
    assertLegal(rules(Assembly.CORE), script + "10 hold lp1 b/vp0");
    assertLegal(rules(Assembly.CORE), script + "10 throttle a/vp0 lp1 quota");
    assertLegal(rules(Assembly.CORE).idleBound(90), script);
    assertBroken(rules(Assembly.CORE).idleBound(89), script, "no LP idles");
    assertBroken(rules(Assembly.CORE).idleBound(89), script + "50 ready A a/vp0\n", "no LP idles");
    assertLegal(rules(Assembly.CORE).without(Rule.LP_BUSY), script);
  }

  @Test
  void haltedVp_withAWaiter_isALostWake() {
    assertBroken(rules(Assembly.CORE), "1 ready A a/vp0", "is woken for its waiter", "a/vp0, A");
    assertLegal(
        rules(Assembly.CORE),
        """
        1 ready A a/vp0
        1 ready a/vp0 lp0
        1 switch lp0 - a/vp0 none
        """);
  }
}
