package dev.stint.model.mshv;

import java.util.Optional;
import java.util.function.Function;

/// The driver's interrupt handler (`mshv_isr`; facts: hyperv.md §2.5): doorbells first, then a
/// scheduler message, the completion of an asynchronous call, an intercept message; then the slot
/// is emptied, and the end of the message written if the hypervisor waits for it.
///
/// [#handle] does all of it. [#step] takes one atomic step, as [VcpuRun] does: threads on other
/// CPUs may act between two.
public final class MshvInterrupt {
  /// What else is told.
  public interface Listener {
    /// A child rang.
    void doorbell(int port);

    /// An asynchronous hypercall for a child has completed.
    void asyncCall(long partitionId, int status);
  }

  /// The next atomic step.
  public enum Point {
    /// Takes the doorbells and looks into the slot.
    READ,
    /// `vp_signaled_count += 1` for the VP named.
    COUNT,
    /// `kicked_by_hv := 1`.
    KICK,
    /// Wakes `vp_suspend_queue`.
    WAKE,
    /// Empties the slot, and writes EOM if the hypervisor waits.
    CLEAR
  }

  private final Function<SchedulerMessage.Name, Optional<VpRun>> vps;
  private final Listener listener;
  private Point point = Point.READ;
  private int named;

  /// @param vps finds a VP by name; empty for one that is unknown, which is skipped
  public MshvInterrupt(Function<SchedulerMessage.Name, Optional<VpRun>> vps, Listener listener) {
    this.vps = vps;
    this.listener = listener;
  }

  /// Handles what is in the page; true when the EOM register was written.
  public boolean handle(SynicPage page) {
    boolean told = step(page);
    while (point != Point.READ) {
      told = step(page);
    }
    return told;
  }

  /// The next atomic step.
  public Point point() {
    return point;
  }

  /// Takes one step; true when the EOM register was written.
  public boolean step(SynicPage page) {
    switch (point) {
      case READ -> read(page);
      case COUNT -> {
        vp(page).ifPresent(VpRun::countSignal);
        point = Point.KICK;
      }
      case KICK -> {
        vp(page).ifPresent(VpRun::kick);
        point = Point.WAKE;
      }
      case WAKE -> {
        vp(page).ifPresent(VpRun::wakeQueue);
        named++;
        findNext(page);
      }
      case CLEAR -> {
        point = Point.READ;
        return page.clear();
      }
    }
    return false;
  }

  private void read(SynicPage page) {
    for (int port = page.doorbells().take(); port >= 0; port = page.doorbells().take()) {
      listener.doorbell(port);
    }
    named = 0;
    if (page.slot().isPresent()) {
      findNext(page);
      if (page.slot().get() instanceof SynicPage.Message.AsyncCall(long partitionId, int status)) {
        listener.asyncCall(partitionId, status);
      }
    }
  }

  /* The next VP that is known; the others are skipped. */
  private void findNext(SynicPage page) {
    int count = names(page);
    while (named < count && vp(page).isEmpty()) {
      named++;
    }
    if (named < count) {
      point = page.slot().get() instanceof SynicPage.Message.Intercept ? Point.KICK : Point.COUNT;
    } else {
      named = 0;
      point = Point.CLEAR;
    }
  }

  private static int names(SynicPage page) {
    return switch (page.slot().get()) {
      case SynicPage.Message.Scheduler(SchedulerMessage signals) -> signals.names().size();
      case SynicPage.Message.AsyncCall _ -> 0;
      case SynicPage.Message.Intercept _ -> 1;
    };
  }

  private Optional<VpRun> vp(SynicPage page) {
    return switch (page.slot().get()) {
      case SynicPage.Message.Scheduler(SchedulerMessage signals) ->
          vps.apply(signals.names().get(named));
      case SynicPage.Message.AsyncCall _ -> Optional.empty();
      case SynicPage.Message.Intercept(long partitionId, int vp) ->
          vps.apply(new SchedulerMessage.Name(partitionId, vp));
    };
  }

  /// The state, in the low 14 bits.
  public int encode() {
    return point.ordinal() | (named << 3);
  }

  /// Takes the state that [#encode] gave.
  public void decode(int bits) {
    point = Point.values()[bits & 7];
    named = bits >> 3;
  }
}
