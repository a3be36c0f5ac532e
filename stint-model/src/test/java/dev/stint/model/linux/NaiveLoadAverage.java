package dev.stint.model.linux;

import java.math.BigInteger;

/// The oracle of [LoadAverage]: the same definition in big integers, its table computed, its time
/// walked one segment at a time.
final class NaiveLoadAverage {
  static final BigInteger SUM_MAX = BigInteger.valueOf(47742);
  private static final BigInteger LARGEST = BigInteger.valueOf(0xFFFF_FFFFL);

  /// (2^32 - 1) * 2^(-k/32), rounded down.
  private static final BigInteger[] TABLE = new BigInteger[32];

  static {
    for (int k = 0; k < 32; k++) {
      TABLE[k] = root32(LARGEST.pow(32).shiftRight(k));
    }
  }

  BigInteger loadSum = BigInteger.ZERO;
  BigInteger runnableSum = BigInteger.ZERO;
  BigInteger utilSum = BigInteger.ZERO;
  BigInteger loadAvg = BigInteger.ZERO;
  BigInteger runnableAvg = BigInteger.ZERO;
  BigInteger utilAvg = BigInteger.ZERO;

  /// Units of 1,024 ns since the start of time that are in the sums, and the offset of the first.
  long lastNs;

  int contrib;

  /// floor of the 32nd root.
  private static BigInteger root32(BigInteger of) {
    BigInteger low = BigInteger.ZERO;
    BigInteger high = BigInteger.ONE.shiftLeft(33);
    while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = low.add(high).shiftRight(1);
      if (middle.pow(32).compareTo(of) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  static BigInteger decay(BigInteger value, long segments) {
    if (segments > 2016) {
      return BigInteger.ZERO;
    }
    BigInteger halved = value;
    long left = segments;
    while (left >= 32) {
      halved = halved.divide(BigInteger.TWO);
      left -= 32;
    }
    return halved.multiply(TABLE[(int) left]).divide(BigInteger.ONE.shiftLeft(32));
  }

  boolean update(long nowNs, long load, long runnable, boolean running, long weight) {
    if (nowNs < lastNs) {
      lastNs = nowNs;
      return false;
    }
    long units = 0;
    while (lastNs + 1024 <= nowNs && units < 5_000) {
      lastNs += 1024;
      units++;
    }
    long rest = (nowNs - lastNs) / 1024;
    lastNs += rest * 1024;
    units += rest;
    if (units == 0) {
      return false;
    }
    long whole = units;
    long first = 1024 - contrib;
    long segments = 0;
    long tail = contrib;
    if (units >= first) {
      whole -= first;
      segments = 1 + whole / 1024;
      tail = whole % 1024;
    } else {
      tail += units;
    }
    BigInteger grown = BigInteger.valueOf(units);
    if (segments > 0) {
      loadSum = decay(loadSum, segments);
      runnableSum = decay(runnableSum, segments);
      utilSum = decay(utilSum, segments);
      BigInteger past = decay(BigInteger.valueOf(first), segments);
      BigInteger between =
          SUM_MAX.subtract(decay(SUM_MAX, segments)).subtract(BigInteger.valueOf(1024));
      grown = past.add(between).add(BigInteger.valueOf(tail));
    }
    contrib = (int) tail;
    if (load != 0) {
      BigInteger scaled = grown.multiply(BigInteger.valueOf(1024));
      loadSum = loadSum.add(grown.multiply(BigInteger.valueOf(load)));
      runnableSum = runnableSum.add(scaled.multiply(BigInteger.valueOf(runnable)));
      utilSum = utilSum.add(running ? scaled : BigInteger.ZERO);
    }
    if (segments == 0) {
      return false;
    }
    average(weight);
    return true;
  }

  void average(long weight) {
    BigInteger divider = divider();
    loadAvg = loadSum.multiply(BigInteger.valueOf(weight)).divide(divider);
    runnableAvg = runnableSum.divide(divider);
    utilAvg = utilSum.divide(divider);
  }

  BigInteger divider() {
    return SUM_MAX.subtract(BigInteger.valueOf(1024 - contrib));
  }
}
