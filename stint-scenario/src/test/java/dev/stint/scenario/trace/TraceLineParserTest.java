package dev.stint.scenario.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceLineParserTest {
  private static final Who APP = new Who(500, "app", 120);
  private static final Who DB = new Who(7, "db", 100);

  private static RecordedEvent event(String line) throws MalformedLine {
    return ((TraceLine.Event) TraceLineParser.parse(line)).event();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  app-500 [001] d..2.  4.500000: sched_switch: prev_comm=app prev_pid=500 prev_prio=120"
            + " prev_state=S ==> next_comm=db next_pid=7 next_prio=100",
        "  app-500 [001]  4.5: sched_switch: prev_comm=app prev_pid=500 prev_prio=120"
            + " prev_state=S ==> next_comm=db next_pid=7 next_prio=100",
        "  app-500 (  499) [001] d..2.  4.500000: sched_switch: prev_comm=app prev_pid=500"
            + " prev_prio=120 prev_state=S ==> next_comm=db next_pid=7 next_prio=100",
        "   app-500   [001]     4.500000: sched_switch:         app:500 [120] S ==> db:7 [100]",
        "app   500/500   [001]     4.500000000: sched:sched_switch: prev_comm=app prev_pid=500"
            + " prev_prio=120 prev_state=S ==> next_comm=db next_pid=7 next_prio=100",
        "app   500 [001]     4.500000: sched:sched_switch: app:500 [120] S ==> db:7 [100]",
      })
  void switchLine_inEveryStyle_saysTheSame(String line) throws MalformedLine {
    assertThat(event(line)).isEqualTo(new Switch(4_500_000_000L, 1, APP, Left.BLOCKED, DB));
    assertThat(((TraceLine.Event) TraceLineParser.parse(line)).running()).isEqualTo(500);
  }

  @Test
  void name_withBlanksBracketsAndColons_isNoAnchor() throws MalformedLine {
    Who odd = new Who(500, "a [0] 1.5: x:3", 120);
    assertThat(
            event(
                "a [0] 1.5: x:3 500/500 [001] 4.500000000: sched:sched_switch: prev_comm=a [0] 1.5:"
                    + " x:3 prev_pid=500 prev_prio=120 prev_state=R+ ==> next_comm=db next_pid=7"
                    + " next_prio=100"))
        .isEqualTo(new Switch(4_500_000_000L, 1, odd, Left.RUNNABLE_IN_KERNEL, DB));
    assertThat(
            event(
                " a [0] 1.5: x:3-500 [001] 4.5: sched_switch: a [0] 1.5: x:3:500 [120] R+ ==> db:7"
                    + " [100]"))
        .isEqualTo(new Switch(4_500_000_000L, 1, odd, Left.RUNNABLE_IN_KERNEL, DB));
  }

  @Test
  void wakeups_inBothStyles_nameTaskAndCpu() throws MalformedLine {
    Wakeup wakeup = new Wakeup(4_500_000_000L, 0, DB, 1, false, false);
    assertThat(event(" a-1 [000] 4.5: sched_wakeup: comm=db pid=7 prio=100 target_cpu=001"))
        .isEqualTo(wakeup);
    assertThat(event(" a-1 [000] 4.5: sched_wakeup: db:7 [100] success=1 CPU:001"))
        .isEqualTo(wakeup);
    assertThat(event(" a-1 [000] 4.5: sched_wakeup: db:7 [100]<CANT FIND FIELD success> CPU:001"))
        .isEqualTo(wakeup);
    assertThat(TraceLineParser.parse(" a-1 [000] 4.5: sched_waking: db:7 [100] CPU:001"))
        .isEqualTo(new TraceLine.Waking(4_500_000_000L, 0, 1, DB, 1));
  }

  @Test
  void otherLines_areTold_apart() throws MalformedLine {
    assertThat(
            event(
                " a-1 [000] d..2. 4.5: sched_migrate_task: comm=db pid=7 prio=100 orig_cpu=1"
                    + " dest_cpu=0"))
        .isEqualTo(new Migration(4_500_000_000L, 0, DB, 1, 0, false));
    assertThat(
            TraceLineParser.parse(
                "a 1/1 [000] 4.5: sched:sched_process_fork: comm=a pid=1 child_comm=a b"
                    + " child_pid=9"))
        .isEqualTo(new TraceLine.Fork(4_500_000_000L, 0, 1, 9, "a b"));
    assertThat(TraceLineParser.parse(" a-1 [000] 4.5: sched_stat_runtime: comm=a pid=1 runtime=5"))
        .isEqualTo(new TraceLine.Other(4_500_000_000L, 0, 1));
    assertThat(TraceLineParser.parse("CPU:3 [LOST 12 EVENTS]"))
        .isEqualTo(new TraceLine.Lost(3, 12));
    assertThat(TraceLineParser.parse("cpus=8")).isEqualTo(new TraceLine.Header(8, 0));
    assertThat(TraceLineParser.parse("# entries-in-buffer/entries-written: 205/1205   #P:2"))
        .isEqualTo(new TraceLine.Header(2, 1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        " a-1 [000] 4.5: sched_switch: a:1 [120] S",
        " a-1 [000] 4.5: sched_switch: a:1 120 S ==> b:2 [120]",
        " a-1 [000] 4.5: sched_wakeup: comm=b pid=2 prio=120",
        " a-1 [000] 4.5: sched_wakeup: comm=b pid=2 prio=420 target_cpu=0",
        " a-1 [99999] 4.5: sched_wakeup: comm=b pid=2 prio=120 target_cpu=0",
        " a-1 [000] 44444444444.5: sched_wakeup: comm=b pid=2 prio=120 target_cpu=0",
        " a-1 1.0: sched_wakeup: comm=b pid=2 prio=120 target_cpu=0",
        "CPU:x [LOST 12 EVENTS]",
      })
  void damagedLine_isRefused_withARuleAndAFix(String line) {
    assertThatThrownBy(() -> TraceLineParser.parse(line))
        .isInstanceOf(MalformedLine.class)
        .hasMessageMatching(".+\\. .+\\.");
  }
}
