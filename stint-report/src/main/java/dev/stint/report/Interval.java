package dev.stint.report;

import java.util.List;
import java.util.OptionalDouble;

/// What a figure came to in several replications.
///
/// @param count of the replications that have it
/// @param halfWidth95 half the width of the 95 % confidence interval of the mean, by Student's
///   distribution; absent of a single replication
public record Interval(
    int count, double mean, OptionalDouble halfWidth95, double least, double most) {
  /// The 0.975 quantiles of Student's distribution of 1 to 30 degrees of freedom (NIST/SEMATECH
  /// e-Handbook of Statistical Methods, 1.3.6.7.2).
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  private static final double NORMAL = 1.959964;

  /// Of independent values, at least one.
  public static Interval of(List<Double> values) {
    int count = values.size();
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double mean = 0;
    double squares = 0;
    // Welford's recurrence: equal values have no spread, whatever their size.
    for (int i = 0; i < count; i++) {
      double value = values.get(i);
      least = Math.min(least, value);
      most = Math.max(most, value);
      double delta = value - mean;
      mean += delta / (i + 1);
      squares += delta * (value - mean);
    }
    OptionalDouble halfWidth =
        count < 2
            ? OptionalDouble.empty()
            : OptionalDouble.of(student(count - 1) * Math.sqrt(squares / (count - 1) / count));
    return new Interval(count, mean, halfWidth, least, most);
  }

  /// Beyond the table, the first two terms of the expansion around the normal distribution
  /// (Abramowitz and Stegun 26.7.5): within 0.001 of it there.
  private static double student(int freedom) {
    if (freedom <= STUDENT.length) {
      return STUDENT[freedom - 1];
    }
    double cube = NORMAL * NORMAL * NORMAL;
    return NORMAL + (cube + NORMAL) / (4.0 * freedom);
  }
}
