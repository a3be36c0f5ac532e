package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.cgroup.Hierarchy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Says what an observation cannot see here, and what would help: a line each.
final class Blindness {
  private static final int HIDDEN_FEW = 2;

  private final List<String> notes = new ArrayList<>();

  /// @param processes that are watched
  /// @param cpu the cgroups whose quotas are watched
  static List<String> notes(
      CpuLedger cpus,
      Collection<WatchedProcess> processes,
      Optional<Hierarchy> cpu,
      Optional<String> stealUnseen) {
    Blindness blindness = new Blindness();
    cpus.blind().ifPresent(reason -> blindness.add("nothing is known of the CPUs: " + reason));
    stealUnseen.ifPresent(reason ->
        blindness.add(
            "stolen time is unknown: "
                + reason
                + "; on a parent, the counters of its driver mshv would (debugfs, root)"));
    if (cpu.isEmpty()) {
      blindness.add(
          "throttling is unknown: no cgroups with a cpu controller are mounted;"
              + " mount -t cgroup2 cgroup2 /sys/fs/cgroup, as root, or look from outside of this"
              + " container");
    }
    int unwatched = processes.stream().mapToInt(WatchedProcess::unwatched).sum();
    if (unwatched > 0) {
      blindness.add(unwatched + " threads are not watched: too many for one observation");
    }
    blindness.processes(processes);
    return List.copyOf(blindness.notes);
  }

  private void processes(Collection<WatchedProcess> processes) {
    long forbidden = processes.stream().mapToLong(WatchedProcess::forbidden).sum();
    if (forbidden > 0) {
      add(forbidden + " threads are not for this user to read; root would see them");
    }
    if (processes.stream().filter(process -> !process.kernel()).count() < HIDDEN_FEW) {
      add(
          "hardly any process is visible: /proc is mounted with hidepid, or this is a container;"
              + " root outside of it sees all");
    }
    for (WatchedProcess process : processes) {
      process
          .vmWithoutVps()
          .ifPresent(vm ->
              add(
                  "VM "
                      + vm
                      + " does not name its vCPU threads; start QEMU with"
                      + " -name "
                      + vm
                      + ",debug-threads=on"));
    }
  }

  /// Of cgroups that threads are in and that do not tell for how long they were throttled.
  static Optional<String> throttling(
      HostFiles files, Hierarchy cpu, Collection<String> silentGroups) {
    if (silentGroups.isEmpty()) {
      return Optional.empty();
    }
    List<String> silent =
        silentGroups.stream().map(group -> cpu.path(group) + "/cpu.stat").toList();
    Optional<String> closed = silent.stream().filter(path -> closed(files.path(path))).findFirst();
    String first = silent.getFirst();
    String reason =
        closed.isPresent()
            ? "no permission for /" + closed.get() + "; root may read it"
            : switch (files.read(first)) {
              case Text.Unreadable(String why) -> why;
              case Text.Read _ -> "/" + first + " is not what was expected";
            };
    return Optional.of(
        "throttling of "
            + silent.size()
            + (silent.size() == 1 ? " cgroup" : " cgroups")
            + " is unknown: "
            + reason);
  }

  /// Whether a file is there, or may be, and cannot be read.
  static boolean closed(Path file) {
    return !Files.isReadable(file) && !Files.notExists(file);
  }

  private void add(String note) {
    notes.add(note);
  }
}
