package dev.stint.host.observe;

import dev.stint.model.machine.CpuSet;
import java.util.Optional;

/// That threads which wait for a CPU may run on some CPUs of the machine only.
///
/// @param cpus that they may run on, all together
/// @param threads how many they are
/// @param cpuset the cgroup whose cpuset it is, empty for the root; absent where it is the threads'
///   own affinity (`taskset`, `sched_setaffinity`)
public record Confinement(CpuSet cpus, int threads, Optional<String> cpuset) {
  /// Who forbids the other CPUs, in words.
  String words() {
    return cpuset.map(group -> "cpuset " + (group.isEmpty() ? "/" : group)).orElse("an affinity");
  }
}
