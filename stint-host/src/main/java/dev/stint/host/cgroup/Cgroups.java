package dev.stint.host.cgroup;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Where a host has its cgroups, and where in them this process is.
///
/// @param version1 hierarchies of version 1 with controllers, in the order of their mounts
/// @param version2 the hierarchy of version 2, if it is mounted
public record Cgroups(List<Hierarchy> version1, Optional<Hierarchy> version2) {
  /// Copies the list.
  public Cgroups {
    version1 = List.copyOf(version1);
  }

  /// Which versions are mounted.
  public enum Layout {
    NONE,
    V1,
    V2,
    /// Both; a controller is in one of them.
    HYBRID
  }

  /// Reads the mounts and the place of this process.
  public static Cgroups of(HostFiles files) {
    Map<String, String> own = ownCgroups(text(files, "proc/self/cgroup"));
    List<Hierarchy> version1 = new ArrayList<>();
    Optional<Hierarchy> version2 = Optional.empty();
    for (Mount mount : Mount.parse(text(files, "proc/self/mountinfo"))) {
      String point = mount.point().substring(1);
      if (mount.type().equals("cgroup2") && version2.isEmpty()) {
        String controllers = text(files, point + "/cgroup.controllers").strip();
        version2 =
            Optional.of(
                new Hierarchy(
                    2,
                    controllers.isEmpty() ? List.of() : List.of(controllers.split("\\s+")),
                    point,
                    below(mount, own.getOrDefault("", "/")),
                    mount.writable()));
      } else if (mount.type().equals("cgroup")) {
        List<String> controllers = mount.options().stream().filter(own::containsKey).toList();
        if (!controllers.isEmpty()
            && version1.stream().noneMatch(known -> known.has(controllers.getFirst()))) {
          String place = own.getOrDefault(controllers.getFirst(), "/");
          version1.add(new Hierarchy(1, controllers, point, below(mount, place), mount.writable()));
        }
      }
    }
    return new Cgroups(version1, version2);
  }

  /// Which versions are mounted.
  public Layout layout() {
    if (version1.isEmpty()) {
      return version2.isEmpty() ? Layout.NONE : Layout.V2;
    }
    return version2.isEmpty() ? Layout.V1 : Layout.HYBRID;
  }

  /// The hierarchy that a controller can be used in.
  ///
  /// @param controller `cpu`, `cpuset`, `cpuacct`, `freezer`
  public Optional<Hierarchy> of(String controller) {
    return version1.stream()
        .filter(hierarchy -> hierarchy.has(controller))
        .findFirst()
        .or(() -> version2.filter(hierarchy -> hierarchy.has(controller)));
  }

  /// All hierarchies.
  public List<Hierarchy> all() {
    List<Hierarchy> all = new ArrayList<>(version1);
    version2.ifPresent(all::add);
    return all;
  }

  /// By controller; that of version 2 has the empty name.
  private static Map<String, String> ownCgroups(String cgroup) {
    Map<String, String> own = new TreeMap<>();
    cgroup
        .lines()
        .forEach(line -> {
          String[] fields = line.split(":", 3);
          if (fields.length == 3 && fields[2].startsWith("/")) {
            for (String controller : fields[1].split(",", -1)) {
              own.putIfAbsent(controller, fields[2]);
            }
          }
        });
    return own;
  }

  /// A cgroup below its mount point. One that is not below what is mounted, as in a container
  /// without a namespace of its own, counts as the mount's root.
  private static String below(Mount mount, String group) {
    String root = mount.root().equals("/") ? "" : mount.root();
    boolean inside = group.equals(root) || group.startsWith(root + "/");
    if (!inside || List.of(group.split("/")).contains("..")) {
      return "";
    }
    return group.substring(root.length()).replaceAll("^/+|/+$", "");
  }

  private static String text(HostFiles files, String path) {
    return switch (files.read(path)) {
      case Text.Read(String text) -> text;
      case Text.Unreadable _ -> "";
    };
  }
}
