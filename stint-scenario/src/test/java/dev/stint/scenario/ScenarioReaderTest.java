package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.PreemptModel;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Change;
import dev.stint.model.stack.CpuGroupSpec;
import dev.stint.model.stack.GroupCpus;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.TimedChange;
import dev.stint.model.workload.ReplayedJob;
import dev.stint.model.workload.WorkloadSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScenarioReaderTest {
  private static final String FULL =
      """
      name: core-vs-integrated
      description: one sentence
      seed: 7
      duration: 2.5s
      machine: {sockets: 2, nodes-per-socket: 1, caches-per-node: 1, cores: 2, threads-per-core: 1}
      hypervisor: {time-slice: 5ms, window: 50ms, rotation: ideal-processor, wake-preemption: true,
        family-share: own, l1vh-vps: pinned}
      under: [core, integrated, root]
      partitions:
        l1vh:
          kind: l1vh
          vps: 4
          weight: 200
          cap: 75%
          reserve: 10%
          lps: 0-3
          linux: {kernel: "6.12", hz: 1000, base-slice: 2.1ms, steal-clock: true}
          groups:
            gold:
              cpu.weight: 300
              cpu.max: 50000 100000
              cpu.max.burst: 20000
              cpu.max.phase: 5ms
              cpuset.cpus: 0-1
              groups: {inner: {}}
          tasks:
            web: {group: gold/inner, nice: -5, slice: 3ms, affinity: "1", start: 1ms, count: 2,
              busy: {}}
            db: {requests: {every: 10ms, arrivals: poisson, service: 2ms,
              service-distribution: exponential}}
            b: {batch: {work: 500ms}}
            p: {periodic: {run: 2ms, period: 10ms, phase: 1ms}}
            o: {on-off: {on: 50ms, off: 40ms}}
            pp: {count: 2, ping-pong: {work: 5us}}
            bar: {count: 3, barrier: {name: x, work: 2ms, wait: spin}}
          children:
            vm-gold: {vps: 2, group: gold, vcpu-affinity: [0, 2-3], tasks: {x: {busy: }}}
      """;

  @Test
  void threadsPerCore_zero_isTheMachines() {
    Scenario scenario =
        load(
            """
            machine: {cores: 2, threads-per-core: 2}
            cpu-groups: {half: {lps: 0-1, cap: 50%}}
            hypervisor: {long-spin: 100us}
            kvm: {halt-poll: 0us}
            partitions:
              vm: {vps: 2, threads-per-core: 0, cpu-group: half, tasks: {x: {busy: }}}
            """);
    PartitionSpec vm = scenario.partitions().getFirst();
    assertThat(vm.threadsPerCore()).isEqualTo(2);
    assertThat(vm.cpuGroup()).isEqualTo("half");
    assertThat(scenario.cpuGroups())
        .containsExactly(new CpuGroupSpec("half", Optional.of(CpuSet.range(0, 2)), 0x8000));
    assertThat(scenario.hypervisor().longSpinNs()).isEqualTo(100_000);
    assertThat(scenario.kvm().haltPollNs()).isZero();
  }

  private static PartitionSpec vmOf(String fields) {
    return load("machine: {cores: 2, threads-per-core: 2}\npartitions:\n  vm: {" + fields + "}\n")
        .partitions()
        .getFirst();
  }

  @Test
  void vmVersion_saysHowVpsShareCores_whereNobodyDoes() {
    assertThat(vmOf("vps: 4").threadsPerCore()).isEqualTo(1);
    assertThat(vmOf("vps: 4, vm-version: 9.0").threadsPerCore()).isEqualTo(2);
    assertThat(vmOf("vps: 2, vm-version: 8.2").threadsPerCore()).isEqualTo(1);
    assertThat(vmOf("vps: 4, vm-version: 8.2").threadsPerCore()).isEqualTo(2);
    assertThat(vmOf("vps: 4, vm-version: 8.2, threads-per-core: 1").threadsPerCore()).isEqualTo(1);
    assertThat(vmOf("vps: 4, vm-version: 8.2").coresHidden()).isTrue();
    Scenario hidden =
        load(
            """
            machine: {cores: 2, threads-per-core: 2}
            partitions: {vm: {vps: 4, vm-version: 8.2}}
            """);
    assertThat(load(ScenarioWriter.write(hidden)).partitions()).isEqualTo(hidden.partitions());
    assertThat(vmOf("vps: 4, vm-version: 9.0").coresHidden()).isFalse();
    assertThat(vmOf("vps: 2, vm-version: 8.2").coresHidden()).isFalse();
    assertThat(vmOf("vps: 4, vm-version: 8.2, threads-per-core: 2").coresHidden()).isFalse();
  }

  @Test
  void everyKey_written_isRead() {
    Scenario scenario = load(FULL);
    PartitionSpec l1vh = scenario.partitions().getFirst();

    assertThat(scenario.name()).isEqualTo("core-vs-integrated");
    assertThat(scenario.seed()).isEqualTo(7);
    assertThat(scenario.durationNs()).isEqualTo(2_500_000_000L);
    assertThat(scenario.machine().lpCount()).isEqualTo(4);
    assertThat(scenario.hypervisor().l1vhPinned()).isTrue();
    assertThat(scenario.hypervisor().wakePreemption()).isTrue();
    assertThat(scenario.under()).containsExactly(Assembly.CORE, Assembly.INTEGRATED, Assembly.ROOT);
    assertThat(l1vh.kind()).isEqualTo(PartitionKind.L1VH);
    assertThat(l1vh.controls()).isEqualTo(new Controls(200, 0xC000, 6554));
    assertThat(l1vh.linux().baseSliceNs()).isEqualTo(OptionalLong.of(2_100_000));
    assertThat(l1vh.groups())
        .containsExactly(
            new GroupSpec(
                "gold",
                300,
                Optional.of(
                    new Quota(50_000_000, 100_000_000, 20_000_000, OptionalLong.of(5_000_000))),
                Optional.of(CpuSet.range(0, 2)),
                List.of(
                    new GroupSpec("inner", 100, Optional.empty(), Optional.empty(), List.of()))));
    assertThat(l1vh.children().getFirst().affinity())
        .containsExactly(CpuSet.of(0), CpuSet.of(2, 3));
    assertThat(l1vh.children().getFirst().group()).isEqualTo("gold");
  }

  @Test
  void partitions_ofCpus_areReadAndInvalidOnesWarnedOf() {
    String text =
        """
        partitions:
          vm:
            vps: 4
            groups:
              own: {cpuset.cpus: 2-3, cpuset.cpus.partition: isolated}
              a:
                cpuset.cpus.exclusive: 1
                groups: {far: {cpuset.cpus.exclusive: 1, cpuset.cpus.partition: root}}
              all: {cpuset.cpus.partition: root}
            tasks: {t: {group: a, busy: {}}, u: {group: own, affinity: 3, busy: {}}}
        """;
    ReadResult result = ScenarioReader.read(text, "s.yaml");
    assertThat(result).isInstanceOf(ReadResult.Loaded.class);
    ReadResult.Loaded loaded = (ReadResult.Loaded) result;
    List<GroupSpec> groups = loaded.scenario().partitions().getFirst().groups();
    assertThat(groups.getFirst().partition()).isEqualTo(PartitionType.ISOLATED);
    assertThat(groups.get(1).exclusive()).isEqualTo(CpuSet.of(1));
    GroupCpus granted = new GroupCpus(CpusetVersion.V2, groups, 4);
    assertThat(granted.tasks("")).isEqualTo(CpuSet.of(0));
    assertThat(granted.tasks("a/far")).isEqualTo(CpuSet.of(1));
    assertThat(granted.cpuset("a/far").remotePartition()).isTrue();
    assertThat(loaded.warnings())
        .singleElement()
        .asString()
        .isEqualTo(
            "s.yaml:9:36: warning: cpuset.cpus.partition of cgroup \"all\" would read "
                + "\"root invalid (cpuset.cpus and cpuset.cpus.exclusive are empty)\"; it behaves "
                + "as a member. Give it CPUs that its parent can spare and no sibling names. "
                + "[S054]");
  }

  @Test
  void changes_ofEveryKind_areReadInOrder() {
    ReadResult result =
        ScenarioReader.read(
            """
            duration: 2s
            partitions:
              vm:
                vps: 2
                groups: {g: {cpu.idle: true}}
                tasks: {w: {count: 2, busy: {}}}
                changes:
                  - {at: 1s, group: g, cpu.idle: false, cpu.weight: 7, cpu.max: max}
                  - {at: 1s, task: w, group: g, nice: 3, affinity: 1}
                  - {at: 3s, task: w-1, group: /}
            """,
            "s.yaml");
    assertThat(result).isInstanceOf(ReadResult.Loaded.class);
    ReadResult.Loaded loaded = (ReadResult.Loaded) result;
    Optional<SchedulingPolicy> same = Optional.empty();
    OptionalInt three = OptionalInt.of(3);
    long at = 1_000_000_000;
    assertThat(loaded.scenario().partitions().getFirst().changes())
        .containsExactly(
            new TimedChange(at, new Change.ClearIdle("g")),
            new TimedChange(at, new Change.Weight("g", new GroupWeight.OfWeight(7))),
            new TimedChange(at, new Change.Limit("g", Optional.empty())),
            new TimedChange(at, new Change.Move("w-0", "g")),
            new TimedChange(at, new Change.Attributes("w-0", same, three, OptionalLong.empty())),
            new TimedChange(at, new Change.Affinity("w-0", CpuSet.of(1))),
            new TimedChange(at, new Change.Move("w-1", "g")),
            new TimedChange(at, new Change.Attributes("w-1", same, three, OptionalLong.empty())),
            new TimedChange(at, new Change.Affinity("w-1", CpuSet.of(1))),
            new TimedChange(3 * at, new Change.Move("w-1", "")));
    assertThat(loaded.warnings())
        .singleElement()
        .asString()
        .isEqualTo(
            "s.yaml:10:14: warning: the change is at 3s and the run ends at 2s. Make it earlier."
                + " [S058]");
  }

  @Test
  void policiesAndWeights_ofEveryKind_areRead() {
    PartitionSpec vm =
        load("""
        partitions:
          vm:
            linux: {preempt: lazy, autogroup: true}
            groups: {i: {cpu.idle: true}, n: {cpu.weight.nice: -5}, w: {cpu.weight: 7},
              o: {cpu.idle: false}}
            tasks:
              a: {policy: idle, session: s, busy: {}}
              b: {policy: batch, group: i, busy: {}}
              c: {busy: {}}
        """)
            .partitions()
            .getFirst();

    assertThat(vm.linux().preempt()).isEqualTo(PreemptModel.LAZY);
    assertThat(vm.linux().autogroup()).isTrue();
    assertThat(vm.groups())
        .extracting(GroupSpec::weight)
        .containsExactly(
            new GroupWeight.Idle(),
            new GroupWeight.OfNice(-5),
            new GroupWeight.OfWeight(7),
            GroupWeight.DEFAULT);
    assertThat(vm.tasks())
        .extracting(TaskSpec::policy)
        .containsExactly(SchedulingPolicy.IDLE, SchedulingPolicy.BATCH, SchedulingPolicy.NORMAL);
    assertThat(vm.tasks()).extracting(TaskSpec::ownSession).containsExactly("s", "b", "c");
  }

  @Test
  void tasks_ofEveryWorkload_areRead() {
    List<TaskSpec> tasks = load(FULL).partitions().getFirst().tasks();

    assertThat(tasks)
        .extracting(TaskSpec::name)
        .containsExactly(
            "web-0", "web-1", "db", "b", "p", "o", "pp-0", "pp-1", "bar-0", "bar-1", "bar-2");
    assertThat(tasks.getFirst())
        .isEqualTo(
            new TaskSpec(
                "web-0",
                "gold/inner",
                -5,
                OptionalLong.of(3_000_000),
                Optional.of(CpuSet.of(1)),
                1_000_000,
                new WorkloadSpec.Busy()));
    assertThat(tasks.stream().skip(2).map(TaskSpec::workload).distinct())
        .containsExactly(
            new WorkloadSpec.Requests(10_000_000, true, 2_000_000, true),
            new WorkloadSpec.Batch(500_000_000),
            new WorkloadSpec.Periodic(2_000_000, 10_000_000, 1_000_000),
            new WorkloadSpec.OnOff(50_000_000, 40_000_000, 0),
            new WorkloadSpec.PingPong("pp", 5_000),
            new WorkloadSpec.Barrier("x", 2_000_000, true));
  }

  @Test
  void cpuMax_inEveryForm_isTheSameQuota() {
    for (String max : List.of("50000 100000", "\"50000 100000\"", "50000", "50ms 100ms")) {
      assertThat(group("cpu.max: " + max).quota()).contains(new Quota(50_000_000, 100_000_000, 0));
    }
    for (String max : List.of("max", "max 100000", "\"max\"")) {
      assertThat(group("cpu.max: " + max).quota()).isEmpty();
    }
  }

  @Test
  void io_isReadWithDevice_andWrittenBack() {
    Scenario scenario =
        load(
            """
            name: io
            partitions:
              vm:
                tasks:
                  d: {io: {every: 1ms, handling: 20us, device: 100us}}
                  p: {io: {every: 1ms, handling: 20us}}
            """);

    assertThat(scenario.partitions().getFirst().tasks())
        .extracting(TaskSpec::workload)
        .containsExactly(
            new WorkloadSpec.Io(1_000_000, 20_000, 100_000),
            new WorkloadSpec.Io(1_000_000, 20_000, 0));
    assertThat(load(ScenarioWriter.write(scenario))).isEqualTo(scenario);
  }

  @Test
  void replay_isRead_andWrittenBack() {
    Scenario scenario =
        load(
            """
            name: replay
            partitions:
              vm:
                tasks:
                  r: {replay: {jobs: 0ns+2ms 10ms+1.5ms 25ms+forever}}
            """);

    assertThat(scenario.partitions().getFirst().tasks().getFirst().workload())
        .isEqualTo(
            new WorkloadSpec.Replay(
                List.of(
                    new ReplayedJob(0, 2_000_000),
                    new ReplayedJob(10_000_000, 1_500_000),
                    new ReplayedJob(25_000_000, TaskControl.FOREVER))));
    assertThat(load(ScenarioWriter.write(scenario))).isEqualTo(scenario);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2ms", "0ms+0ms", "5ms+1ms 4ms+1ms", "x+1ms", "''", "7200s+1ms"})
  void replay_withAJobThatCannotBe_isRefused(String jobs) {
    String text = "name: r\npartitions: {vm: {tasks: {r: {replay: {jobs: " + jobs + "}}}}}\n";
    assertThat(ScenarioReader.read(text, "r.yaml"))
        .isInstanceOfSatisfying(
            ReadResult.Refused.class,
            refused ->
                assertThat(refused.errors().getFirst().render())
                    .startsWith("r.yaml:2:")
                    .contains("a replayed job"));
  }

  @Test
  void json_isReadAsYaml() {
    Scenario scenario =
        load(
            """
            {
            \t"name": "a\\u002db",
            \t"duration": "1s", "seed": 12,
            \t"partitions": {"vm": {"tasks": {"t": {"busy": {}}}}}
            }
            """);

    assertThat(scenario.name()).isEqualTo("a-b");
    assertThat(scenario.under()).containsExactly(Assembly.CORE, Assembly.ROOT);
  }

  @Test
  void name_absent_isThatOfTheDirectory() {
    String text = "partitions: {vm: }";

    assertThat(load(text, "x/two vms/scenario.yaml").name()).isEqualTo("two-vms");
    assertThat(load(text, "x/other.yaml").name()).isEqualTo("other");
    assertThat(load(text, "").name()).isEqualTo("scenario");
    assertThat(load(text, "a\0b").name()).isEqualTo("a-b");
  }

  @Test
  void quotaBelowLinuxMinimum_isRefused_inOneLine() {
    String text =
        """
        partitions:
          vm:
            groups:
              g:
                cpu.max: 500 100000
        """;

    assertThat(refuse(text))
        .containsExactly(
            "s.yaml:5:18: quota 500us is below 1ms, the least Linux accepts for cpu.max."
                + " Write \"1000 100000\" or more. [S014]");
  }

  @Test
  void unknownKey_isRefused_withTheNearest() {
    assertThat(refuse("partitions: {vm: {group: {}, wieght: 3}}"))
        .contains(
            "s.yaml:1:30: unknown key \"wieght\" in partition \"vm\"."
                + " Did you mean \"weight\"? [S011]");
  }

  @Test
  void manyErrors_areReported_atMostTwenty() {
    StringBuilder text = new StringBuilder("partitions:\n");
    for (int i = 0; i < 50; i++) {
      text.append("  p").append(i).append(": {vps: 0}\n");
    }

    List<String> errors = refuse(text.toString());

    assertThat(errors).hasSize(20);
    assertThat(errors.getFirst()).startsWith("s.yaml:2:13: vps is 0, outside 1 to 256.");
  }

  @Test
  void errorThroughAliases_isReportedOnce_whereItStands() {
    String text = "partitions:\n  a: &p {vps: 0}\n  b: *p\n  c: *p\n";

    assertThat(refuse(text)).hasSize(1).first().asString().startsWith("s.yaml:2:15: ");
  }

  @Test
  void mergeKey_yieldsToKeysWritten() {
    Scenario scenario = load("partitions:\n  a: &p {vps: 2, weight: 7}\n  b: {<<: *p, vps: 3}\n");

    assertThat(scenario.partitions().get(1).vps()).isEqualTo(3);
    assertThat(scenario.partitions().get(1).controls().weight()).isEqualTo(7);
  }

  @Test
  void overload_isAWarning() {
    ReadResult result =
        ScenarioReader.read(
            "partitions: {vm: {tasks: {a: {periodic: {run: 3ms, period: 2ms}}}}}", "s.yaml");

    assertThat(result).isInstanceOf(ReadResult.Loaded.class);
    assertThat(((ReadResult.Loaded) result).warnings())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("s.yaml:1:47: warning: run 3ms is more than one processor")
        .endsWith("[S044]");
  }

  private static GroupSpec group(String body) {
    return load("partitions: {vm: {groups: {g: {" + body + "}}}}")
        .partitions()
        .getFirst()
        .groups()
        .getFirst();
  }

  private static Scenario load(String text) {
    return load(text, "s.yaml");
  }

  private static Scenario load(String text, String file) {
    ReadResult result = ScenarioReader.read(text, file);
    assertThat(result).isInstanceOf(ReadResult.Loaded.class);
    return ((ReadResult.Loaded) result).scenario();
  }

  private static List<String> refuse(String text) {
    ReadResult result = ScenarioReader.read(text, "s.yaml");
    assertThat(result).isInstanceOf(ReadResult.Refused.class);
    return ((ReadResult.Refused) result).errors().stream().map(Diagnostic::render).toList();
  }
}
