package dev.stint.checks.golden;

import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.model.linux.FreedTasks;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.Unrecorded;
import dev.stint.scenario.recording.FtraceReader.Recording;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Task;
import dev.stint.scenario.recording.ReplayCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Runs the model alone from the state that a replay has reached.
///
/// @param scenario of the case
/// @param recording of the case
/// @param config of its kernel
/// @param known what was read off the whole recording
public record FreedRun(
    GoldenScenario scenario, Recording recording, LinuxConfig config, ReplayCheck.Outcome known) {
  /// Two switches are the same if they are this close: an eightieth of a tick, and more than the
  /// way from a timer to the line of the switch.
  private static final long SAME_NS = 50_000;

  /// The kernel's and the model's figures of one stretch, and how long they did the same.
  ///
  /// @param kernel figures of the recording; counters of groups are not in it
  /// @param model figures of the model; counters of groups are those of replay and run together
  /// @param switches of the kernel between the scenario's own tasks
  /// @param same how many of them the model makes too before the first other one
  /// @param sameNs how long that is
  public record Outcome(Measured kernel, Measured model, int switches, int same, long sameNs) {}

  /// The case's window opens.
  public long windowNs() {
    return GuestTrace.of(recording.events(), scenario).windowNs();
  }

  /// Lets the tasks go at `fromNs`; figures are those up to `toNs`.
  public Outcome run(long fromNs, long toNs) {
    List<RecordedEvent> events = recording.events();
    long tickPhaseNs = GuestTrace.of(events, scenario).tickDelayNs();
    FreedTasks freed =
        new FreedRoles(scenario, new Lives(events, tickPhaseNs), fromNs)
            .until(events.getLast().timeNs());
    FreedTasks.Outcome outcome =
        ReplayCheck.free(recording, scenario.system(), config, ticksAt(tickPhaseNs), freed);
    Measured kernel = new TraceFigures(events, fromNs, toNs).measured(scenario, Map.of());
    Measured model =
        new TraceFigures(outcome.events(), fromNs, toNs)
            .measured(scenario, counters(outcome.groups()));
    List<Switch> theirs = own(events, fromNs, toNs);
    List<Switch> ours = own(outcome.events(), fromNs, toNs);
    int same = 0;
    while (same < Math.min(theirs.size(), ours.size()) && alike(theirs.get(same), ours.get(same))) {
      same++;
    }
    long sameToNs = same == theirs.size() ? toNs : theirs.get(same).timeNs();
    return new Outcome(kernel, model, theirs.size(), same, sameToNs - fromNs);
  }

  /// What was read off the recording, but for ticks that take effect at their pass of the
  /// scheduler, as a model without interrupts has them.
  private ReplayCheck.Outcome ticksAt(long phaseNs) {
    Unrecorded seen = known.unrecorded();
    return new ReplayCheck.Outcome(
        known.result(),
        new Unrecorded(phaseNs, seen.sleepLeadNs(), seen.lagsNs()),
        known.quotaPhasesNs());
  }

  private static Map<String, OfGroup> counters(List<TaskGroup> groups) {
    Map<String, OfGroup> counters = new LinkedHashMap<>();
    for (TaskGroup group : groups) {
      String path = group.toString();
      counters.put(
          path.substring(path.indexOf("cgroup:") + "cgroup:".length()),
          new OfGroup(
              group.bandwidth().periodCount(),
              group.bandwidth().throttledPeriodCount(),
              group.bandwidth().throttledNs(),
              group.bandwidth().burstCount()));
    }
    return counters;
  }

  private static boolean alike(Switch one, Switch other) {
    return one.next().pid() == other.next().pid()
        && Math.abs(one.timeNs() - other.timeNs()) <= SAME_NS;
  }

  /// The switches that bring another of the scenario's tasks to a CPU than it had before.
  private List<Switch> own(List<RecordedEvent> events, long fromNs, long toNs) {
    Set<String> names = new LinkedHashSet<>();
    scenario.tasks().stream().map(Task::name).forEach(names::add);
    Map<Integer, Integer> last = new LinkedHashMap<>();
    List<Switch> found = new ArrayList<>();
    for (RecordedEvent event : events) {
      if (event instanceof Switch change && names.contains(change.next().comm())) {
        Integer before = last.put(change.cpu(), change.next().pid());
        boolean other = before == null || before != change.next().pid();
        if (other && change.timeNs() >= fromNs && change.timeNs() < toNs) {
          found.add(change);
        }
      }
    }
    return found;
  }
}
