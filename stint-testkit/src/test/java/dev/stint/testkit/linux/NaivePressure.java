package dev.stint.testkit.linux;

import dev.stint.testkit.linux.NaiveGuest.Change;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/// A pressure file worked out again from the whole history of a group, by the words of the kernel's
/// documents: windows, each CPU's stall in each, weights, averages in fixed point. Slow and in big
/// integers.
final class NaivePressure {
  private static final int[] DECAY = {1677, 1981, 2034};
  private static final BigInteger ONE = BigInteger.valueOf(2048);

  private final List<Change> changes;
  private final int cpus;
  private final long hz;
  private final long tickNs;
  private final long periodNs;

  private final long[] totalNs = new long[2];
  private final long[] averagedNs = new long[2];
  private final BigInteger[][] averages = new BigInteger[2][3];
  private long collectedNs;
  private long lastUpdateNs;
  private long nextUpdateNs;

  NaivePressure(List<Change> changes, int cpus, int hz) {
    this.changes = changes;
    this.cpus = cpus;
    this.hz = hz;
    tickNs = 1_000_000_000L / hz;
    periodNs = (2 * this.hz + 1) * tickNs;
    nextUpdateNs = periodNs;
    for (BigInteger[] line : averages) {
      java.util.Arrays.fill(line, BigInteger.ZERO);
    }
  }

  /// The file at `nowNs`, read for the first time.
  String read(long nowNs, boolean system) {
    long dueNs = -1;
    int next = 0;
    while (true) {
      if (dueNs < 0) {
        while (next < changes.size() && changes.get(next).timeNs() < collectedNs) {
          next++;
        }
        if (next == changes.size() || changes.get(next).timeNs() > nowNs) {
          break;
        }
        dueNs = onGrid(changes.get(next).timeNs(), 2 * hz + 1);
      }
      if (dueNs > nowNs) {
        break;
      }
      boolean busy = collect(dueNs);
      if (dueNs >= nextUpdateNs) {
        average(dueNs);
      }
      dueNs = busy ? onGrid(dueNs, (nextUpdateNs - dueNs) * hz / 1_000_000_000L + 1) : -1;
    }
    collect(nowNs);
    if (nowNs >= nextUpdateNs) {
      average(nowNs);
    }
    return "some " + line(0) + "\nfull " + (system ? EMPTY : line(1)) + "\n";
  }

  private static final String EMPTY = "avg10=0.00 avg60=0.00 avg300=0.00 total=0";

  private long onGrid(long fromNs, long jiffies) {
    return (fromNs / tickNs + jiffies) * tickNs;
  }

  private boolean collect(long untilNs) {
    BigInteger weights = BigInteger.ZERO;
    BigInteger[] sums = {BigInteger.ZERO, BigInteger.ZERO};
    boolean busy = false;
    for (int cpu = 0; cpu < cpus; cpu++) {
      long[] ns = integrate(cpu, collectedNs, untilNs);
      busy |= ns[2] > 0;
      BigInteger weight = BigInteger.valueOf(ns[2] * hz / 1_000_000_000L);
      weights = weights.add(weight);
      for (int state = 0; state < 2; state++) {
        sums[state] = sums[state].add(BigInteger.valueOf(ns[state]).multiply(weight));
      }
    }
    for (int state = 0; state < 2; state++) {
      totalNs[state] += sums[state].divide(weights.max(BigInteger.ONE)).longValueExact();
    }
    collectedNs = untilNs;
    return busy;
  }

  /// How long in (from, until] some waited, all waited, any was there, on one CPU.
  private long[] integrate(int cpu, long fromNs, long untilNs) {
    long[] ns = new long[3];
    int runnable = 0;
    int running = 0;
    long at = 0;
    for (int i = 0; i <= changes.size(); i++) {
      long end = i == changes.size() ? Long.MAX_VALUE : changes.get(i).timeNs();
      long span = Math.min(end, untilNs) - Math.max(at, fromNs);
      if (span > 0) {
        ns[0] += runnable > running ? span : 0;
        ns[1] += runnable > 0 && running == 0 ? span : 0;
        ns[2] += runnable > 0 ? span : 0;
      }
      if (end >= untilNs) {
        return ns;
      }
      at = end;
      if (changes.get(i).cpu() == cpu) {
        runnable += changes.get(i).runnable();
        running += changes.get(i).running();
      }
    }
    return ns;
  }

  private void average(long nowNs) {
    long missed = (nowNs - nextUpdateNs) / periodNs;
    long spanNs = nowNs - lastUpdateNs - missed * periodNs;
    nextUpdateNs += (missed + 1) * periodNs;
    lastUpdateNs = nowNs;
    for (int state = 0; state < 2; state++) {
      long sample = Math.min(totalNs[state] - averagedNs[state], spanNs);
      averagedNs[state] += sample;
      BigInteger percent = BigInteger.valueOf(sample * 100 / spanNs).multiply(ONE);
      for (int i = 0; i < 3; i++) {
        if (missed > 0) {
          averages[state][i] = step(averages[state][i], power(DECAY[i], missed), BigInteger.ZERO);
        }
        averages[state][i] = step(averages[state][i], BigInteger.valueOf(DECAY[i]), percent);
      }
    }
  }

  private static BigInteger step(BigInteger old, BigInteger decay, BigInteger value) {
    BigInteger sum = old.multiply(decay).add(value.multiply(ONE.subtract(decay)));
    BigInteger[] parts = sum.divideAndRemainder(ONE);
    boolean up = value.compareTo(old) >= 0 && parts[1].signum() > 0;
    return up ? parts[0].add(BigInteger.ONE) : parts[0];
  }

  /// `decay`/2048 to the power `n` by repeated squaring, every product rounded to nearest.
  private static BigInteger power(int decay, long n) {
    if (n == 0) {
      return ONE;
    }
    BigInteger result = ONE;
    BigInteger square = BigInteger.valueOf(decay);
    for (int bit = 0; bit < 64 - Long.numberOfLeadingZeros(n); bit++) {
      if ((n >> bit & 1) == 1) {
        result = result.multiply(square).add(BigInteger.valueOf(1024)).divide(ONE);
      }
      square = square.multiply(square).add(BigInteger.valueOf(1024)).divide(ONE);
    }
    return result;
  }

  private String line(int state) {
    StringBuilder text = new StringBuilder();
    String[] names = {"avg10", "avg60", "avg300"};
    for (int i = 0; i < 3; i++) {
      long value = averages[state][i].longValueExact();
      text.append(
          String.format(
              Locale.ROOT, "%s=%d.%02d ", names[i], value / 2048, value % 2048 * 100 / 2048));
    }
    return text.append("total=").append(totalNs[state] / 1000).toString();
  }
}
