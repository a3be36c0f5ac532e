package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.PreemptModel;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.VmVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads one partition and its children.
final class PartitionReader {
  private static final List<String> KEYS =
      List.of(
          "kind",
          "vps",
          "threads-per-core",
          "vm-version",
          "weight",
          "cap",
          "reserve",
          "lps",
          "cpu-group",
          "group",
          "vcpu-affinity",
          "linux",
          "groups",
          "tasks",
          "children",
          "changes");
  private static final List<String> LINUX =
      List.of("kernel", "hz", "base-slice", "steal-clock", "preempt", "autogroup", "cpuset");
  private static final Map<String, PartitionKind> KINDS =
      Choices.of(PartitionKind.values(), PartitionKind::text);
  private static final Map<String, VmVersion> VERSIONS =
      Choices.of(VmVersion.values(), VmVersion::text);
  private static final Map<String, PreemptModel> PREEMPT =
      Choices.of(PreemptModel.values(), PreemptModel::text);
  private static final Map<String, CpusetVersion> CPUSETS =
      Choices.of(CpusetVersion.values(), CpusetVersion::text);
  private static final Map<String, Integer> HZ =
      Choices.of(new Integer[] {100, 250, 300, 1000}, String::valueOf);

  private final Problems problems;
  private final Budget budget;
  private final Frame frame;

  PartitionReader(Problems problems, Budget budget, Frame frame) {
    this.problems = problems;
    this.budget = budget;
    this.frame = frame;
  }

  /// What all partitions of a scenario share.
  ///
  /// @param machine the machine; if the one written is refused, the largest, so that no further
  ///   error follows from it
  /// @param machineKnown whether the machine is the one written
  /// @param durationNs the scenario's
  /// @param cpuGroups the names of its CPU groups
  record Frame(Machine machine, boolean machineKnown, long durationNs, List<String> cpuGroups) {}

  /// The Linux that holds a guest's vCPU threads.
  ///
  /// @param name the partition's name
  /// @param cpuCount its CPUs
  /// @param groups the paths of its cgroups
  /// @param full those of them without a CPU
  /// @param nested whether its guests are an L1VH's children, else they are top-level partitions
  record Parent(
      String name, int cpuCount, List<String> groups, List<String> full, boolean nested) {}

  /// A partition as read, with what its guests need to know of it.
  record Read(PartitionSpec partition, Parent asParent) {}

  /// The kind that an entry says, without recording anything.
  static Optional<PartitionKind> kind(Tree tree) {
    return tree instanceof Tree.Mapping mapping
            && mapping.find("kind").orElse(mapping) instanceof Tree.Scalar scalar
        ? Optional.ofNullable(KINDS.get(scalar.text()))
        : Optional.empty();
  }

  /// Reads a partition.
  ///
  /// @param parent the Linux that would hold its vCPU threads, if there is one
  Read read(Tree.Entry entry, Optional<Parent> parent) {
    String name = entry.key().text();
    Names.checkPartition(problems, entry.key());
    Fields fields = Fields.of(problems, entry.value(), "partition " + quoted(name), KEYS);
    boolean child = parent.isPresent() && parent.get().nested;
    PartitionKind kind = kind(fields, child);
    int vps = vps(fields, kind);
    budget.takeVps(vps, entry.key().at());
    Optional<VmVersion> version = version(fields, kind);
    int threadsPerCore = threadsPerCore(fields, kind, vps, version);
    Controls controls = controls(fields);
    Optional<CpuSet> lps = lps(fields, kind, child);
    String cpuGroup = cpuGroup(fields, kind, child);
    String group = group(fields, kind, parent);
    List<CpuSet> affinity = affinity(fields, kind, vps, parent);
    LinuxConfig linux = linux(fields);
    GroupReader groupReader = new GroupReader(problems, vps, linux.cpusets());
    List<GroupSpec> groups = groupReader.read(fields);
    List<TaskSpec> tasks =
        new TaskReader(
                problems,
                budget,
                vps,
                groupReader.effectiveCpus(),
                frame.durationNs,
                linux.autogroup(),
                kind == PartitionKind.GUEST)
            .read(fields);
    List<String> paths =
        groupReader.effectiveCpus().keySet().stream().filter(path -> !path.isEmpty()).toList();
    List<String> full = paths.stream().filter(path -> groupReader.hasNoCpu(path)).toList();
    Parent asParent = new Parent(name, vps, paths, full, kind == PartitionKind.L1VH);
    List<PartitionSpec> children = children(fields, kind, asParent);
    PartitionSpec partition =
        new PartitionSpec(
            name,
            kind,
            vps,
            threadsPerCore,
            coresHidden(fields, threadsPerCore, version),
            controls,
            lps,
            cpuGroup,
            group,
            affinity,
            linux,
            groups,
            tasks,
            children,
            new ChangeReader(problems, groupReader, tasks, vps, frame.durationNs).read(fields));
    return new Read(partition, asParent);
  }

  private PartitionKind kind(Fields fields, boolean child) {
    PartitionKind kind = fields.choice("kind", KINDS, PartitionKind.GUEST);
    if (child && kind != PartitionKind.GUEST) {
      problems.add(
          DiagnosticCode.CHILDREN,
          fields.at("kind"),
          kind.text(),
          "a child is a guest and got kind " + kind.text(),
          "Remove `kind`, or move the partition to the top level");
      return PartitionKind.GUEST;
    }
    return kind;
  }

  private int vps(Fields fields, PartitionKind kind) {
    int lpCount = frame.machine.lpCount();
    if (kind != PartitionKind.ROOT) {
      return fields.integer("vps", 1, PartitionSpec.VPS_MAX, 1, DiagnosticCode.VP_COUNT);
    }
    int vps = fields.integer("vps", 1, Machine.LP_COUNT_MAX, lpCount, DiagnosticCode.VP_COUNT);
    if (frame.machineKnown && vps != lpCount) {
      problems.add(
          DiagnosticCode.ROOT_SHAPE,
          fields.at("vps"),
          fields.text("vps", ""),
          "the root partition has "
              + vps
              + " VPs and the machine "
              + lpCount
              + " LPs; a root partition has one VP per LP",
          "Remove `vps`");
    }
    return vps;
  }

  private Optional<VmVersion> version(Fields fields, PartitionKind kind) {
    if (!fields.has("vm-version")) {
      return Optional.empty();
    }
    if (kind == PartitionKind.ROOT) {
      problems.add(
          DiagnosticCode.ROOT_SHAPE,
          fields.at("vm-version"),
          fields.text("vm-version", ""),
          "the root partition is no VM and has no configuration version",
          "Remove `vm-version`");
    }
    return Optional.of(fields.choice("vm-version", VERSIONS, VmVersion.V9_0));
  }

  /* Siblings that nobody asked for are shown or not by the version of the VM. */
  private boolean coresHidden(Fields fields, int threads, Optional<VmVersion> version) {
    boolean hidden =
        threads > 1
            && !fields.has("threads-per-core")
            && version.filter(v -> !v.showsCores()).isPresent();
    if (hidden) {
      problems.add(
          DiagnosticCode.HIDDEN_CORES,
          fields.at("vm-version"),
          fields.text("vm-version", ""),
          "a VM of version 8.2 with more VPs than the machine's "
              + frame.machine.coreCount()
              + " cores shares cores and is not told",
          "Write threads-per-core, or fewer VPs");
    }
    return hidden;
  }

  private int threadsPerCore(
      Fields fields, PartitionKind kind, int vps, Optional<VmVersion> version) {
    int machines = frame.machine.threadsPerCore();
    int fallback =
        kind == PartitionKind.ROOT
            ? machines
            : version.map(v -> v.threadsPerCore(vps, frame.machine)).orElse(1);
    int written =
        fields.integer(
            "threads-per-core", 0, Machine.LP_COUNT_MAX, fallback, DiagnosticCode.THREADS);
    int threads = written == 0 ? machines : written;
    if (kind == PartitionKind.ROOT) {
      if (frame.machineKnown && threads != machines) {
        problems.add(
            DiagnosticCode.ROOT_SHAPE,
            fields.at("threads-per-core"),
            fields.text("threads-per-core", ""),
            "the root partition has threads-per-core " + threads + " and the machine " + machines,
            "Remove `threads-per-core` from the root partition");
      }
    } else if (vps % threads != 0) {
      problems.add(
          DiagnosticCode.THREADS,
          fields.at("threads-per-core"),
          fields.text("threads-per-core", ""),
          "threads-per-core " + threads + " does not divide the " + vps + " VPs",
          "Use a multiple of " + threads + " VPs, or threads-per-core 1");
    }
    return threads;
  }

  private Controls controls(Fields fields) {
    int weight = fields.integer("weight", 1, 10_000, 100, DiagnosticCode.WEIGHT);
    int cap = fields.percentRaw("cap", Controls.ONE_LP);
    int reserve = fields.percentRaw("reserve", 0);
    if (cap < 1) {
      problems.add(
          DiagnosticCode.CAP_RESERVE,
          fields.at("cap"),
          fields.text("cap", ""),
          "cap " + fields.text("cap", "") + " would stop the partition",
          "Write more than 0%, or 100% for no cap");
      return Controls.DEFAULT;
    }
    if (reserve > cap) {
      problems.add(
          DiagnosticCode.CAP_RESERVE,
          fields.at("reserve"),
          fields.text("reserve", ""),
          "reserve " + Quantities.percent(reserve) + " is above the cap " + Quantities.percent(cap),
          "Lower the reserve or raise the cap");
      return Controls.DEFAULT;
    }
    return new Controls(weight, cap, reserve);
  }

  private Optional<CpuSet> lps(Fields fields, PartitionKind kind, boolean child) {
    if (child && refuse(fields, "lps", "a child uses its L1VH's LPs")) {
      return Optional.empty();
    }
    if (kind == PartitionKind.ROOT && refuse(fields, "lps", "a root partition has every LP")) {
      return Optional.empty();
    }
    int lpCount = frame.machine.lpCount();
    return fields.cpus(
        "lps", lpCount, "the machine has " + lpCount + (lpCount == 1 ? " LP" : " LPs"));
  }

  private String cpuGroup(Fields fields, PartitionKind kind, boolean child) {
    Optional<Tree.Scalar> name = fields.scalar("cpu-group");
    if (name.isEmpty()
        || (child && refuse(fields, "cpu-group", "a child uses its L1VH's LPs"))
        || (kind == PartitionKind.ROOT
            && refuse(fields, "cpu-group", "a root partition has every LP"))
        || (fields.has("lps")
            && refuse(fields, "cpu-group", "its LPs are `lps`, which is a CPU group of its own"))) {
      return "";
    }
    String text = name.get().text();
    if (!frame.cpuGroups.contains(text)) {
      problems.add(
          DiagnosticCode.UNKNOWN_GROUP,
          name.get(),
          "no CPU group " + quoted(text) + " in the scenario",
          frame.cpuGroups.isEmpty()
              ? "Declare it under `cpu-groups`"
              : Texts.didYouMean(text, frame.cpuGroups));
      return "";
    }
    return text;
  }

  private String group(Fields fields, PartitionKind kind, Optional<Parent> parent) {
    Optional<Tree.Scalar> path = fields.scalar("group");
    if (path.isEmpty() || !hasParent(fields, "group", kind, parent)) {
      return "";
    }
    Parent holder = parent.orElseThrow();
    String text = path.get().text();
    if (!holder.groups.contains(text)) {
      problems.add(
          DiagnosticCode.UNKNOWN_GROUP,
          path.get(),
          "no cgroup "
              + quoted(text)
              + " in partition "
              + quoted(holder.name)
              + ", whose Linux holds the vCPU threads",
          holder.groups.isEmpty()
              ? "Declare it under that partition's `groups`"
              : Texts.didYouMean(text, holder.groups));
      return "";
    }
    if (holder.full.contains(text)) {
      GroupReader.reportFull(problems, path.get(), "vCPU thread");
    }
    return text;
  }

  private List<CpuSet> affinity(
      Fields fields, PartitionKind kind, int vps, Optional<Parent> parent) {
    List<Tree> items = fields.items("vcpu-affinity", "vcpu-affinity");
    if (items.isEmpty() || !hasParent(fields, "vcpu-affinity", kind, parent)) {
      return List.of();
    }
    if (items.size() != vps) {
      problems.add(
          DiagnosticCode.VCPU_AFFINITY,
          fields.at("vcpu-affinity"),
          "",
          "vcpu-affinity has "
              + items.size()
              + (items.size() == 1 ? " entry" : " entries")
              + " for "
              + vps
              + (vps == 1 ? " VP" : " VPs"),
          "Write one CPU list for each VP");
      return List.of();
    }
    Parent holder = parent.orElseThrow();
    String whose = "partition " + quoted(holder.name) + " has " + holder.cpuCount + " VPs";
    List<CpuSet> affinity = new ArrayList<>();
    for (Tree item : items) {
      Fields.scalar(problems, item, "an entry of vcpu-affinity")
          .flatMap(list -> Fields.cpus(problems, list, "vcpu-affinity", holder.cpuCount, whose))
          .ifPresent(affinity::add);
    }
    return affinity;
  }

  /// Whether the partition's vCPU threads are in a Linux that the scenario describes; records a
  /// problem if not.
  private boolean hasParent(
      Fields fields, String key, PartitionKind kind, Optional<Parent> parent) {
    return switch (kind) {
      case ROOT -> !refuse(fields, key, "a root partition has no vCPU threads");
      case L1VH -> !refuse(fields, key, "only guests have it");
      case GUEST ->
          parent.isPresent()
              || !refuse(fields, key, "no partition of kind root holds this guest's vCPU threads");
    };
  }

  private boolean refuse(Fields fields, String key, String reason) {
    Optional<Tree.Scalar> written = fields.key(key);
    written.ifPresent(at ->
        problems.add(
            DiagnosticCode.NOT_HERE,
            at,
            key + " has no meaning here: " + reason,
            "Remove `" + key + "`"));
    return written.isPresent();
  }

  private LinuxConfig linux(Fields partition) {
    Fields fields = partition.fields("linux", "linux", LINUX);
    LinuxConfig def = LinuxConfig.DEFAULT;
    OptionalLong baseSliceNs =
        fields.durationNs("base-slice", 100_000L, 100_000_000L, DiagnosticCode.SLICE);
    KernelVersion version =
        fields.choice(
            "kernel", Choices.of(KernelVersion.values(), KernelVersion::text), def.version());
    boolean sliceless = !version.eevdf() && refuse(fields, "base-slice", "CFS has no base slice");
    return new LinuxConfig(
        version,
        fields.choice("hz", HZ, def.hz()),
        sliceless ? OptionalLong.empty() : baseSliceNs,
        fields.flag("steal-clock", def.stealClock()),
        preempt(fields, version),
        fields.flag("autogroup", def.autogroup()),
        fields.choice("cpuset", CPUSETS, def.cpusets()));
  }

  private PreemptModel preempt(Fields fields, KernelVersion version) {
    PreemptModel preempt = fields.choice("preempt", PREEMPT, PreemptModel.NONE);
    if (preempt == PreemptModel.LAZY && !version.lazyPreemption()) {
      problems.add(
          DiagnosticCode.NOT_HERE,
          fields.at("preempt"),
          preempt.text(),
          "preempt lazy has no meaning here: Linux "
              + version.text()
              + " has no lazy preemption, which came with 6.13",
          "Write none, voluntary or full, or use a later kernel");
      return PreemptModel.NONE;
    }
    return preempt;
  }

  private List<PartitionSpec> children(Fields fields, PartitionKind kind, Parent asParent) {
    List<Tree.Entry> entries = fields.entries("children", "children");
    if (kind != PartitionKind.L1VH) {
      if (!entries.isEmpty()) {
        problems.add(
            DiagnosticCode.CHILDREN,
            fields.key("children").orElseThrow(),
            "a partition of kind " + kind.text() + " has no children; only an l1vh has",
            kind == PartitionKind.ROOT
                ? "Move them to the top level, where guests are the root partition's"
                : "Write `kind: l1vh`, or move them to the top level");
      }
      return List.of();
    }
    List<PartitionSpec> children = new ArrayList<>();
    for (Tree.Entry entry : entries) {
      if (!budget.exhausted()) {
        children.add(read(entry, Optional.of(asParent)).partition());
      }
    }
    return children;
  }
}
