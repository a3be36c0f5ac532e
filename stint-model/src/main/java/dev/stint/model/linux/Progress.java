package dev.stint.model.linux;

import dev.stint.model.sched.Costs;
import dev.stint.model.sched.OwedTime;
import dev.stint.model.sched.Processor;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceKind;

/// How far one task gets in the processor time that it holds: first it pays what is owed, by kind;
/// then it works, at its processor's speed (docs/models/costs.md).
final class Progress {
  /*
   * Nothing happens when a payment ends: when the task stops, or its speed changes, the time since
   * the last such moment is split, and one event per kind tells the trace.
   */
  private static final CostKind[] KINDS = CostKind.values();

  private final Task task;
  private final OwedTime owed = new OwedTime();

  /// Whether anything is owed: mostly nothing is, and then what is owed need not be looked at.
  private boolean owes;

  private int pacePermille = Costs.FULL_PACE;
  private int rival = Entities.NONE;
  private boolean running;
  private long sinceNs;
  private long doneNs;

  /// All processor time that the task held.
  long heldNs;

  /// Of these, before it was last switched in.
  long heldAtSwitchNs;

  /// How long tasks had run on its last CPU when it left.
  long cpuUsedAtLeaveNs;

  Progress(Task task) {
    this.task = task;
  }

  /// Whether something must be paid before the task goes on.
  boolean due(Processor processor) {
    return owes || processor.owes();
  }

  void owe(CostKind kind, long ns) {
    owed.add(kind, ns);
    owes |= ns > 0;
  }

  /// Whether the task holds a backed processor.
  boolean running() {
    return running;
  }

  /// All the work done up to now.
  long doneNs(long nowNs) {
    return running ? doneNs + atPace(Math.max(0, nowNs - sinceNs - owedNs())) : doneNs;
  }

  /// From now the task holds `processor`: it takes on what that owes, and its speed.
  void start(Processor processor, long nowNs) {
    running = true;
    sinceNs = nowNs;
    takeOn(processor);
  }

  /// What `processor` owes and its speed are the task's.
  void takeOn(Processor processor) {
    if (processor.owes()) {
      processor.handOver(owed);
      owes = true;
    }
    pacePermille = processor.pacePermille();
    rival = processor.rival();
  }

  /// Whoever runs on the VP that the task carries has all of it.
  void handOn(Processor vp, long nowNs) {
    vp.inherit(nowNs, owed, pacePermille, rival);
    owes = false;
    pacePermille = Costs.FULL_PACE;
  }

  private long owedNs() {
    return owes ? owed.totalNs() : 0;
  }

  /// How long the task must run to get `workNs` done.
  long spanNs(long workNs) {
    if (pacePermille == Costs.FULL_PACE) {
      return owedNs() + workNs;
    }
    long whole = workNs / pacePermille * Costs.FULL_PACE;
    return owedNs() + whole + Math.ceilDiv(workNs % pacePermille * Costs.FULL_PACE, pacePermille);
  }

  private long atPace(long ns) {
    if (pacePermille == Costs.FULL_PACE) {
      return ns;
    }
    return ns / Costs.FULL_PACE * pacePermille
        + ns % Costs.FULL_PACE * pacePermille / Costs.FULL_PACE;
  }

  /// From now it does not: returns the work done since it started, and tells the trace what was
  /// lost.
  long stop(long nowNs) {
    running = false;
    long ranNs = nowNs - sinceNs;
    heldNs += ranNs;
    long leftNs = owes ? ranNs - pay(ranNs, nowNs) : ranNs;
    long workNs = atPace(leftNs);
    tell(CostKind.SMT, leftNs - workNs, rival, nowNs);
    doneNs += workNs;
    return workNs;
  }

  private long pay(long availableNs, long nowNs) {
    long paidNs = 0;
    for (CostKind kind : KINDS) {
      long ns = owed.pay(kind, availableNs - paidNs);
      tell(kind, ns, Entities.NONE, nowNs);
      paidNs += ns;
    }
    owes = owed.totalNs() > 0;
    return paidNs;
  }

  private void tell(CostKind kind, long ns, int cause, long nowNs) {
    for (long rest = ns; rest > 0; rest -= Integer.MAX_VALUE) {
      int part = (int) Math.min(rest, Integer.MAX_VALUE);
      task.kernel.trace.event(nowNs, TraceKind.COST, task.id(), kind.ordinal(), part, cause);
    }
  }
}
