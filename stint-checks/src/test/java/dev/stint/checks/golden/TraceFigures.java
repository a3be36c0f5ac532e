package dev.stint.checks.golden;

import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.Measured.Spread;
import dev.stint.host.figures.Range;
import dev.stint.host.figures.RunRecorder;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The figures of a stretch of a recording, a kernel's or the model's.
///
/// @param events of the whole recording
/// @param fromNs start of the stretch
/// @param toNs its end
record TraceFigures(List<RecordedEvent> events, long fromNs, long toNs) {
  Measured measured(GoldenScenario scenario, Map<String, OfGroup> groups) {
    RunRecorder runs = GuestTrace.of(events, scenario).runs(fromNs, toNs);
    Map<String, OfTask> tasks = new LinkedHashMap<>();
    for (Task task : scenario.tasks()) {
      String name = task.name();
      tasks.put(
          name,
          new OfTask(
              100.0 * runs.runNs(name) / (toNs - fromNs),
              Optional.of(runs.lengths(name)),
              0,
              0,
              task.periodic() ? Optional.of(jobs(task)) : Optional.empty()));
    }
    return new Measured(tasks, groups);
  }

  /// The jobs released in the stretch that ended in it: from a wake-up to the next sleep.
  private Jobs jobs(Task task) {
    List<Long> starts = new ArrayList<>();
    List<Long> responses = new ArrayList<>();
    long missed = 0;
    long wakeNs = -1;
    long startNs = -1;
    for (RecordedEvent event : events) {
      if (event.timeNs() < fromNs || event.timeNs() >= toNs) {
        continue;
      }
      switch (event) {
        case Wakeup wakeup when wakeup.woken().comm().equals(task.name()) -> {
          wakeNs = wakeup.timeNs();
          startNs = -1;
        }
        case Switch change -> {
          if (wakeNs >= 0 && startNs < 0 && change.next().comm().equals(task.name())) {
            startNs = change.timeNs();
          }
          boolean ends =
              change.left() == Left.BLOCKED && change.previous().comm().equals(task.name());
          if (ends && startNs >= 0) {
            starts.add(startNs - wakeNs);
            responses.add(change.timeNs() - wakeNs);
            missed += change.timeNs() - wakeNs > task.periodNs() ? 1 : 0;
            wakeNs = -1;
            startNs = -1;
          }
        }
        case Wakeup _, Migration _ -> {}
      }
    }
    return new Jobs(responses.size(), missed, missed, spread(starts), spread(responses));
  }

  private static Spread spread(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return new Spread(percentile(sorted, 50), percentile(sorted, 99));
  }

  private static Range percentile(List<Long> sorted, int percent) {
    return sorted.isEmpty()
        ? Range.of(0)
        : Range.of(sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)));
  }
}
