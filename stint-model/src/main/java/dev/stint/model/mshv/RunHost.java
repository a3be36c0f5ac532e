package dev.stint.model.mshv;

/// What the driver's steps see and touch outside the driver: the hypervisor's registers and
/// statistics pages, and the kernel's notes on the thread. Each call is one atomic access.
public interface RunHost {
  /// Whether a Unix signal is pending for the thread.
  boolean unixSignalPending();

  /// Reads RootDispatchThreadBlocked of the SELF statistics page: not 0.
  boolean threadBlockedSelf();

  /// Reads RootDispatchThreadBlocked of the PARENT statistics page: not 0.
  boolean threadBlockedParent();

  /// Reads `interrupt_vectors` of the register page: not 0.
  boolean vectorsPending();

  /// Writes EXPLICIT_SUSPEND; false when the hypercall fails.
  boolean writeExplicitSuspend(boolean value);

  /// Writes INTERCEPT_SUSPEND; false when the hypercall fails.
  boolean writeInterceptSuspend(boolean value);

  /// Reads INTERCEPT_SUSPEND.
  boolean readInterceptSuspend();

  /// Whether the message is an intercept on a movable region that the kernel resolves by itself:
  /// the VMM never sees it.
  boolean resolvesInterceptInKernel();
}
