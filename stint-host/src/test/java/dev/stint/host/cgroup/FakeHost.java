package dev.stint.host.cgroup;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A tree of plain files that answers like cgroupfs: a new group has its knobs, and goes with them.
final class FakeHost implements CgroupWrites {
  private static final List<String> V1_CPU =
      List.of(
          "cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.cfs_burst_us", "cpu.stat");
  private static final List<String> V2 =
      List.of("cgroup.type", "cgroup.subtree_control", "cgroup.threads", "cpu.weight", "cpu.max");

  final HostFiles files;
  final List<String> written = new ArrayList<>();

  FakeHost(Path root) {
    files = new HostFiles(root);
  }

  FakeHost with(String path, String text) throws IOException {
    Path file = files.path(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /// Version 1, cpu and cpuacct together, and cpuset.
  FakeHost version1() throws IOException {
    with(
        "proc/self/mountinfo",
        """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
        """);
    with("proc/self/cgroup", "3:cpuset:/\n2:cpu,cpuacct:/a/b\n1:name=systemd:/\n");
    Files.createDirectories(files.path("sys/fs/cgroup/cpu,cpuacct/a/b"));
    return with("sys/fs/cgroup/cpuset/cpuset.cpus", "0-3\n")
        .with("sys/fs/cgroup/cpuset/cpuset.mems", "0\n");
  }

  FakeHost version2() throws IOException {
    with(
        "proc/self/mountinfo",
        "29 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
    with("proc/self/cgroup", "0::/user.slice/me\n");
    with("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
    return with("sys/fs/cgroup/cgroup.subtree_control", "cpu memory\n");
  }

  @Override
  public void make(Path group) throws IOException {
    Files.createDirectory(group);
    List<String> knobs =
        group.toString().contains("cgroup/cpuset/")
            ? List.of("cpuset.cpus", "cpuset.mems", "tasks")
            : group.toString().contains("cpuacct") ? V1_CPU : V2;
    for (String knob : knobs) {
      Files.writeString(group.resolve(knob), "");
    }
    Files.writeString(group.resolve("cgroup.procs"), "");
    Files.writeString(group.resolve("tasks"), "");
    Files.writeString(group.resolve("cpuset.cpus"), "");
  }

  @Override
  public void remove(Path group) throws IOException {
    try (Stream<Path> entries = Files.list(group)) {
      if (entries.anyMatch(Files::isDirectory)) {
        throw new DirectoryNotEmptyException(group.toString());
      }
    }
    if (Files.size(group.resolve("cgroup.procs")) > 0) {
      throw new FileSystemException(group.toString(), null, "Device or resource busy");
    }
    try (Stream<Path> entries = Files.list(group)) {
      for (Path entry : entries.toList()) {
        Files.delete(entry);
      }
    }
    Files.delete(group);
  }

  @Override
  public void write(Path file, String text) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Files.writeString(file, text);
    if (file.endsWith("cgroup.procs")) {
      leaveChildren(file.getParent());
    }
    written.add(files.root().relativize(file) + "=" + text);
  }

  /// A process is in one group only.
  private static void leaveChildren(Path group) throws IOException {
    try (Stream<Path> entries = Files.list(group)) {
      for (Path child : entries.filter(Files::isDirectory).toList()) {
        if (Files.exists(child.resolve("cgroup.procs"))) {
          Files.writeString(child.resolve("cgroup.procs"), "");
        }
      }
    }
  }
}
