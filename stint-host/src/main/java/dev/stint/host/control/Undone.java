package dev.stint.host.control;

/// What became of a file when its write was taken back.
///
/// @param file that had been written
/// @param how it ended
/// @param words for a reader
public record Undone(ControlFile file, How how, String words) {
  /// How taking back ended.
  public enum How {
    /// It is as before.
    RESTORED,
    /// There is nothing to restore any more.
    GONE,
    /// Somebody else has changed it since, and it is as they left it.
    KEPT,
    /// The kernel refused.
    FAILED
  }
}
