package dev.stint.host.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Folds the switches of all CPUs into the runs of a scenario's tasks.
///
/// Two runs of a task that only tasks outside the scenario part, by less than 0.3 ms, count as one:
/// kernel threads wake at ticks and would cut a run of three ticks into three.
public final class RunRecorder {
  private static final long SPLIT_NS = 300_000;

  /// A run in time.
  public record Run(String task, long startNs, long endNs) {}

  private final Map<Integer, Lane> lanes = new LinkedHashMap<>();
  private final Map<String, Long> runNs = new LinkedHashMap<>();
  private final List<Run> runs = new ArrayList<>();
  private final long fromNs;
  private final long toNs;

  /// Counts what happens between the two instants.
  public RunRecorder(long fromNs, long toNs) {
    this.fromNs = fromNs;
    this.toNs = toNs;
  }

  private static final class Lane {
    private Optional<Run> before = Optional.empty();
    private Optional<String> current = Optional.empty();
    private long sinceNs;
    private long startNs;
  }

  /// A CPU goes on to a task of the scenario.
  public void toTask(int cpu, long timeNs, String task) {
    Lane lane = leave(cpu, timeNs);
    lane.startNs = timeNs;
    if (lane.before.isPresent()) {
      Run before = lane.before.get();
      if (before.task().equals(task) && timeNs - before.endNs() < SPLIT_NS) {
        lane.startNs = before.startNs();
      } else {
        runs.add(before);
      }
      lane.before = Optional.empty();
    }
    lane.current = Optional.of(task);
    lane.sinceNs = timeNs;
  }

  /// A CPU goes on to a task outside the scenario.
  public void toOther(int cpu, long timeNs) {
    leave(cpu, timeNs);
  }

  /// A CPU goes idle.
  public void toIdle(int cpu, long timeNs) {
    Lane lane = leave(cpu, timeNs);
    lane.before.ifPresent(runs::add);
    lane.before = Optional.empty();
  }

  private Lane leave(int cpu, long timeNs) {
    Lane lane = lanes.computeIfAbsent(cpu, _ -> new Lane());
    if (lane.current.isPresent()) {
      String task = lane.current.get();
      runNs.merge(
          task, Math.max(0, Math.min(timeNs, toNs) - Math.max(lane.sinceNs, fromNs)), Long::sum);
      lane.before = Optional.of(new Run(task, lane.startNs, timeNs));
      lane.current = Optional.empty();
    }
    return lane;
  }

  /// Time that a task ran inside the window; complete once every CPU was switched after it.
  public long runNs(String task) {
    return runNs.getOrDefault(task, 0L);
  }

  /// The runs of a task that lie inside the window.
  public RunLengths lengths(String task) {
    return RunLengths.of(
        runs.stream()
            .filter(run -> run.task().equals(task))
            .filter(run -> run.startNs() >= fromNs && run.endNs() <= toNs)
            .map(run -> run.endNs() - run.startNs())
            .toList());
  }
}
