package dev.stint.model.linux;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The choice of a CPU for a wakee restated over plain lists, one sentence of the rule after the
/// other: the oracle of [WakePlacement].
final class NaiveWakePlacement {
  /// What is known of a CPU.
  record Cpu(int index, int core, int cache, boolean idle, int tasks, int runnable, long load) {}

  /// A wake-up: `scan` and `idleCore` are of the target's cache, by cache.
  record Wake(
      int waker,
      int previous,
      int recent,
      Set<Integer> allowed,
      boolean wide,
      boolean sync,
      long taskLoad,
      int[] scan,
      boolean[] idleCore) {}

  private final List<Cpu> cpus;
  private final boolean smt;

  NaiveWakePlacement(List<Cpu> cpus) {
    this.cpus = cpus;
    smt = cpus.stream().map(Cpu::core).distinct().count() < cpus.size();
  }

  int choose(Wake wake) {
    int target = wake.previous;
    if (!wake.wide && wake.allowed.contains(wake.waker) && wake.waker != wake.previous) {
      target = pulls(wake) ? wake.waker : wake.previous;
    }
    int chosen = near(wake, target);
    return wake.allowed.contains(chosen)
        ? chosen
        : wake.allowed.stream().min(Integer::compare).orElseThrow();
  }

  private boolean pulls(Wake wake) {
    Cpu here = cpus.get(wake.waker);
    Cpu there = cpus.get(wake.previous);
    if (here.idle && here.cache == there.cache) {
      return !there.idle;
    }
    if (wake.sync && here.runnable == 1) {
      return true;
    }
    if (there.idle) {
      return false;
    }
    int percent = here.cache == there.cache ? here.core == there.core ? 110 : 117 : 117;
    BigInteger mine = big(here.load).add(big(wake.taskLoad)).multiply(big(100));
    BigInteger its =
        big(there.load).subtract(big(wake.taskLoad)).multiply(big(100 + (percent - 100) / 2));
    // Both sides are multiplied by the other CPU's capacity, 1024 on either here.
    mine = mine.multiply(big(1024));
    its = its.multiply(big(1024)).add(big(wake.sync ? 1 : 0));
    return mine.compareTo(its) < 0;
  }

  private int near(Wake wake, int target) {
    Cpu to = cpus.get(target);
    if (to.idle) {
      return target;
    }
    Cpu previous = cpus.get(wake.previous);
    if (previous.cache == to.cache && previous.idle) {
      return previous.index;
    }
    if (wake.recent >= 0) {
      Cpu recent = cpus.get(wake.recent);
      if (recent.cache == to.cache && recent.idle && wake.allowed.contains(recent.index)) {
        return recent.index;
      }
    }
    List<Cpu> cache = cpus.stream().filter(cpu -> cpu.cache == to.cache).toList();
    if (cache.size() == 1) {
      return target;
    }
    if (smt && !wake.idleCore[to.cache] && previous.cache == to.cache) {
      for (Cpu cpu : cache) {
        if (cpu.core == previous.core && cpu.idle && wake.allowed.contains(cpu.index)) {
          return cpu.index;
        }
      }
    }
    int scan = wake.scan[to.cache];
    if (scan == 0) {
      return target;
    }
    List<Cpu> order = new ArrayList<>();
    cache.stream()
        .filter(cpu -> cpu.index > target && wake.allowed.contains(cpu.index))
        .forEach(order::add);
    cache.stream()
        .filter(cpu -> cpu.index <= target && wake.allowed.contains(cpu.index))
        .forEach(order::add);
    if (smt && wake.idleCore[to.cache]) {
      return byCores(order, target);
    }
    return order.stream().limit(scan).filter(Cpu::idle).map(Cpu::index).findFirst().orElse(target);
  }

  /// The first CPU in order whose whole core is idle; else the first idle CPU of the cores met.
  private int byCores(List<Cpu> order, int target) {
    Set<Integer> cores = new LinkedHashSet<>();
    int any = -1;
    for (Cpu cpu : order) {
      if (!cores.add(cpu.core)) {
        continue;
      }
      List<Cpu> threads = cpus.stream().filter(other -> other.core == cpu.core).toList();
      if (threads.stream().allMatch(Cpu::idle)) {
        return cpu.index;
      }
      // The threads are met in ascending order.
      for (Cpu thread : threads) {
        if (any < 0 && thread.idle && order.contains(thread)) {
          any = thread.index;
        }
      }
    }
    return any >= 0 ? any : target;
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }
}
