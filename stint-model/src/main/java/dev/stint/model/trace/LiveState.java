package dev.stint.model.trace;

/// State that the event stream does not carry, to be asked for while an event is told. Asking
/// changes nothing.
public interface LiveState {
  /// The answer where there is no such figure: another kind of entity, a group without a limit, a
  /// run that is not live.
  long UNKNOWN = Long.MIN_VALUE;

  /// Nothing is known.
  LiveState NONE =
      new LiveState() {
        @Override
        public long lagNs(int id) {
          return UNKNOWN;
        }

        @Override
        public long quotaLeftNs(int id) {
          return UNKNOWN;
        }
      };

  /// How far a task or vCPU thread is behind its queue's virtual time (positive: it is owed time),
  /// in virtual nanoseconds, as of its last charge.
  long lagNs(int id);

  /// What a group may still use of its `cpu.max` in this period, in its global pool and on its
  /// CPUs, in nanoseconds as of the last charge; negative when overdrawn.
  long quotaLeftNs(int id);

  /// The run queues of a processor as a text for people: who waits, with which virtual times and
  /// limits. Empty where there are none.
  default String queues(int processor) {
    return "";
  }
}
