package dev.stint.host.control;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A group's limit as it is and as it should be, in microseconds.
///
/// Quota, period and burst are up to three files, and the kernel checks each write against what the
/// others say at that moment: the burst is at most the quota, and under version 1 the quota per
/// period is at most the parent's.
///
/// @param version of cgroups
/// @param from as it is
/// @param to as it should be
/// @param changesMax whether quota or period are to be written
/// @param changesBurst whether the burst is to be written
record Bandwidth(int version, Limit from, Limit to, boolean changesMax, boolean changesBurst) {
  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final long PERIOD_DEFAULT_US = 100_000;
  private static final String MAX = "cpu.max";
  private static final String BURST = "cpu.max.burst";
  private static final String QUOTA_1 = "cpu.cfs_quota_us";
  private static final String PERIOD_1 = "cpu.cfs_period_us";
  private static final String BURST_1 = "cpu.cfs_burst_us";

  /// @param quotaUs [#UNLIMITED] for none
  /// @param periodUs of the quota
  /// @param burstUs above the quota
  record Limit(long quotaUs, long periodUs, long burstUs) {
    /// Whether it allows more processor time per period than another.
    boolean above(Limit other) {
      if (quotaUs == UNLIMITED || other.quotaUs == UNLIMITED) {
        return quotaUs == UNLIMITED && other.quotaUs != UNLIMITED;
      }
      return BigInteger.valueOf(quotaUs)
              .multiply(BigInteger.valueOf(other.periodUs))
              .compareTo(BigInteger.valueOf(other.quotaUs).multiply(BigInteger.valueOf(periodUs)))
          > 0;
    }
  }

  /// The limit of a group; empty if nothing of it is wished.
  ///
  /// @param now the text of a file, if it is there
  /// @param wish the text that a file should have
  static Optional<Bandwidth> of(
      int version,
      Function<String, Optional<String>> now,
      Function<String, Optional<String>> wish) {
    boolean max = wish.apply(version == 2 ? MAX : QUOTA_1).isPresent();
    boolean burst = wish.apply(version == 2 ? BURST : BURST_1).isPresent();
    if (!max && !burst) {
      return Optional.empty();
    }
    Limit from = limit(version, now);
    Limit to = limit(version, name -> wish.apply(name).or(() -> now.apply(name)));
    return Optional.of(new Bandwidth(version, from, to, max, burst));
  }

  private static Limit limit(int version, Function<String, Optional<String>> text) {
    long quotaUs;
    long periodUs;
    if (version == 2) {
      String[] max = text.apply(MAX).orElse("max").strip().split("\\s+");
      quotaUs = number(max[0], UNLIMITED);
      periodUs = max.length > 1 ? number(max[1], PERIOD_DEFAULT_US) : PERIOD_DEFAULT_US;
    } else {
      quotaUs = number(text.apply(QUOTA_1).orElse("-1").strip(), UNLIMITED);
      periodUs = number(text.apply(PERIOD_1).orElse("").strip(), PERIOD_DEFAULT_US);
    }
    long burstUs = number(text.apply(version == 2 ? BURST : BURST_1).orElse("").strip(), 0);
    return new Limit(quotaUs, periodUs, burstUs);
  }

  private static long number(String text, long fallback) {
    return text.matches("\\d{1,15}") ? Long.parseLong(text) : fallback;
  }

  /// Whether the group may use more than before.
  boolean grows() {
    return to.above(from);
  }

  /// Why the kernel would refuse it.
  Optional<String> problem() {
    if (to.quotaUs != UNLIMITED && to.burstUs > to.quotaUs) {
      return Optional.of(
          "its burst is " + to.burstUs + "us, above the new quota. Say `cpu.max.burst` too.");
    }
    return Optional.empty();
  }

  /// The files in an order in which every step is accepted.
  List<String> order() {
    List<String> max = new ArrayList<>();
    if (changesMax && version == 2) {
      max.add(MAX);
    } else if (changesMax) {
      // Shrinking, the quota first; growing, the period first: the ratio between is never above
      // both ends.
      boolean quotaFirst = to.quotaUs <= from.quotaUs;
      max.add(quotaFirst ? QUOTA_1 : PERIOD_1);
      max.add(quotaFirst ? PERIOD_1 : QUOTA_1);
    }
    if (changesBurst) {
      // A burst is at most the quota of that moment.
      max.add(to.burstUs <= from.quotaUs ? 0 : max.size(), version == 2 ? BURST : BURST_1);
    }
    return max;
  }
}
