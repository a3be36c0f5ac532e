package dev.stint.checks.fidelity;

/// A section of the fidelity page: its own checks and how they read.
public interface Section {
  /// Its heading.
  String title();

  /// How many of its figures are within tolerance.
  long passedCount();

  /// How many of its figures have a tolerance.
  long checkedCount();

  /// Its text below the heading, in Markdown, with a final line break.
  String markdown();
}
