package dev.stint.model.linux.cpuset;

/// Why the kernel refuses a write, as the error number a tool sees.
public enum Errno {
  /// Permission denied: cgroup v1, a cpuset beyond its parent; a file the root does not let change.
  EACCES,
  /// Busy: cgroup v1, a cpuset smaller than its children; a group that cannot be removed yet.
  EBUSY,
  /// Invalid argument: no such CPU, or CPUs that a sibling holds for itself.
  EINVAL,
  /// No such file: one that only the other version of cgroups has.
  ENOENT,
  /// No space left: tasks would be, or would come, where there is no CPU.
  ENOSPC
}
