package dev.stint.host.figures;

import dev.stint.host.figures.Row.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Collects the rows of one case. Of the tasks that one figure has, the worst is kept: the one
/// farthest out of its tolerance.
public final class Figures {
  private final String name;
  private final List<Row> rows = new ArrayList<>();
  private Optional<Row> worst = Optional.empty();
  private double worstExcess;

  /// @param name of the case
  public Figures(String name) {
    this.name = name;
  }

  /// All rows up to now.
  public List<Row> rows() {
    close();
    return rows;
  }

  /// Ends a figure: its worst task becomes a row.
  public void close() {
    worst.ifPresent(rows::add);
    worst = Optional.empty();
    worstExcess = -1;
  }

  private void offer(double excess, Row row) {
    if (worst.isEmpty() || excess > worstExcess) {
      worst = Optional.of(row);
      worstExcess = excess;
    }
  }

  /// A percentage of one task or group; `relative` shows the error as a part of the kernel's value.
  public void percent(
      String figure, double kernel, double model, boolean relative, Tolerance tolerance) {
    double error = model - kernel;
    String shown =
        relative
            ? format("%+.2f %%", kernel == 0 ? 0 : 100 * error / kernel)
            : format("%+.2f points", error);
    add(
        figure,
        format("%.2f %%", kernel),
        format("%.2f %%", model),
        shown,
        error,
        kernel,
        tolerance);
  }

  /// A count.
  public void count(String figure, double kernel, double model, Tolerance tolerance) {
    double error = model - kernel;
    add(
        figure,
        format("%.0f", kernel),
        format("%.0f", model),
        format("%+.0f", error),
        error,
        kernel,
        tolerance);
  }

  /// A rate or a part of 1,000, with one decimal.
  public void rate(String figure, double kernel, double model, Tolerance tolerance) {
    double error = model - kernel;
    add(
        figure,
        format("%.1f", kernel),
        format("%.1f", model),
        format("%+.1f", error),
        error,
        kernel,
        tolerance);
  }

  /// A duration given in nanoseconds. A kernel measured several times is as far away as the nearest
  /// of its values.
  public void duration(String figure, Range kernel, double modelNs, Tolerance tolerance) {
    double nearest = Math.clamp(modelNs, kernel.least(), kernel.most());
    double error = modelNs - nearest;
    String shown = milliseconds(kernel.median());
    if (kernel.most() > kernel.least()) {
      shown += format(" (%.3f..%.3f)", kernel.least() / 1e6, kernel.most() / 1e6);
    }
    add(
        figure,
        shown,
        milliseconds(modelNs),
        format("%+.3f ms", error / 1e6),
        error,
        kernel.median(),
        tolerance);
  }

  private static String milliseconds(double ns) {
    return format("%.3f ms", ns / 1e6);
  }

  private void add(
      String figure,
      String kernelText,
      String modelText,
      String errorText,
      double error,
      double kernel,
      Tolerance tolerance) {
    boolean checked = !tolerance.equals(Tolerance.NONE);
    double allowed = tolerance.of(kernel);
    boolean pass = Math.abs(error) <= allowed * (1 + 1e-12);
    double excess = checked ? Math.abs(error) / Math.max(allowed, 1e-9) : Math.abs(error);
    offer(
        excess,
        new Row(
            name,
            figure,
            kernelText,
            modelText,
            errorText,
            tolerance.text(),
            checked ? Verdict.of(pass) : Verdict.REPORTED));
  }

  /// A yes-or-no check, or texts set side by side.
  public void text(
      String figure,
      String kernel,
      String model,
      String error,
      double excess,
      String tolerance,
      boolean pass) {
    offer(excess, new Row(name, figure, kernel, model, error, tolerance, Verdict.of(pass)));
  }

  /// Texts set side by side without a tolerance.
  public void reported(String figure, String kernel, String model, String error, double excess) {
    offer(excess, new Row(name, figure, kernel, model, error, "-", Verdict.REPORTED));
  }

  /// A figure that the model has not.
  public void absent(String reason) {
    offer(Double.MAX_VALUE, new Row(name, "all", "-", "-", reason, "-", Verdict.MISS));
  }

  /// Formats as in every country.
  public static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
