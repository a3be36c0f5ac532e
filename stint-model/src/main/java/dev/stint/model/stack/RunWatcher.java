package dev.stint.model.stack;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceSink;
import java.util.Map;

/// Somebody who wants the event stream of a run.
public interface RunWatcher {
  /// Called once, when all entities are known and before the first event.
  ///
  /// @param threadOfVp the vCPU thread that stands for a VP, by entity id
  TraceSink watch(Entities entities, Map<Integer, Integer> threadOfVp);
}
