package dev.stint.model.linux.cpuset;

import java.util.Locale;

/// What is written to `cpuset.cpus.partition`.
public enum PartitionType {
  /// No partition: the group shares its parent's CPUs.
  MEMBER,
  /// The root of a partition: CPUs of its own, balanced among themselves only.
  ROOT,
  /// A partition whose CPUs are not balanced at all.
  ISOLATED;

  /// The word in the file.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
