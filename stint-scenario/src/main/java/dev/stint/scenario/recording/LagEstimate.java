package dev.stint.scenario.recording;

import dev.stint.model.linux.ReplayResult;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The lag that tasks brought along from before a recording began: one number for each task whose
/// order among others the model otherwise gets wrong. It is the one that makes most of the
/// recording's decisions agree, task by task, and all over again until no more agree: the best
/// number for one task depends on those of the others.
///
/// A kernel thread that once waited a tick is owed some milliseconds for minutes: it sleeps most of
/// the time and keeps its lag. No line of the recording says so.
final class LagEstimate {
  private static final List<Long> CANDIDATES_NS =
      List.of(
          20_000L,
          100_000L,
          350_000L,
          700_000L,
          1_400_000L,
          2_000_000L,
          2_800_000L,
          4_000_000L,
          -350_000L,
          -1_400_000L);

  private LagEstimate() {}

  /// One replay with these lags, by process id, that describes this many disagreements.
  @FunctionalInterface
  interface Replay {
    ReplayResult run(Map<Integer, Long> lagsNs, int kept);
  }

  /// The estimate, by process id; tasks that are not named have none.
  static Map<Integer, Long> of(Replay replay) {
    Map<Integer, Long> lags = new LinkedHashMap<>();
    ReplayResult best = replay.run(lags, 0);
    long before;
    do {
      before = best.equal();
      best = improve(replay, lags, best);
    } while (best.equal() > before);
    return lags;
  }

  /// Tries every contested task once, in the order of their first time; returns what `lags`, which
  /// it changes, give.
  private static ReplayResult improve(Replay replay, Map<Integer, Long> lags, ReplayResult before) {
    Set<Integer> tried = new LinkedHashSet<>();
    ReplayResult best = before;
    int pid = firstUntried(best, tried);
    while (pid >= 0) {
      tried.add(pid);
      for (long lag : CANDIDATES_NS) {
        Map<Integer, Long> trial = new LinkedHashMap<>(lags);
        trial.put(pid, lag);
        ReplayResult result = replay.run(trial, 0);
        if (result.equal() > best.equal()) {
          best = result;
          lags.put(pid, lag);
        }
      }
      pid = firstUntried(best, tried);
    }
    return best;
  }

  private static int firstUntried(ReplayResult result, Set<Integer> tried) {
    for (int pid : result.contested()) {
      if (!tried.contains(pid)) {
        return pid;
      }
    }
    return -1;
  }
}
