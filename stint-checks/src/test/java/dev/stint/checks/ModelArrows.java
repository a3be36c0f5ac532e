package dev.stint.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which package of the model may use which: the arrows of ARCHITECTURE.md, by the last name of the
/// package. A package may use what it points to and whatever those may use.
final class ModelArrows {
  private static final Map<String, List<String>> DIRECT = new TreeMap<>();

  static {
    DIRECT.put("time", List.of());
    DIRECT.put("trace", List.of("time"));
    DIRECT.put("machine", List.of("time"));
    DIRECT.put("sim", List.of("trace", "machine"));
    DIRECT.put("sched", List.of("sim"));
    DIRECT.put("linux", List.of("sched"));
    DIRECT.put("hypervisor", List.of("sched"));
    DIRECT.put("workload", List.of("sched"));
    DIRECT.put("mshv", List.of("linux", "hypervisor", "workload"));
    DIRECT.put("kvm", List.of("sched"));
    DIRECT.put("counters", List.of("trace", "machine"));
    DIRECT.put("stats", List.of("trace", "machine"));
    DIRECT.put("predict", List.of("machine"));
    DIRECT.put("stack", List.of("mshv", "kvm", "stats", "counters", "predict"));
    DIRECT.put("control", List.of("stats"));
  }

  private ModelArrows() {}

  /// The packages of the model, by last name.
  static Set<String> packages() {
    return DIRECT.keySet();
  }

  /// What the package may use: everything reachable along the arrows, itself not included.
  static Set<String> reachable(String from) {
    Set<String> seen = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(DIRECT.getOrDefault(from, List.of()));
    while (!open.isEmpty()) {
      String next = open.removeLast();
      if (seen.add(next)) {
        open.addAll(DIRECT.getOrDefault(next, List.of()));
      }
    }
    return seen;
  }

  /// What no package may use, for each: all others of the model.
  static Map<String, List<String>> forbidden() {
    Map<String, List<String>> result = new LinkedHashMap<>();
    for (String from : packages()) {
      List<String> others = new ArrayList<>(packages());
      others.remove(from);
      others.removeAll(reachable(from));
      result.put(from, others);
    }
    return result;
  }
}
