package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.Hierarchy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Says what an observation cannot see here, and what would help.
final class Blindness {
  private static final int HIDDEN_FEW = 2;

  private Blindness() {}

  static List<String> notes(
      HostFiles files,
      CpuLedger cpus,
      Collection<WatchedProcess> processes,
      Optional<Hierarchy> cpu,
      int unwatched) {
    List<String> notes = new ArrayList<>();
    cpus.blind().ifPresent(reason -> notes.add("nothing is known of the CPUs: " + reason));
    if (cpu.isEmpty()) {
      notes.add("no cgroups with a cpu controller are mounted: throttling cannot be seen");
    }
    if (unwatched > 0) {
      notes.add(unwatched + " threads are not watched: too many, gone already, or not readable");
    }
    if (processes.stream().filter(process -> !process.kernel()).count() < HIDDEN_FEW) {
      notes.add(
          "hardly any process is visible: /proc is mounted with hidepid, or this is a container;"
              + " root outside of it sees all");
    }
    for (WatchedProcess process : processes) {
      process
          .vmWithoutVps()
          .ifPresent(vm ->
              notes.add(
                  "VM "
                      + vm
                      + " does not name its vCPU threads; start QEMU with"
                      + " -name "
                      + vm
                      + ",debug-threads=on"));
    }
    return notes;
  }
}
