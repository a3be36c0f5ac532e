package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.RunResult;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import dev.stint.testkit.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the changes of a scenario do, from its text to who held each CPU. A letter is 4 ms.
final class TimedChangesTest {
  private static final long STEP_NS = 4_000_000;

  private static final String HEAD =
      """
      duration: 48ms
      machine: {cores: 4}
      under: [root]
      partitions:
        linux:
          kind: root
      """;

  private record Run(RunResult result, List<String> lines) {}

  private static Run run(String linux, int cpus) {
    ReadResult read = ScenarioReader.read(HEAD + linux.indent(4), "changes.yaml");
    assertThat(read).isInstanceOf(ReadResult.Loaded.class);
    Scenario scenario = ((ReadResult.Loaded) read).scenario();
    Timeline[] timeline = new Timeline[1];
    RunResult result =
        Experiment.run(
            scenario,
            Assembly.ROOT,
            new RunOptions(
                true,
                Optional.of(run -> {
                  timeline[0] = new Timeline(run.entities());
                  return Watch.events(timeline[0]);
                }),
                _ -> {}));
    List<String> lines = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      lines.add(timeline[0].draw("linux/vp" + cpu, STEP_NS, scenario.durationNs()));
    }
    return new Run(result, lines);
  }

  @Test
  void affinity_narrowedByTheCpuset_isRememberedUntilItIsWideAgain() {
    Run run =
        run(
            """
            groups: {g: {}}
            tasks: {a: {group: g, affinity: 3, busy: {}}}
            changes:
              - {at: 14ms, group: g, cpuset.cpus: 0-1}
              - {at: 30ms, group: g, cpuset.cpus: 0-3}
            """,
            4);
    assertThat(run.lines)
        .containsExactly("............", "....AAAA....", "............", "AAAA....AAAA");
  }

  @Test
  void affinity_before6_2_isForgotten() {
    Run run =
        run(
            """
            linux: {kernel: "6.1"}
            groups: {g: {}}
            tasks: {a: {group: g, affinity: 3, busy: {}}}
            changes:
              - {at: 14ms, group: g, cpuset.cpus: 0-1}
              - {at: 30ms, group: g, cpuset.cpus: 0-3}
            """,
            4);
    assertThat(run.lines)
        .containsExactly("............", "....AAAAAAAA", "............", "AAAA........");
  }

  @Test
  void task_movedBetweenGroups_takesTheirCpusAndItsOwnWithin() {
    Run run =
        run(
            """
            groups: {low: {cpuset.cpus: 0}, high: {cpuset.cpus: 2-3}}
            tasks: {a: {group: low, affinity: "0,3", busy: {}}, b: {group: low, busy: {}}}
            changes:
              - {at: 14ms, task: a, group: high}
              - {at: 30ms, task: a, group: /, affinity: 1}
            """,
            4);
    assertThat(run.lines.get(0)).matches("[AB]{4}B{8}").contains("A");
    assertThat(run.lines.subList(1, 4))
        .containsExactly("........AAAA", "............", "....AAAA....");
  }

  @Test
  void weightNiceAndLimit_written_takeEffectFromThen() {
    Run run =
        run(
            """
            groups: {g: {cpuset.cpus: 0}, h: {cpuset.cpus: 0}, q: {cpuset.cpus: 1}}
            tasks:
              a: {group: g, busy: {}}
              b: {group: h, busy: {}}
              q: {group: q, busy: {}}
            changes:
              - {at: 22ms, group: h, cpu.weight: 1}
              - {at: 22ms, group: q, cpu.max: 1000 1000000}
              - {at: 38ms, group: q, cpu.max: max}
            """,
            2);
    assertThat(run.lines.get(0)).matches("(AB|BA){3}A{6}|(AB|BA){3}BA{5}");
    assertThat(run.lines.get(1)).isEqualTo("QQQQQQ....QQ");
  }

  @Test
  void write_thatTheKernelRefuses_isNotedAndChangesNothing() {
    Run run =
        run(
            """
            linux: {cpuset: v1}
            groups: {g: {cpuset.cpus: 0-1}, h: {cpuset.cpus: 2-3, cpuset.cpu_exclusive: true}}
            tasks: {a: {group: g, affinity: 1, busy: {}}}
            changes:
              - {at: 10ms, group: g, cpuset.cpus: 0-2}
              - {at: 14ms, task: a, affinity: 2}
            """,
            2);
    assertThat(run.lines.get(1)).isEqualTo("AAAAAAAAAAAA");
    assertThat(run.result.notes())
        .contains(
            "settings change during the run: entitled shares are not known",
            "linux at 10ms: g: cpuset.cpus 0-2: EINVAL: an exclusive cpuset shares no CPU with a"
                + " sibling",
            "linux at 14ms: a: affinity 2: EINVAL: none of the CPUs is in the task's cpuset");
    assertThat(run.result.entities()).allMatch(entity -> entity.entitledShare().isEmpty());
  }

  @Test
  void isolatedPartition_madeLater_takesItsCpuFromTheOthers() {
    Run run =
        run(
            """
            groups: {own: {cpuset.cpus: 3}}
            tasks: {a: {group: own, busy: {}}, b: {affinity: 3, busy: {}}}
            changes:
              - {at: 22ms, group: own, cpuset.cpus.partition: isolated}
              - {at: 38ms, group: own, cpuset.cpus.partition: member}
            """,
            4);
    assertThat(run.lines.get(3).substring(0, 6)).contains("A").contains("B");
    assertThat(run.lines.get(3).substring(6, 10)).isEqualTo("AAAA");
    assertThat(run.lines.get(1).substring(6, 10)).isEqualTo("BBBB");
    assertThat(run.lines.get(1).substring(10)).isEqualTo("..");
  }
}
