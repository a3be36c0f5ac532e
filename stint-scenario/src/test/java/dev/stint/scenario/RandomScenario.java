package dev.stint.scenario;

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
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.Costs;
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
import java.util.SplittableRandom;

/// Draws scenarios that the reader accepts.
final class RandomScenario {
  private static final List<String> NAMES =
      List.of("web", "no", "on", "null", "7", "1e3", "a-0", "a-1", "a", "x.slice", "u@1", "+");

  private final SplittableRandom random;

  RandomScenario(long seed) {
    random = new SplittableRandom(seed);
  }

  Scenario draw() {
    Machine machine = new Machine(below(2), below(2), below(2), below(4), below(2));
    boolean l1vh = random.nextBoolean();
    List<CpuGroupSpec> cpuGroups = cpuGroups(machine);
    List<PartitionSpec> partitions = new ArrayList<>();
    Optional<PartitionSpec> root = Optional.empty();
    if (random.nextBoolean()) {
      PartitionSpec spec =
          partition("root", PartitionKind.ROOT, machine, Optional.empty(), List.of());
      root = Optional.of(spec);
    }
    if (l1vh) {
      PartitionSpec childless =
          partition("l1vh", PartitionKind.L1VH, machine, Optional.empty(), List.of());
      List<PartitionSpec> children = new ArrayList<>();
      for (int i = below(3); i > 0; i--) {
        children.add(
            partition("c" + i, PartitionKind.GUEST, machine, Optional.of(childless), List.of()));
      }
      partitions.add(with(childless, children));
    }
    for (int i = below(3); i > 0; i--) {
      partitions.add(partition("g" + i, PartitionKind.GUEST, machine, root, List.of()));
    }
    if (!cpuGroups.isEmpty()) {
      partitions.replaceAll(spec ->
          spec.lps().isEmpty() && random.nextBoolean()
              ? spec.withCpuGroup(pick(cpuGroups).name())
              : spec);
    }
    root.ifPresent(spec -> partitions.add(random.nextInt(partitions.size() + 1), spec));
    List<Assembly> under =
        l1vh ? List.of(Assembly.INTEGRATED, Assembly.CLASSIC) : List.of(Assembly.ROOT);
    return new Scenario(
        name(),
        pick(List.of("", "a: b # c", "\"quoted\" \\ text", "two\nlines\tand é 😀", "no")),
        random.nextLong(),
        durationNs(1_000_000L, 3_600_000_000_000L),
        machine,
        hypervisor(),
        costs(),
        random.nextBoolean()
            ? KvmConfig.DEFAULT
            : new KvmConfig(durationNs(0, 1_000_000_000), random.nextInt(1_001)),
        cpuGroups,
        partitions,
        under);
  }

  private Costs costs() {
    Costs costs = pick(List.of(Costs.NONE, Costs.NONE, Costs.TYPICAL));
    while (random.nextInt(3) > 0) {
      long minNs = durationNs(0, 2_000_000);
      Cost cost =
          random.nextBoolean() ? Cost.fixed(minNs) : new Cost(minNs, durationNs(minNs, 50_000_000));
      costs = costs.with(pick(List.of(CostParameter.values())), cost);
    }
    return random.nextBoolean() ? costs : costs.withSmt(1 + random.nextInt(1_000));
  }

  private List<CpuGroupSpec> cpuGroups(Machine machine) {
    List<CpuGroupSpec> groups = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      groups.add(
          new CpuGroupSpec(
              "cg" + i,
              random.nextBoolean() ? Optional.of(cpus(machine.lpCount())) : Optional.empty(),
              random.nextBoolean() ? Controls.ONE_LP : random.nextInt(Controls.ONE_LP)));
    }
    return groups;
  }

  private HypervisorConfig hypervisor() {
    if (random.nextBoolean()) {
      return HypervisorConfig.DEFAULT;
    }
    return new HypervisorConfig(
        durationNs(100_000, 1_000_000_000),
        durationNs(1_000_000, 1_000_000_000),
        pick(List.of(Rotation.values())),
        random.nextBoolean(),
        pick(List.of(FamilyShare.values())),
        false,
        durationNs(0, 1_000_000_000));
  }

  private PartitionSpec partition(
      String name,
      PartitionKind kind,
      Machine machine,
      Optional<PartitionSpec> parent,
      List<PartitionSpec> children) {
    boolean root = kind == PartitionKind.ROOT;
    int vps = root ? machine.lpCount() : below(6);
    int threads = root ? machine.threadsPerCore() : vps % 2 == 0 && random.nextBoolean() ? 2 : 1;
    int cap = random.nextBoolean() ? Controls.ONE_LP : 1 + random.nextInt(Controls.ONE_LP);
    // Small enough that all VPs together never reserve more than one LP.
    int reserve = random.nextInt(Math.min(cap, Controls.ONE_LP / 2_000) + 1);
    boolean guest = kind == PartitionKind.GUEST && parent.isPresent();
    boolean topGuest = !root && !(guest && parent.get().kind() == PartitionKind.L1VH);
    List<GroupSpec> groups = groups(vps, 2);
    LinuxConfig linux = linux(groups);
    List<TaskSpec> tasks = tasks(vps, groups, linux.autogroup());
    return new PartitionSpec(
        name,
        kind,
        vps,
        threads,
        false,
        new Controls(random.nextBoolean() ? 100 : 1 + random.nextInt(10_000), cap, reserve),
        topGuest && random.nextBoolean() ? Optional.of(cpus(machine.lpCount())) : Optional.empty(),
        "",
        guest ? pick(paths(parent.get().groups())) : "",
        guest && random.nextBoolean() ? affinity(vps, parent.get().vps()) : List.of(),
        linux,
        groups,
        tasks,
        children,
        new RandomChanges(random, vps, paths(groups), tasks, linux.cpusets()).draw());
  }

  private static PartitionSpec with(PartitionSpec spec, List<PartitionSpec> children) {
    return new PartitionSpec(
        spec.name(),
        spec.kind(),
        spec.vps(),
        spec.threadsPerCore(),
        spec.coresHidden(),
        spec.controls(),
        spec.lps(),
        spec.cpuGroup(),
        spec.group(),
        spec.affinity(),
        spec.linux(),
        spec.groups(),
        spec.tasks(),
        children,
        spec.changes());
  }

  private List<CpuSet> affinity(int vps, int parentCpus) {
    List<CpuSet> affinity = new ArrayList<>();
    for (int i = 0; i < vps; i++) {
      affinity.add(cpus(parentCpus));
    }
    return affinity;
  }

  private LinuxConfig linux(List<GroupSpec> groups) {
    if (random.nextBoolean()) {
      return LinuxConfig.DEFAULT;
    }
    KernelVersion version = pick(List.of(KernelVersion.values()));
    return new LinuxConfig(
        version,
        pick(List.of(100, 250, 300, 1000)),
        version.eevdf() ? slice() : OptionalLong.empty(),
        random.nextBoolean(),
        pick(
            version.lazyPreemption()
                ? List.of(PreemptModel.values())
                : List.of(PreemptModel.NONE, PreemptModel.FULL)),
        random.nextBoolean(),
        groups.stream().allMatch(RandomScenario::legacy)
            ? pick(List.of(CpusetVersion.values()))
            : CpusetVersion.V2);
  }

  private static boolean legacy(GroupSpec group) {
    return group.exclusive().isEmpty()
        && group.partition() == PartitionType.MEMBER
        && group.groups().stream().allMatch(RandomScenario::legacy);
  }

  private OptionalLong slice() {
    return random.nextBoolean()
        ? OptionalLong.empty()
        : OptionalLong.of(durationNs(100_000, 100_000_000));
  }

  private List<GroupSpec> groups(int cpuCount, int depth) {
    List<GroupSpec> groups = new ArrayList<>();
    for (int i = depth == 0 ? 0 : random.nextInt(3); i > 0; i--) {
      Optional<CpuSet> cpus =
          random.nextInt(3) == 0 ? Optional.of(CpuSet.range(0, cpuCount)) : Optional.empty();
      // Never a valid partition, which could leave a task no CPU.
      boolean exclusive = i == 1 && cpuCount > 1 && random.nextBoolean();
      groups.add(
          new GroupSpec(
              NAMES.get(i),
              groupWeight(),
              random.nextBoolean() ? Optional.empty() : Optional.of(quota()),
              cpus,
              exclusive ? CpuSet.of(0) : CpuSet.EMPTY,
              exclusive ? PartitionType.MEMBER : pick(List.of(PartitionType.values())),
              exclusive ? List.of() : groups(cpuCount, depth - 1)));
    }
    return groups;
  }

  private GroupWeight groupWeight() {
    return switch (random.nextInt(4)) {
      case 0 -> new GroupWeight.OfWeight(1 + random.nextInt(10_000));
      case 1 -> new GroupWeight.OfNice(random.nextInt(-20, 20));
      case 2 -> new GroupWeight.Idle();
      default -> GroupWeight.DEFAULT;
    };
  }

  private Quota quota() {
    long quotaNs = durationNs(1_000_000, 8_000_000_000L);
    long periodNs = durationNs(1_000_000, 1_000_000_000);
    return new Quota(
        quotaNs,
        periodNs,
        random.nextBoolean() ? 0 : random.nextLong(quotaNs + 1),
        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong(periodNs)));
  }

  private static List<String> paths(List<GroupSpec> groups) {
    List<String> paths = new ArrayList<>(List.of(""));
    for (GroupSpec group : groups) {
      for (String below : paths(group.groups())) {
        paths.add(below.isEmpty() ? group.name() : group.name() + "/" + below);
      }
    }
    return paths;
  }

  private List<TaskSpec> tasks(int cpuCount, List<GroupSpec> groups, boolean autogroup) {
    List<TaskSpec> tasks = new ArrayList<>();
    WorkloadSpec shared = workload();
    for (String name : NAMES) {
      if (random.nextInt(3) == 0) {
        boolean alike = name.startsWith("a");
        String group = alike ? "" : pick(paths(groups));
        tasks.add(
            new TaskSpec(
                name,
                group,
                alike ? SchedulingPolicy.NORMAL : pick(List.of(SchedulingPolicy.values())),
                alike ? 0 : random.nextInt(-20, 20),
                alike ? OptionalLong.empty() : slice(),
                alike || random.nextBoolean() ? Optional.empty() : Optional.of(cpus(cpuCount)),
                autogroup && group.isEmpty() && !alike ? pick(List.of("", "s")) : "",
                alike ? 0 : durationNs(0, 1_000_000),
                alike ? shared : workload()));
      }
    }
    for (int i = 0; i < 2 && random.nextBoolean(); i++) {
      addMeeting(tasks, i);
    }
    return tasks;
  }

  private void addMeeting(List<TaskSpec> tasks, int number) {
    String stem = "meet" + number;
    long workNs = durationNs(100, 1_000_000);
    WorkloadSpec workload =
        random.nextBoolean()
            ? new WorkloadSpec.PingPong(stem, workNs)
            : new WorkloadSpec.Barrier(pick(List.of(stem, "no")), workNs, random.nextBoolean());
    for (int i = 0; i < 2; i++) {
      tasks.add(
          new TaskSpec(stem + "-" + i, "", 0, OptionalLong.empty(), Optional.empty(), 0, workload));
    }
  }

  private WorkloadSpec workload() {
    long a = durationNs(1_000, 1_000_000_000);
    long b = durationNs(1_000, 1_000_000_000);
    return switch (random.nextInt(5)) {
      case 0 -> new WorkloadSpec.Batch(a);
      case 1 -> new WorkloadSpec.Periodic(a, b, durationNs(0, a));
      case 2 -> new WorkloadSpec.OnOff(a, b, durationNs(0, a));
      case 3 -> new WorkloadSpec.Requests(a, random.nextBoolean(), b, random.nextBoolean());
      default -> new WorkloadSpec.Busy();
    };
  }

  private CpuSet cpus(int count) {
    CpuSet cpus = CpuSet.of(random.nextInt(count));
    for (int i = 0; i < count; i++) {
      cpus = random.nextBoolean() ? cpus.or(CpuSet.of(i)) : cpus;
    }
    return cpus;
  }

  /// Mostly round, as people write them.
  private long durationNs(long min, long max) {
    long ns = random.nextLong(min, max + 1);
    long unit = pick(List.of(1L, 1_000L, 100_000L, 1_000_000L, 1_000_000_000L));
    return Math.max(min, ns / unit * unit);
  }

  private String name() {
    return pick(NAMES);
  }

  private int below(int max) {
    return 1 + random.nextInt(max);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
