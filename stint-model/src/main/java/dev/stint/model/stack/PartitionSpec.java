package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.CpuSet;
import java.util.List;
import java.util.Optional;

/// A partition: its VPs, its Linux, and what runs in it.
///
/// @param name unique among its siblings
/// @param kind root, L1VH or guest
/// @param vps number of VPs; a root partition has one per LP
/// @param threadsPerCore 2 when its VPs are SMT siblings in pairs, else 1
/// @param coresHidden whether its Linux does not see which VPs are siblings ([VmVersion#V8_2])
/// @param controls the hypervisor's controls of each VP
/// @param lps the LPs it may use (its CPU group), absent for all; children use their L1VH's
/// @param cpuGroup for a top-level partition: the CPU group that it is in, by name; empty for none.
///   Its LPs are then that group's
/// @param group for a child or guest: path of the parent Linux's cgroup that holds its vCPU
///   threads, empty for the root cgroup
/// @param affinity for a child or guest: the parent's CPUs that its vCPU threads ask for, one per
///   VP; empty for none
/// @param linux its kernel
/// @param groups its top-level cgroups
/// @param tasks its tasks
/// @param children the partitions that an L1VH created
/// @param changes what is changed in its Linux during the run; those of one instant in this order
public record PartitionSpec(
    String name,
    PartitionKind kind,
    int vps,
    int threadsPerCore,
    boolean coresHidden,
    Controls controls,
    Optional<CpuSet> lps,
    String cpuGroup,
    String group,
    List<CpuSet> affinity,
    LinuxConfig linux,
    List<GroupSpec> groups,
    List<TaskSpec> tasks,
    List<PartitionSpec> children,
    List<TimedChange> changes) {
  /// One in no CPU group that sees its cores and whose Linux is left alone during the run.
  public PartitionSpec(
      String name,
      PartitionKind kind,
      int vps,
      int threadsPerCore,
      Controls controls,
      Optional<CpuSet> lps,
      String group,
      List<CpuSet> affinity,
      LinuxConfig linux,
      List<GroupSpec> groups,
      List<TaskSpec> tasks,
      List<PartitionSpec> children) {
    this(
        name,
        kind,
        vps,
        threadsPerCore,
        false,
        controls,
        lps,
        "",
        group,
        affinity,
        linux,
        groups,
        tasks,
        children,
        List.of());
  }

  /// The most VPs that the mshv driver gives a partition (MSHV_MAX_VPS); a root partition may have
  /// more.
  public static final int VPS_MAX = 256;

  /// This partition in that CPU group.
  public PartitionSpec withCpuGroup(String name) {
    return new PartitionSpec(
        this.name,
        kind,
        vps,
        threadsPerCore,
        coresHidden,
        controls,
        Optional.empty(),
        name,
        group,
        affinity,
        linux,
        groups,
        tasks,
        children,
        changes);
  }

  /// Copies the lists.
  public PartitionSpec {
    affinity = List.copyOf(affinity);
    groups = List.copyOf(groups);
    tasks = List.copyOf(tasks);
    children = List.copyOf(children);
    changes = List.copyOf(changes);
  }

  /// Whether anything in its Linux or a child's is changed during the run.
  public boolean changesAnything() {
    return !changes.isEmpty() || children.stream().anyMatch(PartitionSpec::changesAnything);
  }

  /// The CPUs that its cgroups get on its Linux.
  public GroupCpus groupCpus() {
    return new GroupCpus(linux.cpusets(), groups, vps);
  }
}
