package dev.stint.model.stats;

/// Receives the ledger's own intervals as it pays them, so that whatever is made of them adds up to
/// the ledger to the nanosecond.
///
/// Every LP, VP, vCPU thread and task has spans: they follow one another without a gap from 0 to
/// the end of the run. Neighbours of equal status may come in pieces. Spans of different entities
/// come in no order: a long one ends, and is told, after short ones that began later.
public interface SpanSink {
  /// A sink that keeps nothing.
  SpanSink NONE = (_, _, _, _) -> {};

  /// One interval of one entity.
  ///
  /// @param entity its id
  /// @param status what [#isRun], [#isBlocked], [#isWait] and [#isUnknown] tell apart
  /// @param fromNs its start
  /// @param toNs its end, later than its start
  void span(int entity, long status, long fromNs, long toNs);

  /// An entity's status changes: the span of that status begins. Of several calls for an entity at
  /// one instant the last one counts; every entity begins blocked at 0 without a call.
  default void begins(int entity, long status, long atNs) {}

  /// A wake-up that the ledger counts: from becoming ready to running, 0 or more.
  default void wake(int entity, long latencyNs) {}

  /// Whether the entity held a backed processor (an LP: was in use). What it lost of that to
  /// overheads, [dev.stint.model.trace.TraceKind#COST] says.
  static boolean isRun(long status) {
    return status == Accounts.RUN;
  }

  /// Whether the entity had nothing to do (an LP: was idle).
  static boolean isBlocked(long status) {
    return status == Accounts.BLOCKED;
  }

  /// Whether a recording does not tell what the entity did.
  static boolean isUnknown(long status) {
    return status == Accounts.UNKNOWN;
  }

  /// Whether the entity was ready and did not run, for a [#reason] and because of an [#occupant].
  static boolean isWait(long status) {
    return status >= 0;
  }

  /// Why it waited; only of a wait.
  static WaitReason reason(long status) {
    return Accounts.reason(status);
  }

  /// Who held the processor meanwhile, or the rule that forbade running, or
  /// [dev.stint.model.trace.Entities#NONE] for nobody; only of a wait.
  static int occupant(long status) {
    return Accounts.occupant(status);
  }

  /// A sink that passes everything to both.
  static SpanSink both(SpanSink first, SpanSink second) {
    return new SpanSink() {
      @Override
      public void span(int entity, long status, long fromNs, long toNs) {
        first.span(entity, status, fromNs, toNs);
        second.span(entity, status, fromNs, toNs);
      }

      @Override
      public void begins(int entity, long status, long atNs) {
        first.begins(entity, status, atNs);
        second.begins(entity, status, atNs);
      }

      @Override
      public void wake(int entity, long latencyNs) {
        first.wake(entity, latencyNs);
        second.wake(entity, latencyNs);
      }
    };
  }
}
