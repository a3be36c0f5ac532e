package dev.stint.model.mshv;

import java.util.Optional;
import java.util.function.Function;

/// The driver's interrupt handler (`mshv_isr`; facts: hyperv.md §2.5): doorbells first, then a
/// scheduler message, the completion of an asynchronous call, an intercept message; then the slot
/// is emptied, and the end of the message written if the hypervisor waits for it.
public final class MshvInterrupt {
  /// What else is told.
  public interface Listener {
    /// A child rang.
    void doorbell(int port);

    /// An asynchronous hypercall for a child has completed.
    void asyncCall(long partitionId, int status);
  }

  private final Function<SchedulerMessage.Name, Optional<VpRun>> vps;
  private final Listener listener;

  /// @param vps finds a VP by name; empty for one that is unknown, which is skipped
  public MshvInterrupt(Function<SchedulerMessage.Name, Optional<VpRun>> vps, Listener listener) {
    this.vps = vps;
    this.listener = listener;
  }

  /// Handles what is in the page; true when the EOM register was written.
  public boolean handle(SynicPage page) {
    for (int port = page.doorbells().take(); port >= 0; port = page.doorbells().take()) {
      listener.doorbell(port);
    }
    Optional<SynicPage.Message> message = page.slot();
    if (message.isEmpty()) {
      return false;
    }
    switch (message.get()) {
      case SynicPage.Message.Scheduler(SchedulerMessage signals) -> {
        for (SchedulerMessage.Name name : signals.names()) {
          vps.apply(name).ifPresent(VpRun::signalled);
        }
      }
      case SynicPage.Message.AsyncCall(long partitionId, int status) ->
          listener.asyncCall(partitionId, status);
      case SynicPage.Message.Intercept(long partitionId, int vp) ->
          vps.apply(new SchedulerMessage.Name(partitionId, vp)).ifPresent(VpRun::intercepted);
    }
    return page.clear();
  }
}
