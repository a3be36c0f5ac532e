package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import java.util.Arrays;

/// A histogram of durations in nanoseconds: exact count, sum, minimum and maximum, and percentiles
/// to within 0.8 % of the true value.
///
/// Values are 0 to `Long.MAX_VALUE`. Recording allocates only for the first values, and when a
/// value opens a range of magnitude never seen before. There may be 2^31 - 1 values within 0.8 % of
/// one another.
public final class LatencyHistogram {
  /*
   * Log-linear buckets. Values below 128 have a bucket each. From there every octave
   * [2^k, 2^(k+1)) is cut into 64 buckets of width 2^(k-6). A percentile answers with the middle of
   * its bucket, which is off by at most half a width over the least value:
   * 2^(k-7) / 2^k = 1/128 = 0.78 %.
   *
   * The index is read off the bits: with shift = k - 6, (value >> shift) is in [64, 128), so
   * index = shift * 64 + (value >> shift), and the octaves follow one another without a gap.
   *
   * There is a histogram for every entity. Many see a handful of values, which are kept as they
   * came; most others see a few orders of magnitude, and an octave's counts are made when its first
   * value comes.
   */
  private static final int SUB_BUCKET_BITS = 6;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
  private static final int FEW = 8;
  private static final int FIRST_FEW = 2;

  private static final long[] EMPTY = {};
  private static final int[] NO_COUNTS = {};
  private static final int[][] NO_OCTAVES = {};

  /// The first values, until there are more than [#FEW]: then all are in the octaves.
  private long[] few = EMPTY;

  private int[][] octaves = NO_OCTAVES;
  private long count;
  private long sumNs;
  private long minNs = Long.MAX_VALUE;
  private long maxNs;

  /// Adds one value, at least 0.
  public void record(long valueNs) {
    Invariant.check(valueNs >= 0, "a recorded duration is not negative", valueNs);
    if (octaves.length == 0 && count < FEW) {
      keep(valueNs);
    } else {
      spread();
      tally(indexOf(valueNs), 1);
    }
    count++;
    sumNs = Math.addExact(sumNs, valueNs);
    minNs = Math.min(minNs, valueNs);
    maxNs = Math.max(maxNs, valueNs);
  }

  /// Adds everything that `other` holds.
  public void merge(LatencyHistogram other) {
    if (other.octaves.length == 0) {
      for (int i = 0; i < other.count; i++) {
        record(other.few[i]);
      }
      return;
    }
    spread();
    for (int i = 0; i < other.octaves.length; i++) {
      for (int k = 0; k < other.octaves[i].length; k++) {
        if (other.octaves[i][k] > 0) {
          tally((i << SUB_BUCKET_BITS) + k, other.octaves[i][k]);
        }
      }
    }
    count += other.count;
    sumNs = Math.addExact(sumNs, other.sumNs);
    minNs = Math.min(minNs, other.minNs);
    maxNs = Math.max(maxNs, other.maxNs);
  }

  /// How many values were recorded.
  public long count() {
    return count;
  }

  /// The exact sum of all values.
  public long sumNs() {
    return sumNs;
  }

  /// The nearest-rank percentile: the least recorded value such that `permille` thousandths of all
  /// values are not above it, to within 0.8 %. 0 when nothing was recorded.
  ///
  /// @param permille 0 (the minimum, exact) to 1000 (the maximum, exact)
  public long percentileNs(int permille) {
    Invariant.check(permille >= 0 && permille <= 1000, "a permille is 0 to 1000", permille);
    if (count == 0) {
      return 0;
    }
    // ceil(count * permille / 1000) without overflow for any count
    long rank = count / 1000 * permille + (count % 1000 * permille + 999) / 1000;
    if (rank <= 1) {
      return minNs;
    }
    if (rank == count) {
      return maxNs;
    }
    return Math.clamp(middleOf(indexOfRank(rank)), minNs, maxNs);
  }

  private int indexOfRank(long rank) {
    if (octaves.length == 0) {
      long[] sorted = Arrays.copyOf(few, (int) count);
      Arrays.sort(sorted);
      return indexOf(sorted[(int) rank - 1]);
    }
    long seen = 0;
    for (int i = 0; i < octaves.length; i++) {
      int[] octave = octaves[i];
      for (int k = 0; k < octave.length; k++) {
        seen += octave[k];
        if (seen >= rank) {
          return (i << SUB_BUCKET_BITS) + k;
        }
      }
    }
    throw new IllegalStateException("no value has rank " + rank);
  }

  /// The figures that results show.
  public Percentiles percentiles() {
    if (count == 0) {
      return Percentiles.EMPTY;
    }
    return new Percentiles(
        count,
        sumNs,
        minNs,
        percentileNs(500),
        percentileNs(900),
        percentileNs(990),
        percentileNs(999),
        maxNs);
  }

  @Override
  public String toString() {
    return percentiles().toString();
  }

  private static int indexOf(long value) {
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value | 1) - SUB_BUCKET_BITS);
    return (shift << SUB_BUCKET_BITS) + (int) (value >>> shift);
  }

  private static long middleOf(int index) {
    if (index < 2 * SUB_BUCKETS) {
      return index;
    }
    int shift = (index >> SUB_BUCKET_BITS) - 1;
    long low = (long) ((index & (SUB_BUCKETS - 1)) + SUB_BUCKETS) << shift;
    return low + (1L << shift) / 2;
  }

  private void keep(long value) {
    if (count == few.length) {
      few = Arrays.copyOf(few, few.length == 0 ? FIRST_FEW : FEW);
    }
    few[(int) count] = value;
  }

  private void spread() {
    if (few.length > 0) {
      for (int i = 0; i < count; i++) {
        tally(indexOf(few[i]), 1);
      }
      few = EMPTY;
    }
  }

  private void tally(int index, int more) {
    int[] octave = octave(index >> SUB_BUCKET_BITS);
    int bucket = index & SUB_BUCKETS - 1;
    octave[bucket] = Math.addExact(octave[bucket], more);
  }

  private int[] octave(int number) {
    if (number >= octaves.length) {
      int known = octaves.length;
      octaves = Arrays.copyOf(octaves, number + 1);
      Arrays.fill(octaves, known, octaves.length, NO_COUNTS);
    }
    if (octaves[number].length == 0) {
      octaves[number] = new int[SUB_BUCKETS];
    }
    return octaves[number];
  }
}
