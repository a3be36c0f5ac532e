package dev.stint.scenario.trace;

import dev.stint.model.sched.TaskControl;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.workload.ReplayedJob;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.ReplayedJobs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A scenario in which a recorded workload runs again: its tasks in one guest of an L1VH, beside
/// another guest that its reader edits.
///
/// @param yaml its text
/// @param notes what of the recording is not in it
public record ReplayScenario(String yaml, List<String> notes) {
  private static final int TEXT_MAX = 3_000_000;
  private static final int FIRST_FAIR_PRIORITY = 100;
  private static final int NICE_0_PRIORITY = 120;
  private static final long DURATION_MAX_NS = 3_600_000_000_000L;

  /// Copies the list.
  public ReplayScenario {
    notes = List.copyOf(notes);
  }

  /// The scenario of what was recorded.
  ///
  /// @param name of the recording
  public static ReplayScenario of(ImportedTrace trace, String name) {
    List<String> notes = new ArrayList<>();
    int cpus = Math.min(trace.cpus(), PartitionSpec.VPS_MAX);
    if (cpus < trace.cpus()) {
      notes.add("The scenario has " + cpus + " of " + trace.cpus() + " CPUs: a guest has no more.");
    }
    StringBuilder tasks = new StringBuilder();
    Set<String> names = new LinkedHashSet<>();
    long leftOutNs = 0;
    int leftOut = 0;
    int otherClass = 0;
    for (ImportedTrace.Task task : byWork(trace.tasks())) {
      if (task.jobs().isEmpty()) {
        continue;
      }
      if (task.priority() < FIRST_FAIR_PRIORITY) {
        otherClass++;
        continue;
      }
      String line = line(task, names);
      if (tasks.length() + line.length() > TEXT_MAX) {
        leftOut++;
        leftOutNs += workNs(task);
      } else {
        tasks.append(line);
      }
    }
    if (otherClass > 0) {
      notes.add(
          "Left out, as only the fair class is modelled: "
              + otherClass
              + (otherClass == 1 ? " real-time task." : " real-time tasks."));
    }
    if (!trace.allJobs()) {
      notes.add(
          "Left out, as it is too much for a scenario: what tasks did after "
              + Activations.JOBS_MAX
              + " jobs of all. Take a shorter --duration.");
    }
    if (leftOut > 0) {
      notes.add(
          "Left out, as a scenario has at most 4 MiB: the last "
              + leftOut
              + " by work, with "
              + Quantities.duration(leftOutNs)
              + " of it. Take a shorter --duration.");
    }
    long durationNs = Math.clamp(trace.result().durationNs(), 1_000_000, DURATION_MAX_NS);
    return new ReplayScenario(text(name, cpus, durationNs, tasks), notes);
  }

  private static String text(String name, int cpus, long durationNs, StringBuilder tasks) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    String head =
        """
        # What was recorded in %1$s, in a guest of an L1VH. Each task wakes when it did, or as soon
        # as it is done with the job before, and works for as long as it ran then.
        # Yours to edit: the machine, the groups' weights and quotas, and vm-other, who competes.
        name: %2$s
        description: A recorded workload in a guest of an L1VH, beside another guest.
        duration: %3$s
        machine: {cores: %4$d}
        under: [core, integrated, root]
        partitions:
          l1vh:
            kind: l1vh
            vps: %4$d
            groups:
              recorded: {cpu.weight: 100}
              other: {cpu.weight: 100}
            children:
              vm-other:
                vps: %4$d
                group: other
                tasks:
                  load: {count: %4$d, busy: {}}
              vm-recorded:
                vps: %4$d
                group: recorded
                tasks:
        """;
    String filled =
        String.format(
            Locale.ROOT,
            head,
            file.replaceAll("\\p{Cntrl}", "?"),
            "replay-" + plain(file),
            Quantities.duration(durationNs),
            cpus);
    return filled + (tasks.isEmpty() ? "          nothing: {batch: {work: 1us}}\n" : tasks);
  }

  private static List<ImportedTrace.Task> byWork(List<ImportedTrace.Task> tasks) {
    List<ImportedTrace.Task> sorted = new ArrayList<>(tasks);
    sorted.sort(
        Comparator.comparingLong(ReplayScenario::workNs)
            .reversed()
            .thenComparing(ImportedTrace.Task::path));
    return sorted;
  }

  private static long workNs(ImportedTrace.Task task) {
    long sumNs = 0;
    for (ReplayedJob job : task.jobs()) {
      if (job.runNs() == TaskControl.FOREVER) {
        return Long.MAX_VALUE;
      }
      sumNs += job.runNs();
    }
    return sumNs;
  }

  private static String line(ImportedTrace.Task task, Set<String> names) {
    String name = plain(task.comm() + "-" + task.pid());
    while (!names.add(name)) {
      name += "-again";
    }
    int nice = task.priority() - NICE_0_PRIORITY;
    return "          "
        + name
        + ": {"
        + (nice == 0 ? "" : "nice: " + nice + ", ")
        + "replay: {jobs: \""
        + ReplayedJobs.text(task.jobs())
        + "\"}}\n";
  }

  /// What a name may hold.
  private static String plain(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "t");
    return plain.isEmpty() ? "t" : plain.substring(0, Math.min(plain.length(), 60));
  }
}
