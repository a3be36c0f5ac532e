package dev.stint.model.sched;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.PreviousState;
import org.jspecify.annotations.Nullable;

/// A supplier of processor time to the scheduler above it: an LP, which is always backed, or a VP,
/// which is backed only while its own chain of dispatches reaches an LP.
///
/// This is the joint between layers. From below, a layer calls [#back] and [#unback]; from above,
/// the scheduler that uses the processor calls [#halt] when it has nothing to run; devices, timers
/// and other processors call [#interrupt]:
///
/// ```
///            interrupt                       back
///   HALTED ────────────▶ READY (unbacked) ───────────▶ BACKED ──halt──▶ HALTED (still backed until
///      ▲                   ▲                unback       │                      unback)
///      │                   └─────────────────────────────┘
/// ```
///
/// An interrupt to a backed processor is delivered now. To an unbacked one it is pended and
/// delivered at the next [#back]; if the processor was halted, the layer below is told that it is
/// ready. Interrupts are level-like: the user keeps its own list of causes and handles them all on
/// delivery, so none is lost and none is delivered twice.
public final class Processor {
  private final int id;
  private ProcessorUser user = ProcessorUser.NOBODY;
  private ProcessorSupplier supplier = ProcessorSupplier.ALWAYS_BACKED;
  private boolean backed;
  private boolean halted = true;
  private boolean interruptPending;
  private boolean wanting;
  private long wantingSinceNs;
  private long deniedNs;
  private long runningSinceNs;
  private long ranNs;
  private final OwedTime owed = new OwedTime();
  private boolean owes;
  private int pacePermille = Costs.FULL_PACE;
  private int rival = Entities.NONE;
  private @Nullable Intercept intercept;

  private Processor(int id, boolean backed) {
    this.id = id;
    this.backed = backed;
  }

  /// A processor that always runs: an LP, or a VP fixed one to one to an LP.
  public static Processor alwaysBacked(int id) {
    return new Processor(id, true);
  }

  /// A VP's processor: halted and unbacked until an interrupt wakes it and the layer below backs
  /// it.
  public static Processor virtual(int id) {
    return new Processor(id, false);
  }

  /// Its entity id in the trace.
  public int id() {
    return id;
  }

  /// Says who uses this processor's time. Called once, before the run.
  public void attachUser(ProcessorUser newUser) {
    Invariant.check(user == ProcessorUser.NOBODY, "a processor has one user");
    user = newUser;
  }

  /// Says who supplies this processor's time. Called once, before the run.
  public void attachSupplier(ProcessorSupplier newSupplier) {
    Invariant.check(supplier == ProcessorSupplier.ALWAYS_BACKED, "a processor has one supplier");
    supplier = newSupplier;
  }

  /// Whether its chain of dispatches reaches an LP now.
  public boolean backed() {
    return backed;
  }

  /// Whether its user has nothing to run and waits for an interrupt.
  public boolean halted() {
    return halted;
  }

  /// The layer below starts supplying time: the user resumes, then a pended interrupt is delivered.
  public void back(long nowNs) {
    Invariant.check(!backed, "only an unbacked processor can be backed", id);
    backed = true;
    if (wanting) {
      wanting = false;
      deniedNs += nowNs - wantingSinceNs;
    }
    runningSinceNs = nowNs;
    user.backed(nowNs);
    if (interruptPending) {
      interruptPending = false;
      user.interrupted(nowNs);
    }
  }

  /// The layer below stops supplying time: everything above stops at this instant.
  public void unback(long nowNs) {
    Invariant.check(backed, "only a backed processor can be unbacked", id);
    backed = false;
    if (!halted) {
      ranNs += nowNs - runningSinceNs;
    }
    if (!halted && intercept == null) {
      want(nowNs);
    }
    user.unbacked(nowNs);
  }

  /// The user has nothing to run until the next interrupt (HLT).
  public void halt(long nowNs) {
    Invariant.check(backed, "only a backed processor can halt", id);
    if (!halted) {
      halted = true;
      ranNs += nowNs - runningSinceNs;
      supplier.halted(nowNs);
    }
  }

  /// The user has spun for long: a hint to the layer below.
  public void longSpin(long nowNs) {
    supplier.longSpin(nowNs);
  }

  /// The user did something that the VMM must handle: it is unbacked at this instant, and not
  /// backed before [#resume].
  public void intercept(long nowNs, Intercept cause) {
    Invariant.check(backed && intercept == null, "a backed processor is intercepted once", id);
    intercept = cause;
    supplier.intercepted(nowNs);
  }

  /// Whether its user waits for the VMM.
  public boolean intercepted() {
    return intercept != null;
  }

  /// Why it wants no time, or that it does: its state in the trace when a dispatch of it ends.
  public PreviousState stateAtLeave() {
    if (intercept != null) {
      return PreviousState.INTERCEPTED;
    }
    return halted ? PreviousState.BLOCKED : PreviousState.READY;
  }

  /// What its user waits for.
  public Intercept pendingIntercept() {
    Intercept pending = intercept;
    if (pending == null) {
      throw new IllegalStateException("processor " + id + " has no intercept");
    }
    return pending;
  }

  /// The VMM has handled the intercept: from now on the processor wants time again.
  public void resume(long nowNs) {
    Intercept done = pendingIntercept();
    Invariant.check(!backed, "an intercepted processor is not backed", id);
    intercept = null;
    if (!halted) {
      want(nowNs);
    }
    done.handled(nowNs);
  }

  /// Something happened that the user must see; the user knows what.
  public void interrupt(long nowNs) {
    boolean wasHalted = halted;
    halted = false;
    if (backed) {
      if (wasHalted) {
        runningSinceNs = nowNs;
        supplier.unhalted(nowNs);
      }
      user.interrupted(nowNs);
    } else {
      interruptPending = true;
      if (wasHalted) {
        want(nowNs);
        supplier.unhalted(nowNs);
      }
    }
  }

  /// Tells the supplier again that this processor wants time: what kept the supplier from giving it
  /// has ended.
  public void renotify(long nowNs) {
    Invariant.check(!halted && !backed, "only a processor that waits asks again", id);
    supplier.unhalted(nowNs);
  }

  // --- Time without progress ---

  /// Whoever runs here next, or runs here now, makes no progress for `ns` (not negative).
  public void owe(long nowNs, CostKind kind, long ns) {
    if (ns > 0) {
      owed.add(kind, ns);
      owes = true;
      disturb(nowNs);
    }
  }

  /// Whether whoever runs here next must pay something first.
  public boolean owes() {
    return owes;
  }

  /// What this processor owes is `to`'s from now: the user takes it when it starts something.
  public void handOver(OwedTime to) {
    if (owes) {
      owed.moveTo(to);
      owes = false;
    }
  }

  /// From now it progresses at this part of its full speed, in thousandths, because of `rival`
  /// ([Entities#NONE] at full speed).
  public void pace(long nowNs, int permille, int newRival) {
    if (permille != pacePermille || newRival != rival) {
      pacePermille = permille;
      rival = newRival;
      disturb(nowNs);
    }
  }

  /// Its speed in thousandths.
  public int pacePermille() {
    return pacePermille;
  }

  /// Who slows it down, or [Entities#NONE].
  public int rival() {
    return rival;
  }

  /// What carries this processor has this speed, and hands on what it owes.
  public void inherit(long nowNs, OwedTime from, int permille, int newRival) {
    boolean more = from.totalNs() > 0;
    from.moveTo(owed);
    owes |= more;
    boolean paced = permille != pacePermille || newRival != rival;
    pacePermille = permille;
    rival = newRival;
    if (more || paced) {
      disturb(nowNs);
    }
  }

  private void disturb(long nowNs) {
    if (backed) {
      user.disturbed(nowNs);
    }
  }

  /// Total time that it wanted to run and was not backed, up to now: what a steal clock shows its
  /// guest.
  public long deniedNs(long nowNs) {
    return wanting ? deniedNs + nowNs - wantingSinceNs : deniedNs;
  }

  /// Total time that it was backed and not halted, up to now: what the register VP_RUNTIME shows.
  public long ranNs(long nowNs) {
    return backed && !halted ? ranNs + nowNs - runningSinceNs : ranNs;
  }

  private void want(long nowNs) {
    wanting = true;
    wantingSinceNs = nowNs;
  }

  @Override
  public String toString() {
    return "processor "
        + id
        + (backed ? " backed" : " unbacked")
        + (halted ? " halted" : "")
        + (intercept == null ? "" : " intercepted")
        + (interruptPending ? " interrupt-pending" : "");
  }
}
