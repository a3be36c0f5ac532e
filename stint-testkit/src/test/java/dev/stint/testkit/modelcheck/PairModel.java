package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.MshvInterrupt;
import dev.stint.model.mshv.SchedulerMessage;
import dev.stint.model.mshv.SchedulerMessage.Name;
import dev.stint.model.mshv.SynicPage;
import dev.stint.model.mshv.VpRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two VPs that a parent dispatches, each from its own vCPU thread, on one or two LPs, with one
/// message slot between them: the production objects, put into a state, given one step, and read.
///
/// On one LP a thread takes a step only while the other is where Linux may preempt it, and the
/// message interrupt is one step, before which it ends the dispatch in progress. On two LPs
/// everything interleaves. What a VP may do is bounded by [Bounds].
final class PairModel implements Explorer.Model {
  /// What is wrong on purpose.
  enum Mutation {
    NONE,
    /// The interrupt handles only the first VP of a message.
    FIRST_NAME_ONLY,
    /// The driver does not write EOM.
    NO_EOM,
    /// The hypervisor takes a signal that did not fit for sent.
    OVERFLOW_LOST,
    /// The hypervisor does not look whether the slot is empty.
    SLOT_OVERWRITTEN,
    /// Linux gives the LP to the other thread although one is in its dispatch, and that goes on.
    PREEMPTIBLE_DISPATCH,
    /// A child's guest goes on when its parent's VP has lost the LP.
    CHILD_WITHOUT_PARENT
  }

  /// How the hypervisor names VPs.
  enum Form {
    /// Two VPs of one partition, in a bitset, in two banks.
    BITSET(0),
    /// VPs of two partitions, in pairs.
    PAIRS(0),
    /// In pairs behind 18 strangers: the second does not fit.
    FULL_PAIRS(SchedulerMessage.PAIRS_MAX - 1);

    private final int strangers;

    Form(int strangers) {
      this.strangers = strangers;
    }

    private SchedulerMessage message(int... vps) {
      if (this == BITSET) {
        List<Integer> indices = new ArrayList<>();
        for (int vp : vps) {
          indices.add(64 * vp);
        }
        return SchedulerMessage.bitset(1, indices);
      }
      List<Name> names = new ArrayList<>();
      for (int i = 0; i < strangers; i++) {
        names.add(new Name(9, i));
      }
      for (int vp : vps) {
        names.add(new Name(1 + vp, 0));
      }
      return SchedulerMessage.pairs(names);
    }
  }

  private static final int ID_BITS = 22;
  private static final int ID_MASK = (1 << ID_BITS) - 1;
  private static final int[][] NAMED = {{0}, {1}, {0, 1}, {1, 0}};
  private static final int[] SWAPPED = {1, 0, 3, 2};

  private final int lps;
  private final Form form;
  private final boolean parentScheduled;
  private final Mutation mutation;
  private final DispatchedVp[] vps;
  private final List<Optional<VpRun>> runs;
  private final SynicPage page = new SynicPage();
  private final SynicPage.Message[] messages = new SynicPage.Message[NAMED.length];
  private final MshvInterrupt isr = new MshvInterrupt(this::find, new NoListener());
  private final LongIndex locals = new LongIndex();
  private final Bounds bounds;
  private int inSlot;
  private boolean full;
  private boolean toldPending;
  private boolean retriesLater;
  private boolean lpTaken;
  private int left;

  /// @param parentScheduled whether the hypervisor may take the LP from the parent's own VP
  PairModel(int lps, Form form, boolean parentScheduled, Bounds bounds, Mutation mutation) {
    this.lps = lps;
    this.form = form;
    this.parentScheduled = parentScheduled;
    this.bounds = bounds;
    this.mutation = mutation;
    vps = new DispatchedVp[] {new DispatchedVp(bounds), new DispatchedVp(bounds)};
    runs = List.of(Optional.of(vps[0].run), Optional.of(vps[1].run));
    for (int i = 0; i < NAMED.length; i++) {
      messages[i] = new SynicPage.Message.Scheduler(form.message(NAMED[i]));
    }
  }

  private static final class NoListener implements MshvInterrupt.Listener {
    @Override
    public void doorbell(int port) {
      throw new IllegalStateException("nobody rings");
    }

    @Override
    public void asyncCall(long partitionId, int status) {
      throw new IllegalStateException("nobody calls");
    }
  }

  private int index(Name name) {
    if (form == Form.BITSET) {
      return name.vp() / 64;
    }
    return name.partitionId() == 9 ? -1 : (int) name.partitionId() - 1;
  }

  private Optional<VpRun> find(Name name) {
    int index = index(name);
    boolean known = index >= 0 && !vps[index].freed();
    boolean skipped = mutation == Mutation.FIRST_NAME_ONLY && inSlot >= 2 && index == second();
    return known && !skipped ? runs.get(index) : Optional.empty();
  }

  private int second() {
    return NAMED[inSlot][1];
  }

  // --- States ---

  @Override
  public long initial() {
    DispatchedVp fresh = new DispatchedVp(bounds);
    long id = locals.add(fresh.encode());
    return id | (id << ID_BITS) | ((long) bounds.total() << (2 * ID_BITS));
  }

  private long encode() {
    long first = locals.add(vps[0].encode());
    long second = locals.add(vps[1].encode());
    boolean swaps = first > second && symmetric();
    boolean ordered = form != Form.BITSET || inSlot < 2;
    int message = swaps && ordered ? SWAPPED[inSlot] : inSlot;
    long bits = isr.encode();
    bits = (bits << 2) | (full ? message : 0);
    bits = (bits << 1) | (full ? 1 : 0);
    bits = (bits << 1) | (toldPending ? 1 : 0);
    bits = (bits << 1) | (retriesLater ? 1 : 0);
    bits = (bits << 1) | (lpTaken ? 1 : 0);
    bits = (bits << 4) | left;
    bits = (bits << ID_BITS) | (swaps ? first : second);
    return (bits << ID_BITS) | (swaps ? second : first);
  }

  /* A bitset names VPs by their index: only where a message is one step is its order nothing. */
  private boolean symmetric() {
    return lps == 1 || form != Form.BITSET;
  }

  private void decode(long state) {
    vps[0].decode(locals.get((int) state & ID_MASK));
    vps[1].decode(locals.get((int) (state >> ID_BITS) & ID_MASK));
    int bits = (int) (state >> (2 * ID_BITS));
    left = bits & 15;
    lpTaken = (bits & 16) != 0;
    retriesLater = (bits & 32) != 0;
    toldPending = (bits & 64) != 0;
    full = (bits & 128) != 0;
    inSlot = (bits >> 8) & 3;
    page.clear();
    if (full) {
      page.put(messages[inSlot]);
    }
    if (toldPending) {
      page.put(messages[inSlot]);
    }
    isr.decode(bits >> 10);
  }

  // --- Steps ---

  private interface Step {
    /// Takes the step; returns what is wrong with it, or nothing.
    String take();
  }

  private void emit(
      long state, Explorer.Steps out, boolean enabled, boolean system, String name, Step step) {
    if (!enabled) {
      return;
    }
    decode(state);
    String flaw = step.take();
    for (DispatchedVp vp : vps) {
      if (flaw.isEmpty() && vp.outsideItsDispatch()) {
        flaw = "a VP runs outside its dispatch";
      }
    }
    if (flaw.isEmpty() && lps == 1 && vps[0].running() && vps[1].running()) {
      flaw = "two VPs run on one LP";
    }
    long next = encode();
    decode(state);
    out.to(next, system, name, flaw);
  }

  private void spend(long state, Explorer.Steps out, boolean enabled, String name, Step step) {
    boolean may = enabled && left > 0;
    emit(
        state,
        out,
        may,
        false,
        name,
        () -> {
          left--;
          return step.take();
        });
  }

  @Override
  public void steps(long state, Explorer.Steps out) {
    decode(state);
    for (int i = 0; i < vps.length; i++) {
      if (!vps[i].freed()) {
        environment(state, out, vps[i]);
        thread(state, out, vps[i], vps[1 - i]);
      }
    }
    hypervisor(state, out);
    boolean dispatched = vps[0].running() || vps[1].running();
    if (lps == 1) {
      emit(state, out, full && !dispatched && !lpTaken, true, "interrupt", this::handle);
    } else {
      boolean begun = full || isr.point() != MshvInterrupt.Point.READ;
      emit(state, out, begun, true, "interrupt " + isr.point(), this::interruptStep);
    }
    emit(state, out, parentScheduled && !lpTaken, false, "parent loses LP", this::loseLp);
    emit(state, out, lpTaken, true, "parent gets LP", this::getLp);
  }

  private void environment(long state, Explorer.Steps out, DispatchedVp vp) {
    boolean runs = vp.running() && mayRun();
    spend(state, out, vp.canInterrupt(), "guest interrupt", vp::interrupt);
    spend(state, out, vp.canInject(), "irqfd", vp::inject);
    spend(state, out, vp.canSignal(), "Unix signal", vp::signal);
    spend(state, out, vp.canIntercept() && runs, "intercept", () -> guest(vp.intercept()));
    emit(state, out, runs, false, "halt", () -> guest(vp.halt()));
    emit(state, out, vp.running() && !lpTaken, false, "preempted", vp::preempt);
    emit(state, out, vp.inUser() && !lpTaken, false, "MSHV_RUN_VP", vp::enter);
    boolean handles = vp.inUser() && vp.unixSignalPending() && !lpTaken;
    emit(state, out, handles, false, "signal handler", vp::handleSignal);
    emit(state, out, vp.canClose() && !lpTaken, false, "close", vp::close);
  }

  private boolean mayRun() {
    return !lpTaken || mutation == Mutation.CHILD_WITHOUT_PARENT;
  }

  private String guest(String flaw) {
    return flaw.isEmpty() && lpTaken ? "a child runs while its parent has no LP" : flaw;
  }

  /* What the vCPU thread does, and on its LP the kernel and the hypervisor for it. */
  private void thread(long state, Explorer.Steps out, DispatchedVp vp, DispatchedVp other) {
    boolean free = lps == 2 || !other.unpreemptible() || mutation == Mutation.PREEMPTIBLE_DISPATCH;
    boolean holds = free && !lpTaken;
    boolean awaited = lps == 1 && full;
    boolean kicksOut = vp.running() && !lpTaken && (vp.unixSignalPending() || awaited);
    boolean steps = holds && vp.vcpu.canStep();
    boolean resolves = holds && vp.atReturn();
    emit(state, out, vp.irqWake(), true, "irqfd wakes", vp::irqfdWakes);
    emit(state, out, steps, true, "driver " + vp.vcpu.point(), () -> vp.driver(false));
    emit(state, out, resolves, true, "driver resolves", () -> vp.driver(true));
    emit(state, out, holds && vp.entering() && !awaited, true, "hypercall", vp::hypercall);
    emit(state, out, vp.back() && !lpTaken, true, "hypercall returns", vp::hypercallReturns);
    emit(state, out, kicksOut, true, "IPI", vp::preempt);
    emit(state, out, holds && vp.drains(), true, "drain", vp::drain);
  }

  // --- The hypervisor's messages ---

  private void hypervisor(long state, Explorer.Steps out) {
    boolean[] due = new boolean[vps.length];
    for (int i = 0; i < vps.length; i++) {
      DispatchedVp vp = vps[i];
      boolean clears = vp.vp.due() == VpExecution.Due.CLEAR_THREAD_BLOCKED;
      due[i] = vp.vp.due() == VpExecution.Due.SEND_SIGNAL && !retriesLater;
      emit(state, out, clears, true, "counter := 0", vp::clearThreadBlocked);
    }
    boolean both = due[0] && due[1];
    emit(state, out, due[0], true, "signal 0", () -> send(0));
    emit(state, out, due[1], true, "signal 1", () -> send(1));
    emit(state, out, both, true, "signals 0, 1", () -> send(2));
    emit(state, out, both && form != Form.BITSET, true, "signals 1, 0", () -> send(3));
  }

  private String send(int named) {
    if (mutation == Mutation.SLOT_OVERWRITTEN && full) {
      page.clear();
      isr.decode(0);
    }
    if (!page.put(messages[named])) {
      toldPending = true;
      retriesLater = true;
      return "";
    }
    SchedulerMessage message = ((SynicPage.Message.Scheduler) messages[named]).message();
    List<Integer> fit = new ArrayList<>();
    for (Name name : message.names()) {
      if (index(name) >= 0) {
        fit.add(index(name));
      }
    }
    for (int vp : NAMED[named]) {
      if (fit.contains(vp) || mutation == Mutation.OVERFLOW_LOST) {
        vps[vp].vp.sendSignal();
      }
    }
    full = true;
    inSlot = fit.size() == 2 ? named : fit.getFirst();
    return "";
  }

  private String handle() {
    emptied(isr.handle(page));
    return "";
  }

  private String interruptStep() {
    boolean clears = isr.point() == MshvInterrupt.Point.CLEAR;
    boolean told = isr.step(page);
    if (clears) {
      emptied(told);
    }
    return "";
  }

  private void emptied(boolean told) {
    for (int vp : NAMED[inSlot]) {
      vps[vp].vp.signalTaken();
    }
    full = false;
    toldPending = false;
    retriesLater &= !told || mutation == Mutation.NO_EOM;
  }

  private String loseLp() {
    lpTaken = true;
    return "";
  }

  private String getLp() {
    lpTaken = false;
    return "";
  }

  @Override
  public String quiescent(long state) {
    decode(state);
    String flaw = vps[0].quiescent();
    return flaw.isEmpty() ? vps[1].quiescent() : flaw;
  }
}
