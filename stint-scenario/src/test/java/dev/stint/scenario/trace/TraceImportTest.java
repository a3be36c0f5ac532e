package dev.stint.scenario.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.sched.TaskControl;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.workload.ReplayedJob;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceImportTest {
  private static final long MS = 1_000_000;

  /// One CPU: A runs, B is woken at 2 ms and takes over at 3 ms until 7 ms; then A again.
  private static final String TWO_TASKS =
      trace("0 idle>A", "2 A wakes B", "3 A:R>B", "7 B:S>A", "9 A:S>idle", "10 idle wakes B");

  /// Lines of CPU 0 in short: `MS A:STATE>B`, `MS idle>A`, `MS A wakes B`, or as they are.
  private static String trace(String... lines) {
    StringBuilder text = new StringBuilder("# tracer: nop\n#\n# entries #P:1\n");
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (!words[0].matches("[0-9]+")) {
        text.append(line).append('\n');
        continue;
      }
      String[] parties = words.length == 2 ? words[1].split("[:>]", -1) : words;
      String running = words.length == 2 ? parties[0] : words[1];
      text.append(' ').append(running).append('-').append(pid(running));
      text.append(" [000] d..2. 5.").append("%06d".formatted(Integer.parseInt(words[0]) * 1000));
      if (words.length == 2) {
        String next = parties[parties.length - 1];
        text.append(": sched_switch: prev_comm=").append(running);
        text.append(" prev_pid=").append(pid(running)).append(" prev_prio=120 prev_state=");
        text.append(parties.length == 3 ? parties[1] : "R").append(" ==> next_comm=").append(next);
        text.append(" next_pid=").append(pid(next)).append(" next_prio=120\n");
      } else {
        text.append(": sched_wakeup: comm=").append(words[3]).append(" pid=");
        text.append(pid(words[3])).append(" prio=120 target_cpu=000\n");
      }
    }
    return text.toString();
  }

  private static int pid(String name) {
    return name.equals("idle") ? 0 : name.charAt(0);
  }

  private static EntityResult task(ImportedTrace trace, String name) {
    return trace.result().entity("linux/task:" + name + "-" + pid(name)).orElseThrow();
  }

  @Test
  void twoTasks_haveTheAccountOfTheLines() throws Exception {
    ImportedTrace trace = TextSource.of(TWO_TASKS).read();
    EntityResult a = task(trace, "A");
    EntityResult b = task(trace, "B");
    assertThat(trace.warnings()).isEmpty();
    assertThat(trace.result().durationNs()).isEqualTo(10 * MS);
    assertThat(a.runNs()).isEqualTo(5 * MS);
    assertThat(a.waitNs()).isEqualTo(Map.of(WaitReason.GUEST_QUEUE, 4 * MS));
    assertThat(a.blockedNs()).isEqualTo(MS);
    assertThat(b.runNs()).isEqualTo(4 * MS);
    assertThat(b.unknownNs()).isEqualTo(2 * MS);
    assertThat(b.wakeLatency().count()).isEqualTo(1);
    assertThat(b.wakeLatency().maxNs()).isEqualTo(MS);
    assertThat(a.switches()).isEqualTo(2);
    assertThat(trace.result().theft()).hasSize(2);
  }

  @Test
  void sameTrace_gzippedOrWithOtherLineEnds_givesTheSame() throws Exception {
    String digest = TextSource.of(TWO_TASKS).read().result().digest();
    byte[] plain = TWO_TASKS.getBytes(StandardCharsets.UTF_8);
    assertThat(new TextSource("t", TextSource.gzip(plain)).read().result().digest())
        .isEqualTo(digest);
    assertThat(TextSource.of(TWO_TASKS.replace("\n", "\r\n")).read().result().digest())
        .isEqualTo(digest);
    assertThat(TextSource.of("\uFEFF" + TWO_TASKS).read().result().digest()).isEqualTo(digest);
    String unended = TWO_TASKS.stripTrailing();
    assertThat(TextSource.of(unended).read().result().digest()).isEqualTo(digest);
  }

  @Test
  void window_accountsForItsPart() throws Exception {
    ImportedTrace trace = TextSource.of(TWO_TASKS).read(new TraceWindow(4 * MS, 4 * MS));
    assertThat(task(trace, "B").runNs()).isEqualTo(3 * MS);
    assertThat(task(trace, "B").wakeLatency().count()).isZero();
    assertThat(task(trace, "A").totalWaitNs()).isEqualTo(3 * MS);
    assertThat(task(trace, "A").runNs()).isEqualTo(MS);
    assertThatThrownBy(() -> TextSource.of(TWO_TASKS).read(new TraceWindow(10 * MS, MS)))
        .isInstanceOf(MalformedTrace.class)
        .hasMessageContaining("window begins at");
  }

  @Test
  void unseenSwitch_makesTheSpanUnknown_backToTheLastLineThatAgreed() throws Exception {
    ImportedTrace trace =
        TextSource.of(
                trace(
                    "0 idle>A",
                    "1 A:S>idle",
                    "4 idle wakes A",
                    "6 A:S>idle",
                    "8 idle wakes A",
                    "9 idle>A",
                    "10 A:S>idle"))
            .read();
    assertThat(trace.warnings())
        .containsExactly(
            "t:7: CPU 0 went to idle and goes on from A-65. A switch between them was not"
                + " recorded; what it hides is unknown.");
    assertThat(task(trace, "A").unknownNs()).isEqualTo(2 * MS);
    assertThat(task(trace, "A").runNs()).isEqualTo(2 * MS);
    assertThat(task(trace, "A").wakeLatency().count()).isEqualTo(1);
    EntityResult cpu = trace.result().entity("lp0").orElseThrow();
    assertThat(cpu.unknownNs()).isEqualTo(2 * MS);
    assertThat(cpu.blockedNs()).isEqualTo(6 * MS);
  }

  @Test
  void lostEvents_makeEverythingUnknown_untilItIsSeenAgain() throws Exception {
    ImportedTrace trace =
        TextSource.of(
                trace(
                    "0 idle>A",
                    "1 A:R>B",
                    "3 B:R>A",
                    "CPU:0 [LOST 7 EVENTS]",
                    "6 A:S>B",
                    "10 B:S>idle"))
            .read();
    assertThat(trace.warnings()).singleElement().asString().startsWith("t:7: the kernel lost");
    assertThat(task(trace, "A").unknownNs()).isEqualTo(3 * MS);
    assertThat(task(trace, "B").unknownNs()).isEqualTo(1 * MS + 3 * MS);
    assertThat(task(trace, "B").runNs()).isEqualTo(6 * MS);
  }

  @Test
  void taskThatRunsUnwoken_isUnknownSinceItSlept() throws Exception {
    ImportedTrace trace = TextSource.of(trace("0 idle>A", "1 A:S>B", "3 B:R>A", "4 A:R>B")).read();
    assertThat(trace.warnings()).singleElement().asString().contains("nothing had woken it");
    assertThat(task(trace, "A").unknownNs()).isEqualTo(2 * MS);
  }

  @Test
  void clock_thatJumps_leavesTheWrongLinesOut() throws Exception {
    ImportedTrace back =
        TextSource.of(trace("1 idle>A", "5 A:R>B", "2 B:R>A", "6 B:S>idle", "7 idle>A")).read();
    assertThat(back.warnings()).anyMatch(line -> line.startsWith("t:5: time runs ahead to 5.005"));
    ImportedTrace ahead =
        TextSource.of(trace("1 idle>A", "900 A:R>B", "3 B:R>A", "6 A:S>idle", "8 idle>B")).read();
    assertThat(ahead.warnings()).anyMatch(line -> line.startsWith("t:5: time runs ahead to 5.900"));
    assertThat(ahead.result().durationNs()).isEqualTo(7 * MS);
    assertThat(ahead.result().entity("lp0").orElseThrow().unknownNs()).isEqualTo(2 * MS);
  }

  @Test
  void fileThatEndsWithinALine_isReadUpToIt() throws Exception {
    String cut = TWO_TASKS.substring(0, TWO_TASKS.length() - 20);
    ImportedTrace trace = TextSource.of(cut).read();
    assertThat(trace.warnings()).singleElement().asString().startsWith("t:9: the last line is cut");
    assertThat(trace.result().durationNs()).isEqualTo(9 * MS);
    String[] lines = new String[900];
    Arrays.setAll(lines, i -> i + (i % 2 == 0 ? " A:R>B" : " B:R>A"));
    byte[] zip = TextSource.gzip(trace(lines).getBytes(StandardCharsets.UTF_8));
    ImportedTrace part = new TextSource("t", Arrays.copyOf(zip, zip.length - 200)).read();
    assertThat(part.warnings()).anyMatch(line -> line.contains("the compressed data end here"));
  }

  @Test
  void childBornInTheTrace_wasNotUnknownBefore() throws Exception {
    String fork =
        " A-65 [000] d..2. 5.001000: sched_process_fork: comm=A pid=65 child_comm=B child_pid=66";
    ImportedTrace trace =
        TextSource.of(trace("0 idle>A", fork, "2 A wakes B", "3 A:R>B", "4 B:X>A")).read();
    assertThat(task(trace, "B").unknownNs()).isZero();
    assertThat(task(trace, "B").blockedNs()).isEqualTo(2 * MS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello\n", "PERFILE2xxxx", "\u0017\bDtracing", "BZh91AY"})
  void textWithoutEvents_isRefused_withThePlaceAndTheFix(String text) {
    assertThatThrownBy(() -> TextSource.of(text).read())
        .isInstanceOf(MalformedTrace.class)
        .hasMessageMatching("t: .+\\. .+\\.");
  }

  @Test
  void format_thatIsAskedFor_refusesLinesOfAnother() {
    assertThatThrownBy(() ->
            TraceImport.read(
                TextSource.of(TWO_TASKS), Optional.of(TraceFormat.PERF), TraceWindow.ALL))
        .isInstanceOf(MalformedTrace.class)
        .hasMessageContaining("a line of ftrace in a trace of perf");
  }

  @Test
  void jobs_areWakeUpsAndRunTimes_andOpenForOneThatNeverSlept() throws Exception {
    ImportedTrace trace =
        TextSource.of(
                trace(
                    "0 idle>A",
                    "2 A wakes B",
                    "3 A:R>B",
                    "5 B:S>A",
                    "6 A wakes B",
                    "7 A:R>B",
                    "8 B:R>A",
                    "9 A:R>B",
                    "10 B:S>A"))
            .read();
    assertThat(trace.tasks())
        .extracting(ImportedTrace.Task::jobs)
        .containsExactly(
            List.of(new ReplayedJob(0, TaskControl.FOREVER)),
            List.of(new ReplayedJob(2 * MS, 2 * MS), new ReplayedJob(6 * MS, 2 * MS)));
  }

  @Test
  void replayScenario_ofAnyNames_isOneThatIsRead() throws Exception {
    String odd = TWO_TASKS.replace("=B ", "=kworker/0:1 [x] ").replace(" B-", " kworker/0:1 [x]-");
    ReplayScenario replay = ReplayScenario.of(TextSource.of(odd).read(), "a dir/trace 1.txt");
    assertThat(ScenarioReader.read(replay.yaml(), "r.yaml")).isInstanceOf(ReadResult.Loaded.class);
    assertThat(replay.yaml())
        .contains("A-65: {replay: {jobs: \"0ms+5ms\"}}")
        .contains("kworker-0-1--x--66: {replay: {jobs: \"2ms+4ms\"}}");
  }
}
