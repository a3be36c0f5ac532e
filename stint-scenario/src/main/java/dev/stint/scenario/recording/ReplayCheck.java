package dev.stint.scenario.recording;

import dev.stint.model.linux.DecisionReplay;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.ReplayResult;
import dev.stint.scenario.recording.FtraceReader.Recording;
import dev.stint.scenario.recording.RecordedSystem.Group;
import dev.stint.scenario.recording.RecordedSystem.Member;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares every decision in a recording with the model's ([DecisionReplay]).
///
/// Three things that no line of a recording says are read off it: on which grid the ticks fall, in
/// which phase the periods of quotas, and the lag that tasks bring along ([LagEstimate]).
public final class ReplayCheck {
  /// From a timer's expiry to the switch that it causes, an interrupt and a pass of the scheduler
  /// lie: some microseconds.
  private static final long INTERRUPT_NS = 8_000;

  private static final long TICK_WINDOW_NS = 8_000;

  private ReplayCheck() {}

  /// What a replay found, and what had to be read off the recording for it.
  ///
  /// @param result the decisions compared
  /// @param lagsNs estimated lag that tasks brought along, by process id
  /// @param tickPhaseNs where the ticks lie on the tick's period
  /// @param quotaPhasesNs when quota periods begin, by cgroup path
  public record Outcome(
      ReplayResult result,
      Map<Integer, Long> lagsNs,
      long tickPhaseNs,
      Map<String, Long> quotaPhasesNs) {}

  /// Replays a recording of `system` on a Linux of this configuration; describes the first `show`
  /// disagreements.
  public static Outcome run(
      Recording recording, RecordedSystem system, LinuxConfig config, int show) {
    Map<String, Long> phases = quotaPhases(recording.events(), system);
    long tickPhaseNs = tickPhaseNs(recording.events(), config.tickNs());
    LagEstimate.Replay replay =
        (lags, kept) ->
            new DecisionReplay(
                    config,
                    recording.cpus(),
                    tickPhaseNs,
                    lags,
                    kept,
                    kernel -> system.build(kernel, phases))
                .run(recording.events());
    Map<Integer, Long> lags = LagEstimate.of(replay);
    return new Outcome(replay.run(lags, show), lags, tickPhaseNs, phases);
  }

  /// Where on the tick's period most preemptions lie: the tick comes just before the first of them.
  static long tickPhaseNs(List<RecordedEvent> events, long tickNs) {
    long[] offsets =
        events.stream()
            .filter(e -> e instanceof Switch s && s.left() == Left.RUNNABLE && s.previous().fair())
            .mapToLong(e -> e.timeNs() % tickNs)
            .sorted()
            .toArray();
    int best = 0;
    long phase = 0;
    for (int from = 0; from < offsets.length; from++) {
      int to = Arrays.binarySearch(offsets, offsets[from] + TICK_WINDOW_NS);
      int count = (to < 0 ? -to - 1 : to) - from;
      if (count > best) {
        best = count;
        phase = offsets[from];
      }
    }
    return Math.max(0, phase - INTERRUPT_NS);
  }

  /// A task that its quota parked runs again, without a wake-up, when a period begins: at the first
  /// such return to a CPU that idled, the group's period began just before.
  static Map<String, Long> quotaPhases(List<RecordedEvent> events, RecordedSystem system) {
    Map<String, Long> phases = new LinkedHashMap<>();
    for (Group group : system.groups()) {
      group
          .quota()
          .ifPresent(quota -> {
            long start = firstReturn(events, members(system, group));
            if (start >= 0) {
              phases.put(group.path(), (start - INTERRUPT_NS) % quota.periodNs());
            }
          });
    }
    return phases;
  }

  private static Set<String> members(RecordedSystem system, Group group) {
    Set<String> comms = new LinkedHashSet<>();
    for (Member task : system.tasks()) {
      if (task.group().equals(group.path()) || task.group().startsWith(group.path() + "/")) {
        comms.add(task.comm());
      }
    }
    return comms;
  }

  private static long firstReturn(List<RecordedEvent> events, Set<String> comms) {
    Set<Integer> parked = new LinkedHashSet<>();
    for (RecordedEvent event : events) {
      switch (event) {
        case Switch change -> {
          if (change.previous().pid() == RecordedEvent.IDLE
              && parked.contains(change.next().pid())) {
            return change.timeNs();
          }
          boolean runnable =
              change.left() == Left.RUNNABLE || change.left() == Left.RUNNABLE_IN_KERNEL;
          if (runnable
              && comms.contains(change.previous().comm())
              && change.next().pid() == RecordedEvent.IDLE) {
            parked.add(change.previous().pid());
          }
        }
        case Wakeup wakeup -> parked.remove(wakeup.woken().pid());
        case RecordedEvent.Migration _ -> {}
      }
    }
    return -1;
  }
}
