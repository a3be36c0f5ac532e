package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupCpus;
import dev.stint.model.stack.GroupSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads the cgroups of one Linux.
final class GroupReader {
  private static final List<String> KEYS =
      List.of(
          "cpu.weight",
          "cpu.weight.nice",
          "cpu.idle",
          "cpu.max",
          "cpu.max.burst",
          "cpu.max.phase",
          "cpuset.cpus",
          "cpuset.cpus.exclusive",
          "cpuset.cpus.partition",
          "cpuset.cpu_exclusive",
          "groups");

  static final Map<String, PartitionType> TYPES =
      Choices.of(PartitionType.values(), PartitionType::word);

  private final Problems problems;
  private final int cpuCount;
  private final CpusetVersion version;
  private final Map<String, CpuSet> effectiveCpus = new LinkedHashMap<>();
  private final Map<String, Fields> written = new LinkedHashMap<>();

  /// @param cpuCount the CPUs (VPs) of that Linux
  /// @param version of its cpuset controller
  GroupReader(Problems problems, int cpuCount, CpusetVersion version) {
    this.problems = problems;
    this.cpuCount = cpuCount;
    this.version = version;
    effectiveCpus.put("", CpuSet.range(0, cpuCount));
  }

  /// The groups under `groups`.
  List<GroupSpec> read(Fields partition) {
    List<GroupSpec> groups = read(partition, "");
    grant(new GroupCpus(version, groups, cpuCount));
    return groups;
  }

  /// Asks the rules of the kernel which CPUs each group gets.
  private void grant(GroupCpus granted) {
    effectiveCpus.put("", granted.cpuset("").effective());
    written.forEach((path, fields) -> {
      Cpuset cpuset = granted.cpuset(path);
      effectiveCpus.put(path, cpuset.effective());
      granted.refusal(path).ifPresent(refusal -> refused(fields, path, refusal));
      cpuset
          .invalidReason()
          .ifPresent(_ ->
              problems.add(
                  DiagnosticCode.CPUSET_PARTITION,
                  fields.at("cpuset.cpus.partition"),
                  fields.text("cpuset.cpus.partition", ""),
                  "cpuset.cpus.partition of cgroup "
                      + quoted(path)
                      + " would read \""
                      + cpuset.partition()
                      + "\"; it behaves as a member",
                  "Give it CPUs that its parent can spare and no sibling names"));
    });
  }

  private void refused(Fields fields, String path, GroupCpus.Refusal refusal) {
    boolean legacy = version == CpusetVersion.V1;
    String file = refusal.file();
    problems.add(
        legacy ? DiagnosticCode.CPUSET_V1 : DiagnosticCode.CPUSET_EXCLUSIVE,
        fields.at(file),
        fields.text(file, ""),
        "Linux refuses " + file + " of cgroup " + quoted(path) + ": " + refusal.answer(),
        legacy
            ? "Keep to the parent's CPUs and off its siblings'"
            : "Name CPUs that no sibling names");
  }

  /// The CPUs that tasks of each group may use, by path; the root cgroup's path is empty. Empty for
  /// a group that gave all its CPUs to partitions below it.
  Map<String, CpuSet> effectiveCpus() {
    return effectiveCpus;
  }

  /// Whether the group has given all its CPUs to partitions.
  boolean hasNoCpu(String path) {
    return effectiveCpus.getOrDefault(path, CpuSet.EMPTY).isEmpty();
  }

  /// A task or a vCPU thread is put where there is no CPU.
  static void reportFull(Problems problems, Tree.Scalar group, String what) {
    problems.add(
        DiagnosticCode.CPUSET_FULL,
        group,
        "cgroup "
            + quoted(group.text())
            + " has no CPU for a "
            + what
            + ": it was given none, or gave all to partitions below it (ENOSPC)",
        "Leave it a CPU, or name a group below");
  }

  private List<GroupSpec> read(Fields parent, String parentPath) {
    List<GroupSpec> groups = new ArrayList<>();
    for (Tree.Entry entry : parent.entries("groups", "groups")) {
      Names.check(problems, entry.key(), "cgroup");
      groups.add(group(entry, parentPath));
    }
    return groups;
  }

  private GroupSpec group(Tree.Entry entry, String parentPath) {
    String name = entry.key().text();
    String path = parentPath.isEmpty() ? name : parentPath + "/" + name;
    Fields fields = Fields.of(problems, entry.value(), "cgroup " + quoted(path), KEYS);
    GroupWeight weight = weight(fields);
    Optional<Quota> quota =
        new QuotaReader(problems).quota(fields).map(limit -> withPhase(fields, limit));
    String whose = "its Linux has " + cpuCount + (cpuCount == 1 ? " CPU" : " CPUs") + " (VPs)";
    Optional<CpuSet> cpus = fields.cpus("cpuset.cpus", cpuCount, whose);
    CpuSet inherited = effectiveCpus.getOrDefault(parentPath, CpuSet.range(0, cpuCount));
    CpuSet effective = cpus.map(inherited::and).orElse(inherited);
    if (effective.isEmpty() && version == CpusetVersion.V2) {
      problems.add(
          DiagnosticCode.CPUSET_EMPTY,
          fields.at("cpuset.cpus"),
          fields.text("cpuset.cpus", ""),
          "cpuset.cpus "
              + quoted(fields.text("cpuset.cpus", ""))
              + " has none of the parent group's "
              + inherited
              + "; Linux uses the parent's",
          "Name some of " + inherited);
      effective = inherited;
    }
    effectiveCpus.put(path, effective);
    written.put(path, fields);
    CpuSet exclusive = CpuSet.EMPTY;
    PartitionType type = PartitionType.MEMBER;
    boolean cpuExclusive = false;
    if (!refuseOtherVersion(fields)) {
      exclusive = fields.cpus("cpuset.cpus.exclusive", cpuCount, whose).orElse(CpuSet.EMPTY);
      type = fields.choice("cpuset.cpus.partition", TYPES, PartitionType.MEMBER);
      cpuExclusive = fields.flag("cpuset.cpu_exclusive", false);
    }
    List<GroupSpec> below = read(fields, path);
    return new GroupSpec(name, weight, quota, cpus, exclusive, type, cpuExclusive, below);
  }

  /// Refuses files that the other version of cpusets has; whether there were any.
  boolean refuseOtherVersion(Fields fields) {
    return switch (version) {
      case V1 -> {
        String reason = "it is a file of cgroup v2, and this Linux has `cpuset: v1`";
        boolean exclusive = refuse(fields, "cpuset.cpus.exclusive", reason);
        yield refuse(fields, "cpuset.cpus.partition", reason) || exclusive;
      }
      case V2 ->
          refuse(
              fields,
              "cpuset.cpu_exclusive",
              "it is a file of cgroup v1, for a Linux with `cpuset: v1`");
    };
  }

  /// The weight that a group is given.
  GroupWeight weight(Fields fields) {
    int weight = fields.integer("cpu.weight", 1, 10_000, 100, DiagnosticCode.WEIGHT);
    int nice = fields.integer("cpu.weight.nice", -20, 19, 0, DiagnosticCode.NICE);
    boolean byNice = fields.has("cpu.weight.nice");
    if (fields.flag("cpu.idle", false)) {
      String reason = "cpu.idle is true, and Linux then refuses any weight (EINVAL)";
      refuse(fields, "cpu.weight", reason);
      refuse(fields, "cpu.weight.nice", reason);
      return new GroupWeight.Idle();
    }
    if (byNice && refuse(fields, "cpu.weight", "cpu.weight.nice sets the same weight")) {
      return new GroupWeight.OfWeight(weight);
    }
    return byNice ? new GroupWeight.OfNice(nice) : new GroupWeight.OfWeight(weight);
  }

  boolean refuse(Fields fields, String key, String reason) {
    Optional<Tree.Scalar> written = fields.key(key);
    written.ifPresent(at ->
        problems.add(
            DiagnosticCode.NOT_HERE,
            at,
            key + " has no meaning here: " + reason,
            "Remove `" + key + "`"));
    return written.isPresent();
  }

  private Quota withPhase(Fields fields, Quota limit) {
    OptionalLong phaseNs =
        fields.durationNs("cpu.max.phase", 0, Quota.MAX_PERIOD_NS, DiagnosticCode.CPU_MAX);
    if (phaseNs.isPresent() && phaseNs.getAsLong() >= limit.periodNs()) {
      problems.add(
          DiagnosticCode.CPU_MAX,
          fields.at("cpu.max.phase"),
          fields.text("cpu.max.phase", ""),
          "cpu.max.phase "
              + fields.text("cpu.max.phase", "")
              + " is not below the period "
              + Quantities.duration(limit.periodNs()),
          "Write less than the period");
      return limit;
    }
    return new Quota(limit.quotaNs(), limit.periodNs(), limit.burstNs(), phaseNs);
  }
}
