package dev.stint.model.linux;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A bandwidth limit restated from the rules (facts: linux.md §3), with big integers and plain
/// lists: a global pool, a pool per CPU, the list of throttled CPUs, two timers.
final class NaiveBandwidth {
  private static final BigInteger SLICE = ms(5);
  private static final BigInteger KEPT = ms(1);

  private BigInteger quota;
  private BigInteger period;
  private BigInteger burst;
  private BigInteger pool;
  private BigInteger poolAfterRefill;
  private BigInteger expiry;
  private BigInteger slackAt = null;
  private boolean running;
  private boolean nothingTaken;

  final BigInteger[] local;
  final boolean[] busy;
  final List<Integer> throttled = new ArrayList<>();
  private BigInteger periods = BigInteger.ZERO;
  private BigInteger throttledPeriods = BigInteger.ZERO;
  private BigInteger bursts = BigInteger.ZERO;
  private BigInteger burstTime = BigInteger.ZERO;

  NaiveBandwidth(int cpus, Quota limit, long phaseNs) {
    set(limit);
    pool = quota;
    poolAfterRefill = pool;
    expiry = BigInteger.valueOf(phaseNs % limit.periodNs());
    if (expiry.signum() == 0) {
      expiry = period;
    }
    running = true;
    local = new BigInteger[cpus];
    java.util.Arrays.fill(local, BigInteger.ZERO);
    busy = new boolean[cpus];
  }

  private static BigInteger ms(long n) {
    return BigInteger.valueOf(n * 1_000_000);
  }

  private void set(Quota limit) {
    quota = BigInteger.valueOf(limit.quotaNs());
    period = BigInteger.valueOf(limit.periodNs());
    burst = BigInteger.valueOf(limit.burstNs());
  }

  // --- Time ---

  /// Lets timers expire up to `nowNs`.
  void advance(long nowNs) {
    BigInteger now = BigInteger.valueOf(nowNs);
    while (true) {
      boolean periodDue = running && expiry.compareTo(now) <= 0;
      boolean slackDue = slackAt != null && slackAt.compareTo(now) <= 0;
      if (periodDue && (!slackDue || expiry.compareTo(slackAt) <= 0)) {
        period();
      } else if (slackDue) {
        slack();
      } else {
        return;
      }
    }
  }

  private void period() {
    expiry = expiry.add(period);
    periods = periods.add(BigInteger.ONE);
    boolean someThrottled = !throttled.isEmpty();
    refill();
    if (nothingTaken && !someThrottled) {
      running = false;
      return;
    }
    nothingTaken = !someThrottled;
    if (someThrottled) {
      throttledPeriods = throttledPeriods.add(BigInteger.ONE);
      distribute();
    }
  }

  private void refill() {
    BigInteger used = poolAfterRefill.subtract(pool);
    if (used.compareTo(quota) > 0) {
      bursts = bursts.add(BigInteger.ONE);
      burstTime = burstTime.add(used.subtract(quota));
    }
    pool = pool.add(quota).min(quota.add(burst));
    poolAfterRefill = pool;
  }

  private void slack() {
    BigInteger now = slackAt;
    slackAt = null;
    if (refillSooner(now, ms(2))) {
      return;
    }
    if (pool.compareTo(SLICE) > 0) {
      distribute();
    }
  }

  private boolean refillSooner(BigInteger now, BigInteger than) {
    return !running || expiry.subtract(now).compareTo(than) < 0;
  }

  private void distribute() {
    for (int cpu : List.copyOf(throttled)) {
      BigInteger gift = BigInteger.ONE.subtract(local[cpu]).min(pool);
      pool = pool.subtract(gift);
      local[cpu] = local[cpu].add(gift);
      if (local[cpu].signum() > 0) {
        throttled.remove(Integer.valueOf(cpu));
      }
    }
  }

  // --- What CPUs do ---

  private void take(int cpu, BigInteger upTo, long nowNs) {
    if (!running) {
      running = true;
      BigInteger now = BigInteger.valueOf(nowNs);
      while (expiry.compareTo(now) <= 0) {
        expiry = expiry.add(period);
      }
    }
    BigInteger got = upTo.subtract(local[cpu]).min(pool);
    if (got.signum() > 0) {
      pool = pool.subtract(got);
      local[cpu] = local[cpu].add(got);
      nothingTaken = false;
    }
  }

  void charge(int cpu, long ns, long nowNs) {
    local[cpu] = local[cpu].subtract(BigInteger.valueOf(ns));
    if (local[cpu].signum() <= 0 && !throttled.contains(cpu)) {
      take(cpu, SLICE, nowNs);
    }
  }

  boolean pick(int cpu, long nowNs) {
    if (local[cpu].signum() > 0) {
      return false;
    }
    if (!throttled.contains(cpu)) {
      take(cpu, BigInteger.ONE, nowNs);
      if (local[cpu].signum() > 0) {
        return false;
      }
      throttled.add(cpu);
    }
    return true;
  }

  void firstEntity(int cpu, long nowNs) {
    if (throttled.contains(cpu)) {
      return;
    }
    charge(cpu, 0, nowNs);
    if (local[cpu].signum() <= 0) {
      pick(cpu, nowNs);
    }
  }

  void lastEntityLeft(int cpu, long nowNs) {
    BigInteger spare = local[cpu].subtract(KEPT);
    if (spare.signum() <= 0) {
      return;
    }
    local[cpu] = KEPT;
    pool = pool.add(spare);
    boolean worthIt = pool.compareTo(SLICE) > 0 && !throttled.isEmpty();
    if (worthIt && slackAt == null && !refillSooner(BigInteger.valueOf(nowNs), ms(7))) {
      slackAt = BigInteger.valueOf(nowNs).add(ms(5));
    }
  }

  void write(Quota limit, int writer, long nowNs) {
    set(limit);
    refill();
    take(writer, local[writer], nowNs);
    java.util.Arrays.fill(local, BigInteger.ONE);
    throttled.clear();
  }

  /// Everything, to be compared.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("pool " + pool + " local");
    for (int cpu = 0; cpu < local.length; cpu++) {
      text.append(' ').append(local[cpu]).append(throttled.contains(cpu) ? "!" : "");
    }
    return text
        + (" periods " + periods + " throttled " + throttledPeriods)
        + (" bursts " + bursts + " " + burstTime);
  }
}
