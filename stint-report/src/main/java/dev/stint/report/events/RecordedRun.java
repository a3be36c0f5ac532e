package dev.stint.report.events;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.LiveState;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A run as its event file begins.
///
/// @param label which run
/// @param entities all but the rules that are first named later; those come while it is replayed
/// @param threadOfVp the vCPU thread that stands for a VP, by entity id
public record RecordedRun(RunLabel label, Entities entities, Map<Integer, Integer> threadOfVp) {
  /// Copies the map, in order of id.
  public RecordedRun {
    threadOfVp = Collections.unmodifiableMap(new TreeMap<>(threadOfVp));
  }

  /// The same run as a [dev.stint.model.stack.RunWatcher] sees one; nothing is live in it.
  public WatchedRun watched(Scenario scenario, Assembly assembly) {
    return new WatchedRun(scenario, assembly, entities, threadOfVp, LiveState.NONE);
  }
}
