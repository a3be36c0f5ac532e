package dev.stint.model.linux;

import dev.stint.model.linux.ReplayResult.Disagreement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts the decisions of a [DecisionReplay] and keeps the first that differ.
final class ReplayTally {
  long picks;
  long equalPicks;
  long cpuChoices;
  long equalCpuChoices;
  long pulls;
  long equalPulls;
  long preemptionChecks;
  long equalPreemptionChecks;
  long kept;
  long forced;

  private final int disagreementsKept;
  private final List<Disagreement> disagreements = new ArrayList<>();
  private final Map<Task, Integer> older = new LinkedHashMap<>();
  private final Map<Task, Integer> contested = new LinkedHashMap<>();

  ReplayTally(int disagreementsKept) {
    this.disagreementsKept = disagreementsKept;
  }

  /// Whether the next disagreement will be kept.
  boolean describes() {
    return disagreements.size() < disagreementsKept;
  }

  void note(Disagreement disagreement) {
    if (describes()) {
      disagreements.add(disagreement);
    }
  }

  /// A task, by its process id, that lived before the recording began.
  void older(Task task, int pid) {
    older.put(task, pid);
  }

  /// A task that only one of model and kernel chose.
  void contest(@Nullable Task task) {
    Integer pid = task == null ? null : older.get(task);
    if (task != null && pid != null) {
      contested.putIfAbsent(task, pid);
    }
  }

  ReplayResult result() {
    return new ReplayResult(
        picks,
        equalPicks,
        cpuChoices,
        equalCpuChoices,
        pulls,
        equalPulls,
        preemptionChecks,
        equalPreemptionChecks,
        kept,
        forced,
        List.copyOf(contested.values()),
        List.copyOf(disagreements));
  }
}
