package dev.stint.model.mshv;

import dev.stint.model.time.Invariant;

/// The teardown of one VP under ROOT (`disable_vp_dispatch`, `drain_vp_signals`; facts: hyperv.md
/// §2.6): no signal may be on its way when the VP's memory is freed.
///
/// ```
///   DISPATCH_SUSPEND := 1 ─▶ read VP_ROOT_SIGNAL_COUNT ─▶ compare with the signals seen
///                                                         │ equal: DONE
///                              kicked := 0 ◀── wait ◀─────┘ (warn unless the difference is 1)
///                                   └─▶ compare           a Unix signal ends the wait: DONE
/// ```
///
/// Known hazard (L5): a closing task with a fatal signal pending leaves the wait at once, and frees
/// the VP with one signal possibly in flight.
public final class SignalDrain {
  /// What the drain needs from the hypervisor.
  public interface Host {
    /// Sets DISPATCH_SUSPEND. What the hypercall returns is ignored.
    void suspendDispatch();

    /// Reads VP_ROOT_SIGNAL_COUNT.
    long rootSignalCount();

    /// Whether a Unix signal is pending for the closing task.
    boolean unixSignalPending();
  }

  /// The next atomic step.
  public enum Point {
    /// DISPATCH_SUSPEND := 1.
    SUSPEND,
    /// Reads the hypervisor's count, which is frozen.
    READ_COUNT,
    /// Compares it with the driver's.
    COMPARE,
    /// Joins the wait queue.
    ENQUEUE,
    /// Reads `kicked_by_hv`.
    READ_KICKED,
    /// Leaves for a Unix signal, goes round if woken, or sleeps.
    CHECK,
    /// Asleep, interruptibly.
    ASLEEP,
    /// `kicked_by_hv := 0`.
    CLEAR_KICKED,
    /// The VP is freed.
    DONE
  }

  private final VpRun vp;
  private Point point = Point.SUSPEND;
  private long hypervisorCount;
  private boolean warned;

  /// A drain that is about to begin.
  public SignalDrain(VpRun vp) {
    this.vp = vp;
  }

  /// The next atomic step.
  public Point point() {
    return point;
  }

  /// Whether a difference other than 0 and 1 was seen.
  public boolean warned() {
    return warned;
  }

  /// Whether the closing task has a step to take by itself.
  public boolean canStep() {
    return switch (point) {
      case DONE -> false;
      case ASLEEP -> vp.woken;
      default -> true;
    };
  }

  /// Takes one step.
  public RunAction step(Host host) {
    Invariant.check(point != Point.DONE, "a drain ends once");
    switch (point) {
      case SUSPEND -> {
        host.suspendDispatch();
        point = Point.READ_COUNT;
      }
      case READ_COUNT -> {
        hypervisorCount = host.rootSignalCount();
        point = Point.COMPARE;
      }
      case COMPARE -> {
        long difference = hypervisorCount - vp.signaledCount();
        warned |= difference != 0 && difference != 1;
        point = difference == 0 ? Point.DONE : Point.ENQUEUE;
      }
      case ENQUEUE -> {
        vp.queued = true;
        vp.woken = false;
        point = Point.READ_KICKED;
      }
      case READ_KICKED -> {
        if (vp.kickedByHv) {
          dequeue();
          point = Point.CLEAR_KICKED;
        } else {
          point = Point.CHECK;
        }
      }
      case CHECK -> check(host);
      case ASLEEP -> point = Point.ENQUEUE;
      case CLEAR_KICKED -> {
        vp.kickedByHv = false;
        point = Point.COMPARE;
      }
      case DONE -> {}
    }
    return switch (point) {
      case ASLEEP -> RunAction.SLEEPS;
      case DONE -> RunAction.RETURNS;
      default -> RunAction.GOES_ON;
    };
  }

  private void check(Host host) {
    if (host.unixSignalPending()) {
      dequeue();
      point = Point.DONE;
    } else {
      point = vp.woken ? Point.ENQUEUE : Point.ASLEEP;
    }
  }

  private void dequeue() {
    vp.queued = false;
    vp.woken = false;
  }

  /// A Unix signal wakes the closing task.
  public void unixSignal() {
    vp.woken |= point == Point.ASLEEP;
  }

  /// The state, in the low 7 bits, the hypervisor's count relative to `base` (0 to 3).
  public int encode(long base) {
    int relative = point == Point.SUSPEND || point == Point.READ_COUNT ? 0 : relative(base);
    return point.ordinal() | (warned ? 16 : 0) | (relative << 5);
  }

  private int relative(long base) {
    return (int) (hypervisorCount - base) & 3;
  }

  /// Takes the state that [#encode] gave.
  public void decode(int bits, long base) {
    point = Point.values()[bits & 15];
    warned = (bits & 16) != 0;
    hypervisorCount = base + ((bits >> 5) & 3);
  }

  @Override
  public String toString() {
    return "drain " + point + " " + vp;
  }
}
