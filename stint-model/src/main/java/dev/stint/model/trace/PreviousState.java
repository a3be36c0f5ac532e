package dev.stint.model.trace;

/// Why an entity left its processor.
public enum PreviousState {
  /// Preempted or yielded: it stays ready and waits for the same processor.
  READY,
  /// It blocked: sleeps, waits for an event, or (a VP) halted.
  BLOCKED,
  /// It ended and never runs again.
  EXITED,
  /// Nothing left: the processor had been idle.
  NONE,
  /// A VP whose guest needs its VMM: it waits for its vCPU thread, and then for a [TraceKind#MOVE]
  /// to a processor or for [TraceKind#ENTER].
  INTERCEPTED
}
