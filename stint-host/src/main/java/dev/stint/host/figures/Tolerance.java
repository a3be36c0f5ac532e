package dev.stint.host.figures;

/// How far apart two values may be.
///
/// @param absolute by so much
/// @param relative or by this part of the kernel's
/// @param text as shown
public record Tolerance(double absolute, double relative, String text) {
  /// None: the figure is only shown.
  public static final Tolerance NONE = new Tolerance(-1, -1, "-");

  double of(double kernel) {
    return Math.max(absolute, relative * Math.abs(kernel));
  }
}
