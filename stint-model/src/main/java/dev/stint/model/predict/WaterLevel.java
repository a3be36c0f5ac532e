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
   * A rising level meets members by limit/weight. A member is at its limit when the level of those
   * not yet taken out, rest/weights, is at least its own limit/weight; taking it out can only raise
   * the level of the others. So members are taken out in any order, in passes over those left,
   * until a pass finds none: the last level is the same whatever the order, since adding members
   * whose limit/weight lies above a level would lower it. A few passes, without sorting.
   * Comparisons are cross products of 128 bits.
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
    long[] floorNs = new long[count];
    int[] left = new int[count];
    long restWeight = 0;
    for (int i = 0; i < count; i++) {
      left[i] = i;
      restWeight += weights[i];
    }
    long restNs = totalNs;
    int leftCount = count;
    int before;
    do {
      before = leftCount;
      leftCount = 0;
      for (int at = 0; at < before; at++) {
        int member = left[at];
        if (compareProducts(limitsNs[member], restWeight, restNs, weights[member]) <= 0) {
          floorNs[member] = limitsNs[member];
          restNs -= limitsNs[member];
          restWeight -= weights[member];
        } else {
          left[leftCount++] = member;
        }
      }
    } while (leftCount > 0 && leftCount < before);
    Invariant.check(leftCount > 0 || restNs == 0, "limits hold the amount to divide", restNs);
    return leftCount == 0
        ? new WaterLevel(floorNs, new long[count], 1)
        : divided(weights, Arrays.copyOf(left, leftCount), restNs, restWeight, floorNs);
  }

  /// Divides what is left among those below their limits.
  private static WaterLevel divided(
      long[] weights, int[] left, long restNs, long restWeight, long[] floorNs) {
    long[] numerator = new long[floorNs.length];
    long common = restWeight;
    int previous = left[0];
    for (int member : left) {
      if (member != left[0] && weights[member] == weights[previous]) {
        floorNs[member] = floorNs[previous];
        numerator[member] = numerator[previous];
      } else {
        divide(restNs, weights[member], restWeight, member, floorNs, numerator);
        common = gcd(common, numerator[member]);
      }
      previous = member;
    }
    for (int member : left) {
      numerator[member] /= common;
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
    long fractions = 0;
    for (long each : numerator) {
      fractions += each;
    }
    long up = fractions / divisor;
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
