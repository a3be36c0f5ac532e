package dev.stint.host.cgroup;

import java.util.List;

/// A mounted tree of cgroups.
///
/// @param version 1 or 2
/// @param controllers that can be used in it, in the kernel's words
/// @param point where it is mounted, without a leading `/`, for
///   [HostFiles][dev.stint.host.HostFiles]
/// @param own the cgroup of this process below `point`, empty for its root
/// @param writable whether it is mounted for writing
public record Hierarchy(
    int version, List<String> controllers, String point, String own, boolean writable) {
  /// Copies the list.
  public Hierarchy {
    controllers = List.copyOf(controllers);
  }

  /// Whether a controller can be used in it.
  public boolean has(String controller) {
    return controllers.contains(controller);
  }

  /// The path of a cgroup, without a leading `/`.
  ///
  /// @param group below the mount point, without slashes around it; empty for the root
  public String path(String group) {
    return group.isEmpty() ? point : point + "/" + group;
  }
}
