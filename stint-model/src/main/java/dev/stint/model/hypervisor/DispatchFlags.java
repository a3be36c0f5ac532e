package dev.stint.model.hypervisor;

/// The flags of HVCALL_DISPATCH_VP (facts: hyperv.md §2.1).
public final class DispatchFlags {
  /// Clear the VP's intercept suspension: its VMM has handled the intercept.
  public static final int CLEAR_INTERCEPT_SUSPEND = 0x01;

  /// Let the caller take interrupts; mainline Linux has them on instead.
  public static final int ENABLE_CALLER_INTERRUPTS = 0x02;

  /// Restore the caller's speculation control.
  public static final int SET_CALLER_SPEC_CTRL = 0x04;

  /// Do not flush speculation state for the VP.
  public static final int SKIP_VP_SPEC_FLUSH = 0x08;

  /// Do not flush speculation state for the caller.
  public static final int SKIP_CALLER_SPEC_FLUSH = 0x10;

  /// Do not flush speculation state for the caller's user mode.
  public static final int SKIP_CALLER_USER_SPEC_FLUSH = 0x20;

  /// Look for vectors that the caller left in the register page.
  public static final int SCAN_INTERRUPT_INJECTION = 0x40;

  /// All of them.
  public static final int ALL = 0x7F;

  private DispatchFlags() {}
}
