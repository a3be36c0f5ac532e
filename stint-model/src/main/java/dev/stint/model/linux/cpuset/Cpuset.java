package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One group's cpuset: what was written to its files and what they read (facts: linux.md §6).
/// Changed only through its [CpusetHierarchy]. Under cgroup v1 it is never a partition, and its
/// effective CPUs are its `cpuset.cpus`.
public final class Cpuset {
  final String name;
  final @Nullable Cpuset parent;
  final List<Cpuset> children = new ArrayList<>();

  CpuSet cpus = CpuSet.EMPTY;
  CpuSet exclusive = CpuSet.EMPTY;
  boolean cpuExclusive;
  PartitionType requested = PartitionType.MEMBER;

  /// Valid as a remote partition when last looked at; only a write to `cpuset.cpus.partition` sets
  /// it.
  boolean remote;

  /// Which partition was asked for first.
  long sequence;

  int taskCount;
  boolean removed;

  boolean valid;
  @Nullable InvalidReason reason;
  CpuSet effective;
  CpuSet exclusiveEffective;

  Cpuset(String name, @Nullable Cpuset parent, CpuSet effective, CpuSet exclusiveEffective) {
    this.name = name;
    this.parent = parent;
    this.effective = effective;
    this.exclusiveEffective = exclusiveEffective;
  }

  /// Its directory name; empty for the root.
  public String name() {
    return name;
  }

  /// The cpuset above, absent for the root.
  public Optional<Cpuset> parent() {
    return Optional.ofNullable(parent);
  }

  /// Those below, in order of creation.
  public List<Cpuset> children() {
    return List.copyOf(children);
  }

  /// `cpuset.cpus`, empty when not set.
  public CpuSet cpus() {
    return cpus;
  }

  /// `cpuset.cpus.effective`: the online CPUs its tasks are granted; empty where every CPU was
  /// given to partitions below.
  public CpuSet effective() {
    return effective;
  }

  /// `cpuset.cpus.exclusive`, empty when not set.
  public CpuSet exclusive() {
    return exclusive;
  }

  /// `cpuset.cpu_exclusive` (v1): its CPUs are in no sibling.
  public boolean cpuExclusive() {
    return cpuExclusive;
  }

  /// `cpuset.cpus.exclusive.effective`.
  public CpuSet exclusiveEffective() {
    return exclusiveEffective;
  }

  /// The type of partition asked for.
  public PartitionType requested() {
    return requested;
  }

  /// Whether it is a partition in force. The root always is.
  public boolean validPartition() {
    return valid;
  }

  /// Whether it is an isolated partition in force: its CPUs are never balanced.
  public boolean isolated() {
    return valid && requested == PartitionType.ISOLATED;
  }

  /// Whether it is a valid partition whose parent is none.
  public boolean remotePartition() {
    return valid && remote;
  }

  /// Why the partition asked for is not in force; absent when it is, or none was asked for.
  public Optional<InvalidReason> invalidReason() {
    return Optional.ofNullable(reason);
  }

  /// `cpuset.cpus.partition` as read: `member`, `root`, `isolated`, `root invalid (...)` or
  /// `isolated invalid (...)`.
  public String partition() {
    InvalidReason why = reason;
    return why == null ? requested.word() : requested.word() + " invalid (" + why.text() + ")";
  }

  /// Tasks in this very group.
  public int taskCount() {
    return taskCount;
  }

  /// Tasks in this group or below.
  boolean populated() {
    if (taskCount > 0) {
      return true;
    }
    for (Cpuset child : children) {
      if (child.populated()) {
        return true;
      }
    }
    return false;
  }

  /// The CPUs it claims: `cpuset.cpus.exclusive`, or else `cpuset.cpus`.
  CpuSet claimed() {
    return exclusive.isEmpty() ? cpus : exclusive;
  }

  boolean asksPartition() {
    return requested != PartitionType.MEMBER;
  }

  @Override
  public String toString() {
    return (parent == null || parent.parent == null ? "" : parent + "/") + name;
  }
}
