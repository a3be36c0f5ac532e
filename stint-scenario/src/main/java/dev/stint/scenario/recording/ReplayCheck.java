package dev.stint.scenario.recording;

import dev.stint.model.linux.DecisionReplay;
import dev.stint.model.linux.FreedTasks;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.ReplayResult;
import dev.stint.model.linux.Unrecorded;
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
/// Four things that no line of a recording says are read off it: on which grid the ticks fall, in
/// which phase the periods of quotas, how much earlier than its line a switch from a task that
/// sleeps reads the clock, and the lag that tasks bring along ([LagEstimate]).
public final class ReplayCheck {
  /// From a timer's expiry to the switch that it causes, an interrupt and a pass of the scheduler
  /// lie: some microseconds.
  private static final long INTERRUPT_NS = 8_000;

  private static final long TICK_WINDOW_NS = 8_000;

  /// To take a task off its queues takes less.
  private static final long SLEEP_LEAD_MAX_NS = 4_000;

  private static final long SLEEP_LEAD_STEP_NS = 500;

  private ReplayCheck() {}

  /// What a replay found, and what had to be read off the recording for it.
  ///
  /// @param result the decisions compared
  /// @param unrecorded where the ticks lie, and what was estimated
  /// @param quotaPhasesNs when quota periods begin, by cgroup path
  public record Outcome(
      ReplayResult result, Unrecorded unrecorded, Map<String, Long> quotaPhasesNs) {}

  /// Replays a recording of `system` on a Linux of this configuration; describes the first `show`
  /// disagreements.
  public static Outcome run(
      Recording recording, RecordedSystem system, LinuxConfig config, int show) {
    Map<String, Long> phases = quotaPhases(recording.events(), system);
    long tickPhaseNs = tickPhaseNs(recording.events(), config.tickNs());
    Replay replay =
        (unrecorded, kept) ->
            new DecisionReplay(
                    config,
                    recording.cpus(),
                    unrecorded,
                    kept,
                    kernel -> system.build(kernel, phases))
                .run(recording.events());
    long sleepLeadNs = sleepLeadNs(replay, tickPhaseNs);
    Map<Integer, Long> lags =
        LagEstimate.of(
            (lagsNs, kept) -> replay.run(new Unrecorded(tickPhaseNs, sleepLeadNs, lagsNs), kept));
    Unrecorded unrecorded = new Unrecorded(tickPhaseNs, sleepLeadNs, lags);
    return new Outcome(replay.run(unrecorded, show), unrecorded, phases);
  }

  /// Replays a recording up to where tasks are freed and lets the model go on alone, with what
  /// [#run] read off the whole of it.
  public static FreedTasks.Outcome free(
      Recording recording,
      RecordedSystem system,
      LinuxConfig config,
      Outcome known,
      FreedTasks freed) {
    return new DecisionReplay(
            config,
            recording.cpus(),
            known.unrecorded(),
            0,
            kernel -> system.build(kernel, known.quotaPhasesNs()),
            freed)
        .runFreed(recording.events());
  }

  /// One replay that describes this many disagreements.
  @FunctionalInterface
  private interface Replay {
    ReplayResult run(Unrecorded unrecorded, int kept);
  }

  /// How much earlier the kernel reads its clock at a switch from a task that sleeps: the lead, in
  /// steps of half a microsecond, that makes most decisions agree; none, if it does not matter.
  private static long sleepLeadNs(Replay replay, long tickPhaseNs) {
    long best = 0;
    long equal = -1;
    for (long lead = 0; lead <= SLEEP_LEAD_MAX_NS; lead += SLEEP_LEAD_STEP_NS) {
      long found = replay.run(new Unrecorded(tickPhaseNs, lead, Map.of()), 0).equal();
      if (found > equal) {
        equal = found;
        best = lead;
      }
    }
    return best;
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
