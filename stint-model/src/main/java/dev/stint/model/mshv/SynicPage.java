package dev.stint.model.mshv;

import java.util.Optional;

/// One parent CPU's SynIC as the driver sees it: the doorbell ring (SINT 5) and the message slot of
/// SINT 0.
public final class SynicPage {
  /// What can be in the slot of SINT 0.
  public sealed interface Message {
    /// VPs that can run again.
    record Scheduler(SchedulerMessage message) implements Message {}

    /// An asynchronous hypercall has completed (0x80000070).
    record AsyncCall(long partitionId, int status) implements Message {}

    /// A child's VP has an intercept message in its page (HVMSG_OPAQUE_INTERCEPT).
    record Intercept(long partitionId, int vp) implements Message {}
  }

  private final DoorbellRing doorbells = new DoorbellRing();
  private Optional<Message> slot = Optional.empty();
  private boolean pending;
  private long endOfMessageCount;

  /// An empty page.
  public SynicPage() {}

  /// The doorbell ring.
  public DoorbellRing doorbells() {
    return doorbells;
  }

  /// The message in the slot.
  public Optional<Message> slot() {
    return slot;
  }

  /// The hypervisor puts a message into the slot; false when it is full: the hypervisor then sets
  /// `msg_pending` and tries again at the end of the message.
  public boolean put(Message message) {
    if (slot.isPresent()) {
      pending = true;
      return false;
    }
    slot = Optional.of(message);
    return true;
  }

  /// The driver empties the slot; true when the hypervisor waits to be told (EOM).
  public boolean clear() {
    slot = Optional.empty();
    boolean told = pending;
    pending = false;
    endOfMessageCount += told ? 1 : 0;
    return told;
  }

  /// How often the driver wrote the EOM register.
  public long endOfMessageCount() {
    return endOfMessageCount;
  }
}
