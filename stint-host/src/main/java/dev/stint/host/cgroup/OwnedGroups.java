package dev.stint.host.cgroup;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The cgroups that this process made, all below one named after it, to be removed by [#close] or,
/// if this process is killed before, by the [#sweep] of the next.
public final class OwnedGroups implements AutoCloseable {
  private static final int PATIENCE = 100;
  private static final int PAUSE_MS = 10;

  private final HostFiles files;
  private final StoppableWrites writes;
  private final CpuGroup top;

  private OwnedGroups(HostFiles files, StoppableWrites writes, CpuGroup top) {
    this.files = files;
    this.writes = writes;
    this.top = top;
  }

  /// Makes the top, in all of the hierarchies or in none. What dead processes left is swept away
  /// first.
  public static OwnedGroups open(
      HostFiles files, Cgroups cgroups, CgroupWrites writes, GroupMarker marker) {
    sweep(files, cgroups, writes);
    StoppableWrites stoppable = new StoppableWrites(writes);
    try {
      CpuGroup top = CpuGroup.top(files, cgroups, stoppable, marker.name());
      return new OwnedGroups(files, stoppable, top);
    } catch (CgroupRefused e) {
      removeNamed(files, cgroups, writes, marker::equals);
      throw e;
    }
  }

  /// The cgroup that all others of this process are below.
  public CpuGroup top() {
    return top;
  }

  /// Removes them; may be done again. Their processes have to be gone, or on their way out: those
  /// that are still there are moved to the parent. From now on no cgroup can be made below.
  @Override
  public void close() {
    writes.stop();
    List<CgroupRefused> refused = new ArrayList<>();
    for (String path : top.paths()) {
      try {
        remove(files, writes, path);
      } catch (CgroupRefused e) {
        refused.add(e);
      }
    }
    if (!refused.isEmpty()) {
      throw refused.getFirst();
    }
  }

  /// Removes the cgroups of Stint's processes that have ended, without asking what is in them: a
  /// process whose command line names the same marker is killed, any other is moved to the parent.
  ///
  /// @return the paths of the tops that were removed
  public static List<String> sweep(HostFiles files, Cgroups cgroups, CgroupWrites writes) {
    return removeNamed(files, cgroups, writes, marker -> marker.dead(files));
  }

  private static List<String> removeNamed(
      HostFiles files, Cgroups cgroups, CgroupWrites writes, Predicate<GroupMarker> whose) {
    List<String> removed = new ArrayList<>();
    for (Hierarchy hierarchy : cgroups.all()) {
      Set<String> bases = new LinkedHashSet<>(List.of("", hierarchy.own()));
      for (String base : bases) {
        for (String name : files.list(hierarchy.path(base))) {
          Optional<GroupMarker> marker = GroupMarker.parse(name);
          if (marker.isPresent() && whose.test(marker.get())) {
            String path = hierarchy.path(base) + "/" + name;
            killMarked(files, path, name);
            remove(files, writes, path);
            removed.add("/" + path);
          }
        }
      }
    }
    return removed;
  }

  private static void killMarked(HostFiles files, String path, String marker) {
    for (String child : directories(files, path)) {
      killMarked(files, child, marker);
    }
    for (long pid : processes(files, path)) {
      if (files.read("proc/" + pid + "/cmdline") instanceof Text.Read(String command)
          && List.of(command.split("\0")).contains(marker)) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /// Removes a cgroup and those below it.
  static void remove(HostFiles files, CgroupWrites writes, String path) {
    for (String child : directories(files, path)) {
      remove(files, writes, child);
    }
    IOException refused = new IOException("busy");
    for (int i = 0; i < PATIENCE; i++) {
      try {
        writes.remove(files.path(path));
        return;
      } catch (NoSuchFileException _) {
        return;
      } catch (IOException e) {
        refused = e;
        evict(files, writes, path);
        pause();
      }
    }
    throw new CgroupRefused("rmdir /" + path, refused);
  }

  /// Moves what is left in a cgroup to its parent, thread by thread. One that ends meanwhile is no
  /// failure.
  private static void evict(HostFiles files, CgroupWrites writes, String path) {
    String parent = path.substring(0, path.lastIndexOf('/'));
    for (long pid : processes(files, path)) {
      try {
        writes.write(files.path(parent + "/cgroup.procs"), "" + pid);
      } catch (IOException _) {
        // It ended, or it is a thread of a threaded cgroup and leaves with its process.
      }
    }
  }

  private static List<Long> processes(HostFiles files, String path) {
    List<Long> pids = new ArrayList<>();
    if (files.read(path + "/cgroup.procs") instanceof Text.Read(String text)) {
      text.lines().forEach(line -> Numbers.count(line).ifPresent(pids::add));
    }
    return pids;
  }

  static List<String> directories(HostFiles files, String path) {
    return files.list(path).stream()
        .map(name -> path + "/" + name)
        .filter(child -> Files.isDirectory(files.path(child), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
