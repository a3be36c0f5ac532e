package dev.stint.host;

/// The answer to "can this be had here?".
public sealed interface Probe {
  /// What there is, or why it cannot be had: words for a reader.
  String reason();

  /// Whether it can be had, now and by this user.
  default boolean supported() {
    return this instanceof Supported;
  }

  /// It can be had.
  ///
  /// @param reason what there is
  record Supported(String reason) implements Probe {}

  /// It cannot be had here.
  record Unsupported(String reason) implements Probe {}

  /// It is there, but not for this user, or not now.
  record Unavailable(String reason) implements Probe {}
}
