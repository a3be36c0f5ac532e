package dev.stint.report.explain;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import dev.stint.report.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Knows which setting governs a wait, and what it is set to where a scenario says so.
public final class Knobs {
  private static final Pattern KERNEL_THREAD =
      Pattern.compile(
          "(?:kworker|ksoftirqd|migration|cpuhp|rcu[a-z_]*|irq|jbd2)/.*"
              + "|(?:kthreadd|rcu_[a-z_]+|kswapd\\d+|kcompactd\\d+|khugepaged|kauditd|ksmd"
              + "|kdamond\\.\\d+|khungtaskd|oom_reaper|kdevtmpfs|writeback)(?:-\\d+)?");

  private final Map<String, GroupSpec> groups = new LinkedHashMap<>();
  private final Map<String, TaskSpec> tasks = new LinkedHashMap<>();
  private final Optional<Assembly> assembly;

  private Knobs(Optional<Assembly> assembly) {
    this.assembly = assembly;
  }

  /// The knobs of a scenario under an assembly.
  public static Knobs of(Scenario scenario, Assembly assembly) {
    Knobs knobs = new Knobs(Optional.of(assembly));
    scenario.partitions().forEach(partition -> knobs.add(partition, partition.name()));
    return knobs;
  }

  /// Knobs whose settings are not known: those of an imported trace.
  public static Knobs unknown() {
    return new Knobs(Optional.empty());
  }

  private void add(PartitionSpec partition, String path) {
    addGroups(partition.groups(), path + "/cgroup:");
    partition.tasks().forEach(task -> tasks.put(path + "/task:" + task.name(), task));
    partition.children().forEach(child -> add(child, path + "/" + child.name()));
  }

  private void addGroups(List<GroupSpec> specs, String above) {
    for (GroupSpec spec : specs) {
      groups.put(above + spec.name(), spec);
      addGroups(spec.groups(), above + spec.name() + "/");
    }
  }

  /// The setting that decides between a waiting entity and an occupant, in a sentence.
  ///
  /// @param queued who waited in the queue in question: the entity itself, or the vCPU thread below
  ///   it
  String knob(Entities entities, int queued, WaitReason reason, int occupant) {
    return switch (reason) {
      case GUEST_QUEUE, VMM_QUEUE -> queue(entities, queued, occupant);
      case GUEST_THROTTLED, VMM_THROTTLED -> limit(entities, occupant);
      case HYPERVISOR_WAIT -> hypervisor(entities, occupant);
      case OVERHEAD_SIGNAL -> "the cost of a signal; costs: signal-latency in a scenario";
      case OVERHEAD_INTERCEPT -> "how often the guest leaves to its VMM, and how long that takes";
      case SMT -> "threads-per-core, or fewer busy siblings";
    };
  }

  private String queue(Entities entities, int queued, int occupant) {
    if (occupant == Entities.NONE) {
      return "none: the processor was about to take it";
    }
    List<Entity> mine = line(entities, queued);
    List<Entity> theirs = line(entities, occupant);
    int depth = 0;
    while (depth < Math.min(mine.size(), theirs.size())
        && mine.get(depth).id() == theirs.get(depth).id()) {
      depth++;
    }
    if (isKernelThread(entities, queued) || isKernelThread(entities, occupant)) {
      return ofKernelThreads(entities, queued, occupant);
    }
    if (depth == mine.size() || depth == theirs.size()) {
      return "cpu.weight and nice of " + entities.path(queued) + " and " + entities.path(occupant);
    }
    Entity one = mine.get(depth);
    Entity other = theirs.get(depth);
    String what =
        one.kind() == EntityKind.GROUP && other.kind() == EntityKind.GROUP
            ? "cpu.weight"
            : one.kind() == EntityKind.GROUP || other.kind() == EntityKind.GROUP
                ? "cpu.weight and nice"
                : "nice, or a cgroup for each, and the slice for latency";
    return what + ": " + setting(one) + " against " + setting(other);
  }

  /// The kernel's own threads, by the names that they have on every machine; a simulated task has
  /// settings, whatever its name.
  private boolean isKernelThread(Entities entities, int id) {
    String path = entities.path(id);
    return !tasks.containsKey(path)
        && entities.get(id).kind() == EntityKind.TASK
        && KERNEL_THREAD
            .matcher(path.substring(path.indexOf("task:") + "task:".length()))
            .matches();
  }

  private String ofKernelThreads(Entities entities, int queued, int occupant) {
    boolean both = isKernelThread(entities, queued) && isKernelThread(entities, occupant);
    int kernels = isKernelThread(entities, occupant) ? occupant : queued;
    int other = kernels == occupant ? queued : occupant;
    return (both ? "none" : "the cpuset or affinity of " + entities.path(other))
        + ": "
        + entities.path(kernels)
        + " is a thread of the kernel, which is not yours to weigh";
  }

  /// From the topmost cgroup down to the entity.
  private static List<Entity> line(Entities entities, int id) {
    List<Entity> line = new ArrayList<>();
    line.add(entities.get(id));
    int at = entities.get(id).group();
    while (at != Entities.NONE && entities.get(at).kind() == EntityKind.GROUP) {
      line.addFirst(entities.get(at));
      at = entities.get(at).parent();
    }
    return line;
  }

  private String setting(Entity entity) {
    GroupSpec group = groups.get(entity.path());
    TaskSpec task = tasks.get(entity.path());
    if (group != null) {
      return entity.path() + " (" + weight(group.weight()) + ")";
    }
    return task == null ? entity.path() : entity.path() + " (nice " + task.nice() + ")";
  }

  private static String weight(GroupWeight weight) {
    return switch (weight) {
      case GroupWeight.OfWeight(int value) -> "cpu.weight " + value;
      case GroupWeight.OfNice(int nice) -> "cpu.weight.nice " + nice;
      case GroupWeight.Idle() -> "cpu.idle 1";
    };
  }

  private String limit(Entities entities, int rule) {
    String path = entities.path(rule);
    String of = path.substring(path.indexOf(':') + 1);
    Optional<Quota> quota = Optional.ofNullable(groups.get(of)).flatMap(GroupSpec::quota);
    return "cpu.max of "
        + of
        + quota
            .map(q ->
                " ("
                    + Numbers.duration(q.quotaNs())
                    + " in each "
                    + Numbers.duration(q.periodNs())
                    + (q.burstNs() > 0 ? ", burst " + Numbers.duration(q.burstNs()) : "")
                    + ")")
            .orElse("")
        + ", or cpu.max.burst";
  }

  private String hypervisor(Entities entities, int occupant) {
    if (occupant != Entities.NONE && entities.get(occupant).kind() == EntityKind.RULE) {
      return entities.path(occupant) + ": the hypervisor's own limit";
    }
    String controls = "the hypervisor's weight, cap, reserve and CPU groups";
    if (assembly.isEmpty() || assembly.get().linuxSchedulesChildren()) {
      return controls;
    }
    return controls
        + "; no cgroup or cpuset of a guest's Linux reaches this wait under "
        + assembly.get().text();
  }
}
