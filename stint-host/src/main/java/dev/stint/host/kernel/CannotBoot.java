package dev.stint.host.kernel;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

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

  /// What a failure of the file system says to a reader.
  static String words(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      default -> String.valueOf(failure.getMessage());
    };
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
