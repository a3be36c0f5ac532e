package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.scenario.recording.FtraceReader;
import dev.stint.scenario.recording.FtraceReader.Recording;
import dev.stint.scenario.recording.MalformedRecording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FtraceReaderTest {
  private static final String SWITCH =
      "  a b-7 [001] d..2.  12.000345: sched_switch: prev_comm=a b prev_pid=7 prev_prio=120"
          + " prev_state=R+ ==> next_comm=x pid=3 next_pid=9 next_prio=125\n";

  private static Recording read(String text) throws IOException, MalformedRecording {
    return FtraceReader.read("t", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void switchLine_withBlanksInNames_isReadByItsMarks() throws Exception {
    Recording recording = read("# entries-in-buffer/entries-written: 1/1   #P:4\n" + SWITCH);
    assertThat(recording.cpus()).isEqualTo(4);
    assertThat(recording.events())
        .containsExactly(
            new RecordedEvent.Switch(
                12_000_345_000L,
                1,
                new Who(7, "a b", 120),
                Left.RUNNABLE_IN_KERNEL,
                new Who(9, "x pid=3", 125)));
  }

  @Test
  void wakeups_tellForksAndPendingReschedules() throws Exception {
    Recording recording =
        read(
            """
              a-1 [000] dNs4. 1.000001: sched_wakeup: comm=b pid=2 prio=120 target_cpu=000
              a-1 [000] d..4. 1.000002: sched_wakeup_new: comm=c pid=3 prio=120 target_cpu=001
              a-1 [000] d..4. 1.000003: sched_migrate_task: comm=c pid=3 prio=9 orig_cpu=1\
             dest_cpu=0
              a-1 [000] d.s1. 1.000004: sched_migrate_task: comm=c pid=3 prio=9 orig_cpu=0\
             dest_cpu=1
              a-1 [000] d..4. 1.000005: sys_enter: NR 5
            """);
    assertThat(recording.events())
        .containsExactly(
            new RecordedEvent.Wakeup(1_000_001_000L, 0, new Who(2, "b", 120), 0, false, true),
            new RecordedEvent.Wakeup(1_000_002_000L, 0, new Who(3, "c", 120), 1, true, false),
            new RecordedEvent.Migration(1_000_003_000L, 0, new Who(3, "c", 9), 1, 0, false),
            new RecordedEvent.Migration(1_000_004_000L, 0, new Who(3, "c", 9), 0, 1, true));
    assertThat(recording.cpus()).isEqualTo(2);
  }

  @Test
  void lostEvents_areCounted() throws Exception {
    assertThat(read("CPU:0 [LOST 12 EVENTS]\n" + SWITCH).lostEvents()).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello\n",
        " a-1 [000] d..4. 1.0: sched_wakeup: comm=b pid=2 prio=120\n",
        " a-1 [000] d..4. 1.0: sched_wakeup: comm=b pid=99999999999 prio=120 target_cpu=0\n",
        " a-1 [000] d..4. 1.0: sched_wakeup: comm=b pid=2 prio=420 target_cpu=0\n",
        " a-1 [000] d..4. x.0: sched_wakeup: comm=b pid=2 prio=120 target_cpu=0\n",
        " a-1 [000] d..4. 1.0: sched_wakeup: comm=b pid=2 prio=120 target_cpu=9999999\n",
        " a-1 [000] d..4. 1.0: sched_wakeup\n",
        " a-1 1.0: sched_switch: prev_comm=a prev_pid=1 prev_prio=1 prev_state=S ==> next_comm=\n",
        "[0] d 1.0: sched_switch: prev_comm=a prev_pid=1 prev_prio=1 prev_state= ==> next_comm=b"
            + " next_pid=1 next_prio=1\n",
      })
  void damagedText_isRefused_withItsPlace(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(MalformedRecording.class)
        .hasMessageMatching("(?s)t(:1)?: .+\\. .+\\.");
  }

  @Test
  void timeRunningBack_isRefused() {
    assertThatThrownBy(() -> read(SWITCH + SWITCH.replace("12.000345", "12.000344")))
        .isInstanceOf(MalformedRecording.class)
        .hasMessageContaining("t:2: time runs back");
  }
}
