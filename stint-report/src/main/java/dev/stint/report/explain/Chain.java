package dev.stint.report.explain;

import java.util.List;

/// What stood below an entity at an instant: its processor, what that ran or who carried it, and so
/// on down to the LP.
///
/// @param links the entity's own first
public record Chain(List<Link> links) {
  /// Copies the list.
  public Chain {
    links = List.copyOf(links);
  }

  /// One step down.
  ///
  /// @param entity the schedulable
  /// @param how how it stood to what is below
  /// @param below its processor, its vCPU thread, or the rule that stopped it;
  ///   [dev.stint.model.trace.Entities#NONE] where there was nothing
  /// @param occupant what the processor below ran, or who held it back;
  ///   [dev.stint.model.trace.Entities#NONE] for nobody
  /// @param others how many others waited for that processor
  public record Link(int entity, How how, int below, int occupant, int others) {}

  /// How an entity stands to what is below it.
  public enum How {
    /// It is the one that the processor below runs.
    CURRENT,
    /// It waits for the processor below.
    QUEUED,
    /// It is stopped by a limit.
    THROTTLED,
    /// The vCPU thread below has entered it.
    CARRIED,
    /// It waits for the vCPU thread below to enter it.
    AWAITS_THREAD,
    /// It needs its VMM, which is the vCPU thread below.
    INTERCEPTED,
    /// It has nothing to do.
    BLOCKED,
    /// A recording does not tell.
    UNKNOWN
  }
}
