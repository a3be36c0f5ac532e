package dev.stint.model.linux.cpuset;

/// Which cgroup version's cpuset controller a Linux uses.
public enum CpusetVersion {
  /// cgroup v1, mounted by itself: a cpuset's CPUs are within its parent's.
  V1("v1"),
  /// cgroup v2, the default: effective CPUs and partitions.
  V2("v2");

  private final String text;

  CpusetVersion(String text) {
    this.text = text;
  }

  /// The name in scenarios: `v1`, `v2`.
  public String text() {
    return text;
  }
}
