package dev.stint.model.stack;

/// A scenario cannot be run under the assembly asked for; the message says why and what would help.
public final class CannotAssemble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// `message` is for the user.
  public CannotAssemble(String message) {
    super(message);
  }
}
