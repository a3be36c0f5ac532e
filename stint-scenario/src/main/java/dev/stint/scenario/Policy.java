package dev.stint.scenario;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a policy file asks of a real host: knobs of cgroups, for VMs, pods, processes or the
/// cgroups themselves.
///
/// @param file its name as the caller gave it, for messages
/// @param owns the subtree that may be written, from where cgroups are mounted: `machine.slice`
/// @param entries in the order written
/// @param guard when to take the policy back
public record Policy(String file, String owns, List<Entry> entries, Optional<Guard> guard) {
  /// Copies the list.
  public Policy {
    entries = List.copyOf(entries);
  }

  /// How an entry names its cgroup.
  public enum Kind {
    /// By its path below `owns`.
    CGROUP("cgroups", "cgroup"),
    /// By the name that a VM was started with.
    VM("vms", "VM"),
    /// By the UID of a pod, or as `namespace/name` where the kubelet's logs are.
    POD("pods", "pod"),
    /// By the name of a process.
    PROCESS("processes", "process");

    private final String key;
    private final String word;

    Kind(String key, String word) {
      this.key = key;
      this.word = word;
    }

    /// The key in the file.
    public String key() {
      return key;
    }

    /// What one of them is called.
    public String word() {
      return word;
    }
  }

  /// A knob, by the name of its file in cgroup v2.
  public enum Knob {
    WEIGHT("cpu.weight"),
    MAX("cpu.max"),
    BURST("cpu.max.burst"),
    CPUS("cpuset.cpus"),
    IDLE("cpu.idle");

    private final String file;

    Knob(String file) {
      this.file = file;
    }

    /// The name of its file in cgroup v2.
    public String file() {
      return file;
    }
  }

  /// What one cgroup is to be set to.
  ///
  /// @param place `file:line:column` of the entry's name
  /// @param kind how `name` names the cgroup
  /// @param name as written
  /// @param settings the text of each knob as cgroup v2 takes it, in the order of [Knob]
  public record Entry(String place, Kind kind, String name, Map<Knob, String> settings) {
    /// Copies the map.
    public Entry {
      Map<Knob, String> copy = new EnumMap<>(Knob.class);
      copy.putAll(settings);
      settings = Collections.unmodifiableMap(copy);
    }

    /// For messages: `VM "web"`.
    public String words() {
      return kind.word() + " " + Texts.quoted(name);
    }
  }

  /// What must not get worse while `apply --watch` watches.
  ///
  /// @param stealPercent the most of all processors' time that a hypervisor takes
  /// @param pressurePercent the most of the time in which some task waits for a processor (PSI
  ///   "some")
  /// @param wakeNs the longest wake-up, at the 99th percentile, of a task that sleeps and wakes
  /// @param forNs how long it has to be worse before the policy is taken back
  public record Guard(
      OptionalDouble stealPercent,
      OptionalDouble pressurePercent,
      OptionalLong wakeNs,
      long forNs) {}
}
