package dev.stint.host.control;

/// One file of one cgroup.
///
/// @param controller whose hierarchy it is in: `cpu` or `cpuset`
/// @param group the cgroup, from where that hierarchy is mounted: `machine.slice/vm-gold`
/// @param name of the file: `cpu.weight`
public record ControlFile(String controller, String group, String name) {
  /// What a group lets its children use, in cgroup v2.
  public static final String SUBTREE = "cgroup.subtree_control";

  /// The CPUs that a group may use, whoever restricts them, in cgroup v2.
  static final String EFFECTIVE = "cpuset.cpus.effective";

  /// Another file of the same group.
  ControlFile beside(String other) {
    return new ControlFile(controller, group, other);
  }

  @Override
  public String toString() {
    return group + "/" + name;
  }
}
