package dev.stint.scenario;

/// How grave a [Diagnostic] is.
public enum Severity {
  /// The text cannot be used.
  ERROR,
  /// The text is used, and probably does not mean what its author thinks.
  WARNING
}
