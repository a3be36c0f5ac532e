package dev.stint.host.live;

import java.util.Arrays;

/// A figure of the kernel beside the model's.
///
/// @param name what was measured, and of which task or group
/// @param unit of the values
/// @param median of the repetitions
/// @param least of the repetitions
/// @param most of the repetitions
/// @param predicted by the model
/// @param tolerance how far they may be apart
public record LiveFigure(
    String name,
    Unit unit,
    double median,
    double least,
    double most,
    double predicted,
    Tolerance tolerance) {
  /// What values are in.
  public enum Unit {
    PERCENT,
    PER_SECOND,
    MILLISECONDS
  }

  /// Whether a figure is as predicted.
  public enum Verdict {
    PASS,
    MISS,
    /// It has no tolerance.
    REPORTED
  }

  /// How far apart values may be: the larger of the two bounds.
  ///
  /// @param absolute in the figure's unit; below 0 if the figure is only reported
  /// @param relative part of the kernel's value
  /// @param above whether the kernel may have any more: other work can only add to it
  public record Tolerance(double absolute, double relative, boolean above) {
    /// The figure is only shown.
    public static final Tolerance NONE = new Tolerance(-1, 0, false);

    static Tolerance points(double points) {
      return new Tolerance(points, 0, false);
    }

    static Tolerance part(double part) {
      return new Tolerance(0, part, false);
    }
  }

  static LiveFigure of(
      String name, Unit unit, double[] values, double predicted, Tolerance tolerance) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new LiveFigure(
        name, unit, median, sorted[0], sorted[sorted.length - 1], predicted, tolerance);
  }

  /// Predicted less measured.
  public double error() {
    return predicted - median;
  }

  /// How far apart they may be; below 0 if that is not judged.
  public double allowed() {
    return tolerance.absolute() < 0
        ? -1
        : Math.max(tolerance.absolute(), tolerance.relative() * Math.abs(median));
  }

  /// Whether it is as predicted.
  public Verdict verdict() {
    if (allowed() < 0) {
      return Verdict.REPORTED;
    }
    boolean close = Math.abs(error()) <= allowed() || (tolerance.above() && error() < 0);
    return close ? Verdict.PASS : Verdict.MISS;
  }
}
