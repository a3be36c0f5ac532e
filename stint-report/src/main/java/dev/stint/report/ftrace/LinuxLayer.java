package dev.stint.report.ftrace;

import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One Linux of a run as its own kernel names things: CPUs for VPs, pids and command names for
/// tasks and vCPU threads.
final class LinuxLayer {
  private static final int FIRST_PID = 1000;
  private static final int COMM_MAX = 15;
  private static final int PRIORITY_OF_NICE_0 = 120;
  private static final int NOT_HERE = -1;

  private final int cpuCount;
  private final int[] cpu;
  private final String[] comm;
  private final int[] priority;

  LinuxLayer(Entities entities, Scenario scenario, int partition) {
    cpu = new int[entities.count()];
    comm = new String[entities.count()];
    priority = new int[entities.count()];
    Map<String, Integer> nice = new LinkedHashMap<>();
    scenario.partitions().forEach(spec -> niceValues(spec, "", nice));
    int cpus = 0;
    for (Entity entity : entities.all()) {
      int id = entity.id();
      boolean here = entity.parent() == partition;
      cpu[id] = here && entity.kind() == EntityKind.VP ? cpus++ : NOT_HERE;
      boolean runs = entity.kind() == EntityKind.TASK || entity.kind() == EntityKind.THREAD;
      comm[id] = here && runs ? comm(entity) : "";
      priority[id] = PRIORITY_OF_NICE_0 + niceOf(entity.path(), nice);
    }
    cpuCount = cpus;
  }

  /// The partitions that run a Linux with something to schedule, parents first.
  static List<String> all(Entities entities) {
    List<String> paths = new ArrayList<>();
    for (Entity partition : entities.all()) {
      if (partition.kind() == EntityKind.PARTITION
          && entities.all().stream()
              .anyMatch(each ->
                  each.parent() == partition.id()
                      && (each.kind() == EntityKind.TASK || each.kind() == EntityKind.THREAD))) {
        paths.add(partition.path());
      }
    }
    return paths;
  }

  /// The only Linux, or the only one that hosts others.
  static Optional<String> outermost(Entities entities) {
    List<String> paths = all(entities);
    if (paths.size() == 1) {
      return Optional.of(paths.getFirst());
    }
    List<String> hosts =
        paths.stream()
            .filter(path ->
                entities.all().stream()
                    .anyMatch(each ->
                        each.kind() == EntityKind.THREAD && each.parent() == entities.find(path)))
            .toList();
    return hosts.size() == 1 ? Optional.of(hosts.getFirst()) : Optional.empty();
  }

  private static void niceValues(PartitionSpec spec, String above, Map<String, Integer> nice) {
    String path = above + spec.name();
    for (TaskSpec task : spec.tasks()) {
      nice.put(path + "/task:" + task.name(), task.attributes().nice());
    }
    spec.children().forEach(child -> niceValues(child, path + "/", nice));
  }

  /// A partition may have another parent under an assembly than in the scenario.
  private static int niceOf(String path, Map<String, Integer> nice) {
    String rest = path;
    while (!rest.isEmpty()) {
      Integer value = nice.get(rest);
      if (value != null) {
        return value;
      }
      int slash = rest.indexOf('/');
      rest = slash < 0 ? "" : rest.substring(slash + 1);
    }
    return 0;
  }

  /// `web-0` for a task; `vcpu1/vm-gold` for a vCPU thread, so that the number survives.
  private static String comm(Entity entity) {
    String path = entity.path();
    String name = path.substring(path.lastIndexOf(':') + 1);
    int slash = name.lastIndexOf('/');
    String command = slash < 0 ? name : name.substring(slash + 1) + "/" + name.substring(0, slash);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(COMM_MAX, command.length()); i++) {
      char c = command.charAt(i);
      text.append(c > ' ' && c <= '~' ? c : '?');
    }
    return text.toString();
  }

  int cpuCount() {
    return cpuCount;
  }

  /// Whether the entity is a CPU of this Linux.
  boolean hasCpu(int id) {
    return id >= 0 && cpu[id] != NOT_HERE;
  }

  int cpu(int id) {
    return cpu[id];
  }

  /// Whether the entity is a task of this Linux.
  boolean hasTask(int id) {
    return id >= 0 && !comm[id].isEmpty();
  }

  String comm(int id) {
    return comm[id];
  }

  int pid(int id) {
    return FIRST_PID + id;
  }

  int priority(int id) {
    return priority[id];
  }
}
