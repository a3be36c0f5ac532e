package dev.stint.model.trace;

/// The kinds of scheduling event. The meaning of the four arguments of [TraceSink#event] is given
/// per kind; all are entity ids unless said otherwise.
///
/// The stream is complete: the ledger, every statistic and every picture is a fold over it. An
/// entity starts blocked, a processor starts idle, an LP starts (and stays) backed.
public enum TraceKind {
  /// A processor (LP or VP) passes from one entity to another: (processor, previous, next, state of
  /// previous: a [PreviousState] ordinal). Either may be [Entities#NONE] (idle).
  SWITCH,
  /// A blocked entity becomes ready: (entity, processor it waits for, waker or NONE, 0). For a task
  /// the processor is the one that its wake-up interrupt or waker addressed; [#MOVE] follows when
  /// the guest's scheduler then chooses another.
  READY,
  /// A ready or throttled entity that is not running changes the processor it waits for: (entity,
  /// from, to, 0).
  MOVE,
  /// A ready entity that is not running may not run until [#UNTHROTTLE]: (entity, processor, rule,
  /// 0).
  THROTTLE,
  /// A throttled entity waits for a processor again: (entity, processor, 0, 0).
  UNTHROTTLE,
  /// The running vCPU thread enters dispatch and from now carries the VP: (thread, vp, 0, 0). While
  /// the thread runs on a backed processor, the VP is backed.
  ENTER,
  /// The running vCPU thread's dispatch returns: (thread, vp, [PreviousState] ordinal of the VP,
  /// 0).
  LEAVE,
  /// An idle LP may not run its waiters because of another entity: (lp, the entity that holds it,
  /// or NONE when the hold ends, 0, 0). Under the core scheduler the idle sibling of a busy LP is
  /// held.
  HOLD,
  /// A task that is running, or stops at this instant, made no progress for a part of the time that
  /// it ran without a break up to now: (task, [CostKind] ordinal, nanoseconds, the entity that
  /// caused it or NONE). Everything below the task in its chain lost the same time.
  COST,
  /// From now on it is not known what the entity does, until an event says: (entity, 0, 0, 0). Only
  /// recordings have it. What runs on a processor becomes unknown with it; a READY, MOVE or SWITCH
  /// ends it.
  UNKNOWN
}
