package dev.stint.report.explain;

import dev.stint.model.stack.Watch;
import dev.stint.model.trace.Entities;
import java.util.Map;

/// The events of one run, that can be told more than once: simulated again, or read from a file.
public interface RunEvents {
  /// Tells the run from its beginning to its end.
  void tell(Listener listener);

  /// Somebody who wants to hear the run.
  interface Listener {
    /// Called once, before the first event.
    ///
    /// @param threadOfVp the vCPU thread that stands for a VP, by entity id
    Watch listen(Entities entities, Map<Integer, Integer> threadOfVp);
  }
}
