package dev.stint.host.kernel;

/// A kernel cannot be booted here, or not with this scenario; the message says why and what would
/// help.
public final class CannotBoot extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /// Whose fault it is.
  public enum Kind {
    /// The scenario asks for what the guest cannot do.
    SCENARIO,
    /// This machine lacks something.
    MACHINE
  }

  private CannotBoot(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static CannotBoot scenario(String message) {
    return new CannotBoot(Kind.SCENARIO, message);
  }

  static CannotBoot machine(String message) {
    return new CannotBoot(Kind.MACHINE, message);
  }

  /// Whose fault it is.
  public Kind kind() {
    return kind;
  }

  /// What it says, never absent.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
