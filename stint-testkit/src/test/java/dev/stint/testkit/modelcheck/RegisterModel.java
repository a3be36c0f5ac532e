package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.MshvInterrupt;
import dev.stint.model.mshv.SchedulerMessage.Name;
import dev.stint.model.mshv.SynicPage;
import dev.stint.model.mshv.VpRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// VPs that the hypervisor schedules on one or more LPs, their vCPU threads, Unix signals, and the
/// message slot and interrupt that they share: the production objects, put into a state, given one
/// step, and read. Nothing is bounded but the number of VPs.
///
/// States that differ only in which VP is which are one.
final class RegisterModel implements Explorer.Model {
  /// What is wrong on purpose.
  enum Mutation {
    NONE,
    /// EXPLICIT_SUSPEND is cleared before INTERCEPT_SUSPEND.
    REVERSED_REGISTERS,
    /// After a Unix signal the driver does not look for an intercept.
    IGNORES_INTERCEPT,
    /// After a Unix signal the driver does not stop the VP.
    NO_SUSPEND,
    /// The interrupt does not set `kicked_by_hv`.
    NO_KICK,
    /// The interrupt does not wake the queue.
    NO_WAKE,
    /// The driver does not write EOM.
    NO_EOM,
    /// The hypervisor does not look whether the slot is empty.
    SLOT_OVERWRITTEN,
    /// The interrupt kicks another VP's thread.
    WRONG_VP
  }

  private static final int ID_BITS = 12;
  private static final int ID_MASK = (1 << ID_BITS) - 1;
  private static final int NAMED_BITS = 2;

  private final Mutation mutation;
  private final int lps;
  private final boolean signals;
  private final RegisteredVp[] vps;
  private final List<Optional<VpRun>> runs = new ArrayList<>();
  private final SynicPage page = new SynicPage();
  private final MshvInterrupt isr = new MshvInterrupt(this::find, new NoListener());
  private final LongIndex locals = new LongIndex();
  private int inSlot;
  private boolean full;
  private boolean toldPending;
  private boolean retriesLater;

  /// @param vpCount 1 to 3
  /// @param lps how many VPs run at a time at most
  /// @param signals whether threads get Unix signals
  RegisterModel(int vpCount, int lps, boolean signals, Mutation mutation) {
    this.mutation = mutation;
    this.lps = lps;
    this.signals = signals;
    vps = new RegisteredVp[vpCount];
    for (int i = 0; i < vpCount; i++) {
      vps[i] = new RegisteredVp(mutation);
      runs.add(Optional.of(vps[i].run));
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

  private Optional<VpRun> find(Name name) {
    int wrong = mutation == Mutation.WRONG_VP ? 1 : 0;
    return runs.get((name.vp() + wrong) % vps.length);
  }

  // --- States ---

  @Override
  public long initial() {
    long id = locals.add(new RegisteredVp(mutation).encode());
    long state = 0;
    for (int i = 0; i < vps.length; i++) {
      state = (state << ID_BITS) | id;
    }
    return state;
  }

  private long encode() {
    int count = vps.length;
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = locals.add(vps[i].encode());
    }
    int named = inSlot;
    for (int end = count - 1; end > 0; end--) {
      for (int i = 0; i < end; i++) {
        if (ids[i] > ids[i + 1]) {
          long id = ids[i];
          ids[i] = ids[i + 1];
          ids[i + 1] = id;
          named = named == i ? i + 1 : named == i + 1 ? i : named;
        }
      }
    }
    while (named > 0 && ids[named - 1] == ids[named]) {
      named--;
    }
    long bits = isr.encode();
    bits = (bits << NAMED_BITS) | (full ? named : 0);
    bits = (bits << 1) | (full ? 1 : 0);
    bits = (bits << 1) | (toldPending ? 1 : 0);
    bits = (bits << 1) | (retriesLater ? 1 : 0);
    for (int i = count - 1; i >= 0; i--) {
      bits = (bits << ID_BITS) | ids[i];
    }
    return bits;
  }

  private void decode(long state) {
    long bits = state;
    for (RegisteredVp vp : vps) {
      vp.decode(locals.get((int) bits & ID_MASK));
      bits >>= ID_BITS;
    }
    retriesLater = (bits & 1) != 0;
    toldPending = (bits & 2) != 0;
    full = (bits & 4) != 0;
    inSlot = (int) (bits >> 3) & ((1 << NAMED_BITS) - 1);
    page.clear();
    if (full) {
      page.put(message(inSlot));
    }
    if (toldPending) {
      page.put(message(inSlot));
    }
    isr.decode((int) (bits >> (3 + NAMED_BITS)));
  }

  private static SynicPage.Message message(int vp) {
    return new SynicPage.Message.Intercept(1, vp);
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
    for (RegisteredVp vp : vps) {
      if (flaw.isEmpty() && vp.runsInUser()) {
        flaw = "a VP runs while its thread is in the VMM";
      }
    }
    long next = encode();
    decode(state);
    out.to(next, system, name, flaw);
  }

  @Override
  public void steps(long state, Explorer.Steps out) {
    decode(state);
    int running = 0;
    for (RegisteredVp vp : vps) {
      running += vp.vp.running() ? 1 : 0;
    }
    for (int i = 0; i < vps.length; i++) {
      steps(state, out, i, running < lps);
    }
    boolean begun = full || isr.point() != MshvInterrupt.Point.READ;
    emit(state, out, begun, true, "interrupt " + isr.point(), this::interrupt);
  }

  private void steps(long state, Explorer.Steps out, int index, boolean lpFree) {
    RegisteredVp vp = vps[index];
    boolean running = vp.vp.running();
    boolean given = lpFree && vp.vp.state() == VpExecution.State.RUNNABLE;
    boolean sends = vp.vp.due() == VpExecution.Due.SEND_INTERCEPT && !retriesLater;
    boolean steps = vp.ioctl.canStep();
    emit(state, out, !vp.vp.hasWork(), false, "guest interrupt", vp::guestInterrupt);
    emit(state, out, signals && !vp.unixSignalPending(), false, "Unix signal", vp::signal);
    emit(state, out, running, false, "halt", vp::halt);
    emit(state, out, running, false, "LP taken", vp::lpTaken);
    emit(state, out, running, false, "intercept", vp::intercept);
    emit(state, out, given, false, "LP given", vp::start);
    emit(state, out, vp.inUser(), false, "MSHV_RUN_VP", vp::enter);
    emit(state, out, sends, true, "hypervisor sends", () -> send(index));
    emit(state, out, steps, true, "driver " + vp.ioctl.point(), vp::driver);
  }

  private String send(int index) {
    if (mutation == Mutation.SLOT_OVERWRITTEN && full) {
      page.clear();
      isr.decode(0);
    }
    if (!page.put(message(index))) {
      toldPending = true;
      retriesLater = true;
      return "";
    }
    vps[index].vp.sendIntercept();
    full = true;
    inSlot = index;
    return "";
  }

  private String interrupt() {
    MshvInterrupt.Point point = isr.point();
    VpRun run = vps[inSlot].run;
    int before = run.encode();
    boolean told = isr.step(page);
    boolean dropped =
        (point == MshvInterrupt.Point.KICK && mutation == Mutation.NO_KICK)
            || (point == MshvInterrupt.Point.WAKE && mutation == Mutation.NO_WAKE);
    if (dropped) {
      run.decode(before, 0);
    }
    if (point == MshvInterrupt.Point.CLEAR) {
      full = false;
      toldPending = false;
      retriesLater &= !told || mutation == Mutation.NO_EOM;
    }
    return "";
  }

  @Override
  public String quiescent(long state) {
    decode(state);
    String flaw = "";
    for (RegisteredVp vp : vps) {
      flaw = flaw.isEmpty() ? vp.quiescent() : flaw;
    }
    return flaw;
  }
}
