package dev.stint.host.cgroup;

import dev.stint.host.HostFiles;
import java.io.IOException;

/// Cgroups of version 2 made only to be frozen and thawed, which needs no controller: beside a cpu
/// controller of version 1 they say nothing of who gets how much. They carry the marker's name, so
/// that [OwnedGroups#sweep] finds what a killed process left.
public final class FreezerGroups implements AutoCloseable {
  private final HostFiles files;
  private final StoppableWrites writes;
  private final String top;

  private FreezerGroups(HostFiles files, CgroupWrites writes, String top) {
    this.files = files;
    this.writes = new StoppableWrites(writes);
    this.top = top;
  }

  /// Whether the cpu controller leaves version 2 free for them.
  public static boolean possible(Cgroups cgroups) {
    return cgroups.version2().filter(two -> !two.has("cpu")).isPresent()
        && cgroups.of("cpu").filter(cpu -> cpu.version() == 1).isPresent();
  }

  /// Makes the top.
  public static FreezerGroups open(
      HostFiles files, Cgroups cgroups, CgroupWrites writes, GroupMarker marker) {
    Hierarchy two =
        cgroups.version2().orElseThrow(() -> new CgroupRefused("there is no cgroup2 hierarchy"));
    String base = CpuGroup.base(files, two);
    String name = base.isEmpty() ? marker.name() : base + "/" + marker.name();
    FreezerGroups groups = new FreezerGroups(files, writes, two.path(name));
    groups.make(groups.top);
    return groups;
  }

  /// Makes a group that threads of processes in the top can be moved to.
  ///
  /// @return its directory, without a leading `/`
  public String child(String name) {
    String path = top + "/" + name;
    make(path);
    write(path + "/cgroup.type", "threaded");
    return path;
  }

  /// Moves a process to the top.
  public void addProcess(long pid) {
    write(top + "/cgroup.procs", "" + pid);
  }

  /// Moves a thread of a process in the top to a group.
  public void addThread(String group, long tid) {
    write(group + "/cgroup.threads", "" + tid);
  }

  /// Thaws and removes them; may be done again.
  @Override
  public void close() {
    writes.stop();
    for (String child : OwnedGroups.directories(files, top)) {
      try {
        writes.write(files.path(child + "/cgroup.freeze"), "0");
      } catch (IOException _) {
        // It is gone.
        continue;
      }
    }
    OwnedGroups.remove(files, writes, top);
  }

  private void make(String path) {
    try {
      writes.make(files.path(path));
    } catch (IOException e) {
      throw new CgroupRefused("mkdir /" + path, e);
    }
  }

  private void write(String path, String value) {
    try {
      writes.write(files.path(path), value);
    } catch (IOException e) {
      throw new CgroupRefused("write \"" + value + "\" to /" + path, e);
    }
  }
}
