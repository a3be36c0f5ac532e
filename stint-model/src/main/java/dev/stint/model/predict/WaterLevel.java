package dev.stint.model.predict;

import dev.stint.model.time.Invariant;
import java.math.BigInteger;
import java.util.Arrays;

/// The exact weighted max-min division of one amount among members with upper limits, when nothing
/// else binds them: each receives `min(limit, level x weight)`.
///
/// The level is a fraction, so a member's part is kept as whole nanoseconds and a numerator over
/// one common divisor.
final class WaterLevel {
  /*
   * Members sorted by limit/weight meet a rising level in that order. A member is at its limit when
   * the level of those not yet seen, rest/weights, is at least its own limit/weight; taking it out
   * can only raise the level of the others, so one pass decides. Comparisons are cross products of
   * 128 bits. O(n log n).
   */
  private final long[] floorNs;
  private final long[] numerator;
  private final long divisor;

  private WaterLevel(long[] floorNs, long[] numerator, long divisor) {
    this.floorNs = floorNs;
    this.numerator = numerator;
    this.divisor = divisor;
  }

  /// Divides `totalNs`, at most the sum of the limits.
  static WaterLevel of(long[] weights, long[] limitsNs, long totalNs) {
    int count = weights.length;
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compareProducts(limitsNs[a], weights[b], limitsNs[b], weights[a]));
    long restWeight = Arrays.stream(weights).sum();
    long restNs = totalNs;
    int at = 0;
    long[] floorNs = new long[count];
    while (at < count
        && compareProducts(limitsNs[order[at]], restWeight, restNs, weights[order[at]]) <= 0) {
      int member = order[at++];
      floorNs[member] = limitsNs[member];
      restNs -= limitsNs[member];
      restWeight -= weights[member];
    }
    long[] numerator = new long[count];
    Invariant.check(at < count || restNs == 0, "limits hold the amount to divide", restNs);
    if (at == count) {
      return new WaterLevel(floorNs, numerator, 1);
    }
    long common = restWeight;
    for (; at < count; at++) {
      int member = order[at];
      divide(restNs, weights[member], restWeight, member, floorNs, numerator);
      common = gcd(common, numerator[member]);
    }
    for (int i = 0; i < count; i++) {
      numerator[i] /= common;
    }
    return new WaterLevel(floorNs, numerator, restWeight / common);
  }

  /// The whole nanoseconds of a member's part.
  long floorNs(int member) {
    return floorNs[member];
  }

  /// A member's part rounded up.
  long ceilNs(int member) {
    return floorNs[member] + (numerator[member] > 0 ? 1 : 0);
  }

  /// What the part exceeds [#floorNs] by, in units of 1 ns / [#divisor].
  long numerator(int member) {
    return numerator[member];
  }

  /// The common divisor of the numerators.
  long divisor() {
    return divisor;
  }

  /// The parts as whole nanoseconds with the same sum: rounded up for the first members in order
  /// that have a fraction, as many as the sum needs, and down for the others.
  long[] rounded() {
    long[] parts = floorNs.clone();
    long up = Arrays.stream(numerator).sum() / divisor;
    for (int i = 0; i < parts.length && up > 0; i++) {
      if (numerator[i] > 0) {
        parts[i]++;
        up--;
      }
    }
    return parts;
  }

  private static void divide(
      long factor, long weight, long divisor, int member, long[] quotient, long[] remainder) {
    if (Math.multiplyHigh(factor, weight) == 0 && factor * weight >= 0) {
      quotient[member] = factor * weight / divisor;
      remainder[member] = factor * weight % divisor;
      return;
    }
    BigInteger[] both =
        BigInteger.valueOf(factor)
            .multiply(BigInteger.valueOf(weight))
            .divideAndRemainder(BigInteger.valueOf(divisor));
    quotient[member] = both[0].longValueExact();
    remainder[member] = both[1].longValueExact();
  }

  /// Compares a x b with c x d; none is negative.
  private static int compareProducts(long a, long b, long c, long d) {
    int high = Long.compare(Math.multiplyHigh(a, b), Math.multiplyHigh(c, d));
    return high != 0 ? high : Long.compareUnsigned(a * b, c * d);
  }

  private static long gcd(long a, long b) {
    long left = a;
    long right = b;
    while (right != 0) {
      long rest = left % right;
      left = right;
      right = rest;
    }
    return left;
  }
}
