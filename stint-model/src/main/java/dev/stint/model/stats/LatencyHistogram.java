package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import java.util.Arrays;

/// A histogram of durations in nanoseconds: exact count, sum, minimum and maximum, and percentiles
/// to within 0.8 % of the true value.
///
/// Values are 0 to `Long.MAX_VALUE`. Recording allocates only to grow: each time the number of
/// buckets that hold something has doubled.
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
   * There is a histogram for every entity, and most see few different values: the buckets that hold
   * something lie in one open-addressed hash table, a cell of which is (index + 1) << 48 | count.
   * Cells in ascending order are buckets in ascending order.
   */
  private static final int SUB_BUCKET_BITS = 6;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
  private static final int COUNT_BITS = 48;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final int FIRST_CELLS = 4;
  private static final int SPREAD = 0x9E3779B1;

  /// Shared by all that have no value yet, and never written: the first value makes a table.
  private static final long[] NO_CELLS = {0};

  private long[] cells = NO_CELLS;
  private int used;
  private long count;
  private long sumNs;
  private long minNs = Long.MAX_VALUE;
  private long maxNs;

  /// Adds one value, at least 0.
  public void record(long valueNs) {
    Invariant.check(valueNs >= 0, "a recorded duration is not negative", valueNs);
    add(indexOf(valueNs) + 1L, 1);
    count++;
    sumNs = Math.addExact(sumNs, valueNs);
    minNs = Math.min(minNs, valueNs);
    maxNs = Math.max(maxNs, valueNs);
  }

  /// Adds everything that `other` holds.
  public void merge(LatencyHistogram other) {
    if (other.count == 0) {
      return;
    }
    for (long cell : other.cells) {
      if (cell != 0) {
        add(cell >>> COUNT_BITS, cell & COUNT_MASK);
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
    long[] sorted = cells.clone();
    Arrays.sort(sorted);
    long seen = 0;
    for (long cell : sorted) {
      seen += cell & COUNT_MASK;
      if (seen >= rank) {
        return (int) (cell >>> COUNT_BITS) - 1;
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

  /// Adds `more` to the bucket whose index plus 1 is `key`.
  private void add(long key, long more) {
    int at = find(key);
    if (cells[at] >>> COUNT_BITS != key) {
      if ((used + 1) * 4 > cells.length * 3) {
        grow();
        at = find(key);
      }
      used++;
      cells[at] = key << COUNT_BITS;
    }
    cells[at] += more;
  }

  /// Where the key is, or is to be put; a table is never full.
  private int find(long key) {
    int mask = cells.length - 1;
    int at = ((int) key * SPREAD) >>> 16 & mask;
    while (cells[at] != 0 && cells[at] >>> COUNT_BITS != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = cells;
    cells = new long[used == 0 ? FIRST_CELLS : 2 * old.length];
    for (long cell : old) {
      if (cell != 0) {
        cells[find(cell >>> COUNT_BITS)] = cell;
      }
    }
  }
}
