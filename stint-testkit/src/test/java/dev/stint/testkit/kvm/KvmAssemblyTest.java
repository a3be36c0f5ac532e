package dev.stint.testkit.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Costs;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// KVM guests on a host Linux: who runs them, what they see of it, and when their threads poll.
final class KvmAssemblyTest {
  private static final long US = 1_000;
  private static final long MS = 1_000_000;

  private final Map<String, SortedMap<String, String>> files = new LinkedHashMap<>();
  private Optional<Timeline> timeline = Optional.empty();

  private static TaskSpec task(String name, WorkloadSpec workload) {
    return new TaskSpec(name, "", 0, OptionalLong.empty(), Optional.empty(), 0, workload);
  }

  private static PartitionSpec partition(
      String name, PartitionKind kind, String group, List<GroupSpec> groups, List<TaskSpec> tasks) {
    return new PartitionSpec(
        name,
        kind,
        1,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        group,
        List.of(),
        LinuxConfig.DEFAULT,
        groups,
        tasks,
        List.of());
  }

  private static PartitionSpec guest(String name, WorkloadSpec workload) {
    return partition(name, PartitionKind.GUEST, "", List.of(), List.of(task("t", workload)));
  }

  /// Runs the partitions on one LP.
  private RunResult run(
      Assembly assembly, KvmConfig kvm, long durationNs, PartitionSpec... partitions) {
    Scenario scenario =
        new Scenario(
            "test",
            "",
            1,
            durationNs,
            Machine.flat(1, 1),
            HypervisorConfig.DEFAULT,
            Costs.NONE,
            kvm,
            List.of(),
            List.of(partitions),
            List.of(assembly));
    return Experiment.run(
        scenario,
        assembly,
        new RunOptions(
            true,
            Optional.of(run -> {
              Timeline drawn = new Timeline(run.entities());
              timeline = Optional.of(drawn);
              return Watch.events(drawn);
            }),
            Optional.of(files::put),
            Optional.empty(),
            _ -> {}));
  }

  private String line(String processor, long stepNs, long untilNs) {
    return timeline.orElseThrow().draw(processor, stepNs, untilNs);
  }

  private static EntityResult entity(RunResult result, String path) {
    return result.entity(path).orElseThrow();
  }

  private static Percentiles metric(RunResult result, String path, String name) {
    return entity(result, path).metrics().getOrDefault(name, Percentiles.EMPTY);
  }

  /// A column of the guest's `cpu` line in /proc/stat, in ticks: 3 is idle, 7 is steal.
  private long stat(String partition, int column) {
    String line = files.get(partition).get("proc/stat").lines().findFirst().orElseThrow();
    return Long.parseLong(line.trim().split(" +")[column + 1]);
  }

  @Test
  void twoSpinners_onOneLp_eachGuestSeesHalfStolen_andUnderRootNone() {
    PartitionSpec a = guest("a", new WorkloadSpec.Busy());
    PartitionSpec b = guest("b", new WorkloadSpec.Busy());
    RunResult kvm = run(Assembly.KVM, KvmConfig.DEFAULT, 10_000 * MS, a, b);
    for (String name : List.of("a", "b")) {
      assertThat(entity(kvm, name + "/vp0").share()).isCloseTo(0.5, within(0.001));
      assertThat(stat(name, 7)).as("steal ticks of %s", name).isCloseTo(500L, within(2L));
      assertThat(stat(name, 0)).as("user ticks of %s", name).isCloseTo(500L, within(6L));
    }
    run(Assembly.ROOT, KvmConfig.DEFAULT, 10_000 * MS, a, b);
    assertThat(stat("a", 7)).isZero();
    assertThat(stat("a", 0)).isGreaterThan(600L);
  }

  @Test
  void quotaOverTheThread_isStolenTimeToTheGuest() {
    GroupSpec half =
        new GroupSpec(
            "half", 100, Optional.of(new Quota(50 * MS, 100 * MS, 0)), Optional.empty(), List.of());
    PartitionSpec host = partition("host", PartitionKind.ROOT, "", List.of(half), List.of());
    PartitionSpec vm =
        partition(
            "vm",
            PartitionKind.GUEST,
            "half",
            List.of(),
            List.of(task("t", new WorkloadSpec.Busy())));
    RunResult result = run(Assembly.KVM, KvmConfig.DEFAULT, 10_000 * MS, host, vm);
    assertThat(entity(result, "vm/vp0").share()).isCloseTo(0.5, within(0.01));
    assertThat(stat("vm", 7)).isCloseTo(500L, within(10L));
  }

  /*
   * The guest computes 30 us of every 60: its halts of 30 us are too long for the first interval
   * (10 us) and for the second (20 us), and are caught by the third (40 us).
   */
  @Test
  void shortHalts_pollGrowsUntilItHits() {
    PartitionSpec vm = guest("vm", new WorkloadSpec.Periodic(30 * US, 60 * US, 0));
    RunResult result = run(Assembly.KVM, KvmConfig.DEFAULT, 1 * MS, vm);
    assertThat(line("vm/vp0", 10 * US, 360 * US)).isEqualTo("TTT...TTT...TTT...TTT...TTT...TTT...");
    assertThat(line("host/vp0", 10 * US, 360 * US))
        .isEqualTo("000...0000..00000.000000000000000000");
    String thread = "host/thread:vm/vcpu0";
    assertThat(metric(result, thread, "halt_poll_fail_ns").count()).isEqualTo(2);
    assertThat(metric(result, thread, "halt_poll_success_ns").p50Ns())
        .isCloseTo(30 * US, within(US));
    assertThat(entity(result, thread).runNs())
        .as("the host accounts the polls to the thread")
        .isGreaterThan(entity(result, "vm/vp0").runNs() + 400 * US);
    assertThat(entity(result, "vm/vp0").blockedNs()).as("the guest idles").isEqualTo(490 * US);
  }

  @Test
  void noHaltPolling_threadSleepsWhileTheGuestIdles() {
    PartitionSpec vm = guest("vm", new WorkloadSpec.Periodic(30 * US, 60 * US, 0));
    RunResult result = run(Assembly.KVM, new KvmConfig(0, 2), 1 * MS, vm);
    assertThat(line("host/vp0", 10 * US, 120 * US)).isEqualTo("000...000...");
    assertThat(entity(result, "host/thread:vm/vcpu0").runNs())
        .isEqualTo(entity(result, "vm/vp0").runNs());
  }

  /* 210 us are longer than the longest poll of 200 us: after a few of them nobody polls. */
  @Test
  void longHalts_neverPoll() {
    PartitionSpec vm = guest("vm", new WorkloadSpec.Periodic(30 * US, 240 * US, 0));
    RunResult result = run(Assembly.KVM, KvmConfig.DEFAULT, 10 * MS, vm);
    assertThat(entity(result, "host/thread:vm/vcpu0").metrics())
        .doesNotContainKeys("halt_poll_success_ns", "halt_poll_fail_ns");
  }

  @Test
  void anotherTask_endsThePollAtOnce() {
    PartitionSpec host =
        partition(
            "host",
            PartitionKind.ROOT,
            "",
            List.of(),
            List.of(task("x", new WorkloadSpec.Periodic(10 * US, 2000 * US, 1000 * US))));
    PartitionSpec vm =
        partition(
            "vm",
            PartitionKind.GUEST,
            "",
            List.of(),
            List.of(task("t", new WorkloadSpec.Periodic(30 * US, 60 * US, 0))));
    RunResult result = run(Assembly.KVM, KvmConfig.DEFAULT, 2 * MS, host, vm);
    // From 960 us on: the guest halts at 990 and its thread polls, until x is woken at 1000.
    assertThat(line("host/vp0", 10 * US, 1080 * US).substring(96)).isEqualTo("0000X.000000");
    assertThat(metric(result, "host/thread:vm/vcpu0", "halt_poll_fail_ns").count()).isEqualTo(3);
  }

  @Test
  void l1vhScenario_itsLinuxIsTheHost() {
    PartitionSpec vm = guest("vm", new WorkloadSpec.Busy());
    PartitionSpec l1vh =
        new PartitionSpec(
            "l1vh",
            PartitionKind.L1VH,
            1,
            1,
            Controls.DEFAULT,
            Optional.empty(),
            "",
            List.of(),
            LinuxConfig.DEFAULT,
            List.of(),
            List.of(task("agent", new WorkloadSpec.Busy())),
            List.of(vm));
    RunResult result = run(Assembly.KVM, KvmConfig.DEFAULT, 1_000 * MS, l1vh);
    assertThat(entity(result, "l1vh/vm/vp0").share()).isCloseTo(0.5, within(0.01));
    assertThat(entity(result, "l1vh/vm").entitledShare().orElseThrow())
        .isCloseTo(0.5, within(0.001));
    assertThat(result.notes()).contains("l1vh: its Linux stands in for the host's");
    assertThat(stat("l1vh", 7)).as("nobody steals from the host").isZero();
    assertThat(stat("l1vh/vm", 7)).isCloseTo(50L, within(1L));
  }

  @Test
  void cpuset_ofTheThread_boundsTheGuest() {
    GroupSpec pinned =
        new GroupSpec("pin", 100, Optional.empty(), Optional.of(CpuSet.of(0)), List.of());
    PartitionSpec host = partition("host", PartitionKind.ROOT, "", List.of(pinned), List.of());
    PartitionSpec vm =
        partition(
            "vm",
            PartitionKind.GUEST,
            "pin",
            List.of(),
            List.of(task("t", new WorkloadSpec.Busy())));
    Scenario scenario =
        new Scenario(
            "test",
            "",
            1,
            100 * MS,
            Machine.flat(2, 1),
            HypervisorConfig.DEFAULT,
            Costs.NONE,
            KvmConfig.DEFAULT,
            List.of(),
            List.of(twoCpus(host), vm),
            List.of(Assembly.KVM));
    RunResult result =
        Experiment.run(scenario, Assembly.KVM, new RunOptions(true, Optional.empty(), _ -> {}));
    assertThat(entity(result, "lp0").runNs()).isEqualTo(100 * MS);
    assertThat(entity(result, "lp1").runNs()).isZero();
  }

  private static PartitionSpec twoCpus(PartitionSpec host) {
    return new PartitionSpec(
        host.name(),
        host.kind(),
        2,
        1,
        host.controls(),
        host.lps(),
        "",
        List.of(),
        host.linux(),
        host.groups(),
        host.tasks(),
        List.of());
  }
}
