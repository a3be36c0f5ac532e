package dev.stint.testkit.swarm;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.FamilyShare;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.hypervisor.Rotation;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.PreemptModel;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CpuGroupSpec;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Draws small random scenarios: machine, hypervisor parameters, partitions, cgroups, workloads.
///
/// Swarm testing (Groce et al., "Swarm testing", ISSTA 2012): each seed first draws which features
/// may occur at all, so that combinations are met which an even mix of everything would bury.
public final class ScenarioSwarm {
  private static final long US = 1_000L;
  private static final long MS = 1_000_000L;

  private final RandomStream random;
  private final boolean quotas;
  private final boolean cpusets;
  private final boolean controls;
  private final boolean sleepers;
  private final boolean nesting;
  private final boolean policies;
  private final SwarmChanges changes;
  private final boolean devices;
  private int exchanges;

  private ScenarioSwarm(long seed) {
    random = new Simulation(seed).random().stream("swarm");
    quotas = chance(50);
    cpusets = chance(40);
    controls = chance(40);
    sleepers = chance(70);
    nesting = chance(50);
    policies = chance(50);
    changes = new SwarmChanges(new Simulation(seed).random().stream("swarm-changes"));
    devices = chance(30);
  }

  /// The scenario of a seed.
  public static Scenario draw(long seed) {
    return new ScenarioSwarm(seed).scenario(seed);
  }

  private boolean chance(int percent) {
    return random.nextBelow(100) < percent;
  }

  private int between(int low, int high) {
    return low + (int) random.nextBelow(high - low + 1L);
  }

  private long duration(long lowNs, long highNs) {
    return lowNs + random.nextBelow(highNs - lowNs + 1);
  }

  private Scenario scenario(long seed) {
    Machine machine = Machine.flat(between(1, 3), between(1, 2));
    HypervisorConfig config =
        new HypervisorConfig(
            duration(MS / 2, 20 * MS),
            duration(20 * MS, 100 * MS),
            chance(70) ? Rotation.ROUND_ROBIN : Rotation.IDEAL_PROCESSOR,
            chance(40),
            chance(70) ? FamilyShare.FAMILY : FamilyShare.OWN,
            false);
    List<PartitionSpec> partitions = new ArrayList<>();
    if (chance(75)) {
      partitions.add(l1vh(machine));
    }
    if (sleepers && chance(20)) {
      config = config.withLongSpin(duration(10 * US, MS));
    }
    int others = between(partitions.isEmpty() ? 1 : 0, 2);
    for (int i = 0; i < others; i++) {
      partitions.add(guest("vm" + i, machine.lpCount(), machine.threadsPerCore(), List.of()));
    }
    long durationNs = duration(50 * MS, 250 * MS);
    return new Scenario(
        "swarm-" + seed,
        "drawn from seed " + seed,
        seed,
        durationNs,
        machine,
        config,
        SwarmCosts.draw(seed),
        chance(50) ? KvmConfig.DEFAULT : new KvmConfig(duration(0, 2 * MS), between(0, 3)),
        cpuGroups(machine, partitions),
        partitions,
        List.of(Assembly.values()));
  }

  /// Sometimes one or two CPU groups, and some of the partitions in them.
  private List<CpuGroupSpec> cpuGroups(Machine machine, List<PartitionSpec> partitions) {
    List<CpuGroupSpec> groups = new ArrayList<>();
    for (int i = controls ? between(0, 2) : 0; i > 0; i--) {
      // A pair of siblings needs whole cores.
      int lps = between(1, machine.coreCount()) * machine.threadsPerCore();
      groups.add(
          new CpuGroupSpec(
              "cg" + i,
              chance(60) ? Optional.of(CpuSet.range(0, lps)) : Optional.empty(),
              between(0x800, Controls.ONE_LP)));
    }
    if (!groups.isEmpty()) {
      partitions.replaceAll(spec ->
          chance(60) ? spec.withCpuGroup(groups.get(between(0, groups.size() - 1)).name()) : spec);
    }
    return groups;
  }

  private PartitionSpec l1vh(Machine machine) {
    int vps = between(1, machine.lpCount());
    List<GroupSpec> groups = groups(vps, between(0, 3));
    List<PartitionSpec> children = new ArrayList<>();
    int count = between(0, 2);
    for (int i = 0; i < count; i++) {
      children.add(guest("child" + i, vps, machine.threadsPerCore(), groups));
    }
    return changes.in(
        new PartitionSpec(
            "l1vh",
            PartitionKind.L1VH,
            vps,
            1,
            controlsOf(),
            Optional.empty(),
            "",
            List.of(),
            linux(),
            groups,
            tasks(groups, vps, between(0, 3)),
            children));
  }

  private PartitionSpec guest(
      String name, int parentCpus, int threads, List<GroupSpec> parentGroups) {
    int vps = between(1, 3);
    List<GroupSpec> groups = groups(vps, between(0, 2));
    List<CpuSet> affinity = new ArrayList<>();
    if (!parentGroups.isEmpty() && chance(40)) {
      for (int i = 0; i < vps; i++) {
        affinity.add(CpuSet.of(between(0, parentCpus - 1)));
      }
    }
    return changes.in(
        new PartitionSpec(
            name,
            PartitionKind.GUEST,
            vps,
            between(1, threads),
            controlsOf(),
            Optional.empty(),
            parentGroups.isEmpty() ? "" : pickGroup(parentGroups),
            affinity,
            linux(),
            groups,
            withDevice(tasks(groups, vps, between(1, 4)), groups, vps),
            List.of()));
  }

  private Controls controlsOf() {
    if (!controls) {
      return Controls.DEFAULT;
    }
    int cap = chance(50) ? Controls.ONE_LP : between(0x1000, Controls.ONE_LP);
    return new Controls(between(1, 1000), cap, 0);
  }

  private LinuxConfig linux() {
    int[] rates = {100, 250, 300, 1000};
    KernelVersion[] versions = KernelVersion.values();
    KernelVersion version =
        chance(60) ? KernelVersion.V6_18 : versions[between(0, versions.length - 1)];
    return new LinuxConfig(
        version,
        rates[between(0, 3)],
        chance(80) || !version.eevdf()
            ? OptionalLong.empty()
            : OptionalLong.of(duration(100 * US, 10 * MS)),
        chance(30),
        policies && version.lazyPreemption() && chance(40) ? PreemptModel.LAZY : PreemptModel.NONE,
        policies && chance(40));
  }

  private List<GroupSpec> groups(int cpus, int count) {
    List<GroupSpec> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<GroupSpec> below =
          nesting && chance(40) ? List.of(group("inner", cpus, List.of())) : List.of();
      groups.add(group("g" + i, cpus, below));
    }
    return groups;
  }

  private GroupSpec group(String name, int cpus, List<GroupSpec> below) {
    Optional<Quota> quota = Optional.empty();
    if (quotas && chance(50)) {
      long period = duration(5 * MS, 100 * MS);
      long limit = duration(MS, period * cpus);
      quota = Optional.of(new Quota(limit, period, chance(30) ? limit / 2 : 0));
    }
    Optional<CpuSet> set =
        cpusets && chance(50) ? Optional.of(CpuSet.of(between(0, cpus - 1))) : Optional.empty();
    GroupWeight weight =
        policies && chance(30)
            ? new GroupWeight.Idle()
            : new GroupWeight.OfWeight(between(1, 1000));
    return new GroupSpec(name, weight, quota, set, below);
  }

  private String pickGroup(List<GroupSpec> groups) {
    if (groups.isEmpty() || chance(20)) {
      return "";
    }
    GroupSpec group = groups.get(between(0, groups.size() - 1));
    return !group.groups().isEmpty() && chance(50) ? group.name() + "/inner" : group.name();
  }

  private List<TaskSpec> tasks(List<GroupSpec> groups, int cpus, int count) {
    List<TaskSpec> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = between(0, 9);
      if (sleepers && kind == 8) {
        String exchange = "x" + exchanges++;
        long work = duration(US, MS);
        tasks.add(task("a" + i, groups, cpus, new WorkloadSpec.PingPong(exchange, work)));
        tasks.add(task("b" + i, groups, cpus, new WorkloadSpec.PingPong(exchange, work)));
      } else if (sleepers && kind == 9) {
        String barrier = "y" + exchanges++;
        boolean spin = chance(50);
        for (int party = 0; party < 3; party++) {
          WorkloadSpec spec = new WorkloadSpec.Barrier(barrier, duration(US, 5 * MS), spin);
          tasks.add(task("p" + i + "-" + party, groups, cpus, spec));
        }
      } else {
        tasks.add(task("t" + i, groups, cpus, workload(kind)));
      }
    }
    return tasks;
  }

  /// Only guests have a VMM.
  private List<TaskSpec> withDevice(List<TaskSpec> tasks, List<GroupSpec> groups, int cpus) {
    if (devices) {
      for (int i = between(1, 2); i > 0; i--) {
        long deviceNs = chance(50) ? 0 : duration(1, MS);
        WorkloadSpec io =
            new WorkloadSpec.Io(duration(US, 5 * MS), duration(100, 200 * US), deviceNs);
        tasks.add(task("io" + i, groups, cpus, io));
      }
    }
    return tasks;
  }

  private TaskSpec task(String name, List<GroupSpec> groups, int cpus, WorkloadSpec workload) {
    SchedulingPolicy[] all = SchedulingPolicy.values();
    return new TaskSpec(
        name,
        pickGroup(groups),
        policies && chance(40) ? all[between(0, all.length - 1)] : SchedulingPolicy.NORMAL,
        chance(70) ? 0 : between(-20, 19),
        chance(80) ? OptionalLong.empty() : OptionalLong.of(duration(100 * US, 20 * MS)),
        cpusets && chance(30) ? Optional.of(CpuSet.of(between(0, cpus - 1))) : Optional.empty(),
        policies && chance(30) ? "shared" : "",
        chance(70) ? 0 : duration(0, 50 * MS),
        workload);
  }

  private WorkloadSpec workload(int kind) {
    if (!sleepers) {
      return new WorkloadSpec.Busy();
    }
    return switch (kind) {
      case 0, 1, 2 -> new WorkloadSpec.Busy();
      case 3 -> new WorkloadSpec.Batch(duration(MS, 100 * MS));
      case 4, 5 -> {
        long period = duration(MS, 30 * MS);
        yield new WorkloadSpec.Periodic(duration(US, period), period, duration(0, period));
      }
      case 6 ->
          new WorkloadSpec.OnOff(
              duration(MS, 30 * MS), duration(MS, 30 * MS), duration(0, 30 * MS));
      default ->
          new WorkloadSpec.Requests(
              duration(MS, 20 * MS), chance(50), duration(10 * US, 5 * MS), chance(50));
    };
  }
}
