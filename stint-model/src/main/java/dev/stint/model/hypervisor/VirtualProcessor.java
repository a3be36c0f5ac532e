package dev.stint.model.hypervisor;

import dev.stint.model.sched.Processor;
import dev.stint.model.time.Invariant;

/// A virtual processor (VP) of a partition, and what the hypervisor's scheduler keeps about it.
///
/// ```
///             interrupt              picked
///   BLOCKED ────────────▶ READY ───────────────▶ RUNNING ──halt──▶ BLOCKED
///                           ▲  ▲    displaced       │
///                           │  └────────────────────┤
///                    window │                       │ cap used up
///                           └────── THROTTLED ◀─────┘
/// ```
///
/// A VP whose parent dispatches it stays BLOCKED here: its own driver knows better.
public final class VirtualProcessor {
  /// What a VP is doing, as its hypervisor sees it.
  public enum State {
    /// Halted, or not the hypervisor's to schedule.
    BLOCKED,
    /// Waits for an LP.
    READY,
    /// Holds an LP.
    RUNNING,
    /// Its cap is used up: waits for the next window.
    THROTTLED
  }

  private final int id;
  private final Partition partition;
  private final int index;
  private final Processor processor;

  State state = State.BLOCKED;

  private final VpExecution execution;
  private InterceptPort port = InterceptPort.NONE;

  /* Whether the trace has it waiting for its VMM. */
  boolean awaitsVmm;

  /* Its partition is finalized: it never runs again. */
  private boolean retired;

  /* The LP on which it runs, for which it waits, or on which it ran last; -1 before its first. */
  int lp = -1;
  boolean marked;

  /* Announced a long spin since it got its LP. */
  boolean spins;
  long runSinceNs;
  long windowUsedNs;

  /* As its partition's controls say. */
  private boolean capped;
  private boolean reserved;
  long capBudgetNs;
  long reserveBudgetNs;
  int capTimer = -1;
  int capRule = -1;

  /* What throttles it while it is THROTTLED. */
  int throttledBy = -1;

  GroupCap groupCap = GroupCap.NONE;

  VirtualProcessor(int id, Partition partition, int index) {
    this.id = id;
    this.partition = partition;
    this.index = index;
    this.processor = Processor.virtual(id);
    execution = new VpExecution(dispatched());
  }

  /// Its partition's controls are settled.
  void applyControls(long windowNs) {
    Controls controls = partition.controls();
    capped = controls.cap() < Controls.ONE_LP;
    reserved = controls.reserve() > 0;
    this.capBudgetNs = windowNs * controls.cap() / Controls.ONE_LP;
    this.reserveBudgetNs = windowNs * controls.reserve() / Controls.ONE_LP;
  }

  /// Its entity id.
  public int id() {
    return id;
  }

  /// Whose it is.
  public Partition partition() {
    return partition;
  }

  /// Its index in its partition.
  public int index() {
    return index;
  }

  /// Its joint with the guest above and its supplier below.
  public Processor processor() {
    return processor;
  }

  /// What it is doing.
  public State state() {
    return state;
  }

  /// Whether its parent's driver must attach itself as the supplier of [#processor].
  public boolean dispatched() {
    return partition.scheduling() == Partition.Scheduling.DISPATCHED;
  }

  /// Its suspend registers, and what its parent was told.
  public VpExecution execution() {
    return execution;
  }

  /// Says who gets its intercept messages. Called once, before the run.
  public void attachPort(InterceptPort newPort) {
    Invariant.check(port == InterceptPort.NONE, "a VP's messages go to one port");
    port = newPort;
  }

  /// An interrupt for its guest: one that halted wants to run again.
  void interrupt(long nowNs) {
    if (dispatched() && processor.halted()) {
      execution.interrupt();
    }
    processor.interrupt(nowNs);
  }

  /// Sets its explicit suspension: it is not scheduled until that is cleared. One that waits for an
  /// LP leaves when it gets one.
  public void suspendExplicitly() {
    execution.writeExplicitSuspend(true);
  }

  /// Clears its explicit suspension: it is scheduled from now, if nothing else suspends it and its
  /// guest wants to run.
  public void clearExplicitSuspend(long nowNs) {
    boolean suspended = execution.suspended();
    execution.writeExplicitSuspend(false);
    released(suspended, nowNs);
  }

  /// Clears its intercept suspension, as [#clearExplicitSuspend].
  public void clearInterceptSuspend(long nowNs) {
    boolean suspended = execution.suspended();
    execution.writeInterceptSuspend(false);
    released(suspended, nowNs);
  }

  private void released(boolean suspended, long nowNs) {
    boolean free = !dispatched() && !retired && !execution.suspended();
    if (suspended && free && !processor.halted() && !processor.backed()) {
      processor.renotify(nowNs);
    }
  }

  /* Its guest needs its VMM: it is suspended, and its parent hears of it. */
  void intercepted(long nowNs) {
    execution.start();
    execution.intercept();
    execution.sendIntercept();
    port.interceptMessage(nowNs);
  }

  /* Nothing to run, or not allowed to: it wants no LP. */
  boolean resting() {
    return execution.suspended() || retired || processor.halted();
  }

  void retire() {
    retired = true;
  }

  /* Off every LP and every run list. */
  boolean stopped() {
    return state == State.BLOCKED && !processor.backed();
  }

  /// What hypercalls can change or read of it.
  String describe() {
    return execution
        + " signals "
        + execution.rootSignalCount()
        + (retired ? " retired" : "")
        + (processor.halted() ? " halted" : "");
  }

  boolean capped() {
    return capped;
  }

  boolean reserved() {
    return reserved;
  }

  /* Ready, or already on an LP. */
  boolean runnable() {
    return state == State.READY || state == State.RUNNING;
  }

  /* LP time in the current window. */
  long usedNs(long nowNs) {
    return state == State.RUNNING ? windowUsedNs + (nowNs - runSinceNs) : windowUsedNs;
  }

  @Override
  public String toString() {
    return partition.path() + "/vp" + index + " " + state;
  }
}
