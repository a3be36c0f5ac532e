package dev.stint.model.time;

/// The model contradicted itself: an internal error, never the user's fault.
public final class BrokenInvariant extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// `message` names the rule and the values that broke it.
  public BrokenInvariant(String message) {
    super(message);
  }
}
