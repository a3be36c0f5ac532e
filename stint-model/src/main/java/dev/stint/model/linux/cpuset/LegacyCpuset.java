package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One group of the cpuset controller of cgroup v1. Changed only through its [LegacyCpusetTree].
public final class LegacyCpuset {
  final String name;
  final @Nullable LegacyCpuset parent;
  final List<LegacyCpuset> children = new ArrayList<>();
  CpuSet cpus;
  boolean exclusive;
  int taskCount;

  LegacyCpuset(String name, @Nullable LegacyCpuset parent, CpuSet cpus) {
    this.name = name;
    this.parent = parent;
    this.cpus = cpus;
  }

  /// Its directory name; empty for the root.
  public String name() {
    return name;
  }

  /// `cpuset.cpus`, which is also what its tasks get: empty for a new group.
  public CpuSet cpus() {
    return cpus;
  }

  /// `cpuset.cpu_exclusive`: its CPUs are in no sibling.
  public boolean cpuExclusive() {
    return exclusive;
  }

  /// Tasks in this very group.
  public int taskCount() {
    return taskCount;
  }

  boolean populated() {
    if (taskCount > 0) {
      return true;
    }
    for (LegacyCpuset child : children) {
      if (child.populated()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return (parent == null || parent.parent == null ? "" : parent + "/") + name;
  }
}
