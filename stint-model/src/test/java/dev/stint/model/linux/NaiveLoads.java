package dev.stint.model.linux;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The oracle of [QueueLoad] and [GroupShares]: the rules of docs/models/pelt.md and
/// group-scheduling.md in big integers. What a queue's entities are and do is read from the queue.
final class NaiveLoads {
  private static final BigInteger MIN_DIVIDER = BigInteger.valueOf(46718);

  /// A load average of an entity or queue.
  static final class Load {
    final NaiveLoadAverage average = new NaiveLoadAverage();
    boolean attached;
  }

  /// What a queue knows besides.
  static final class Queue {
    final Load load = new Load();
    final List<BigInteger[]> removed = new ArrayList<>();
    boolean propagates;
    BigInteger propagated = BigInteger.ZERO;
    BigInteger published = BigInteger.ZERO;
    long publishedNs = -1_000_000_000;
    long stoppedAtNs = -1;
    long stoppedNs;
  }

  private final Map<FairQueue, Queue> queues = new LinkedHashMap<>();
  private final Map<Entity, Load> entities = new LinkedHashMap<>();

  Queue of(FairQueue queue) {
    return queues.computeIfAbsent(queue, _ -> new Queue());
  }

  Load of(Entity entity) {
    return entities.computeIfAbsent(entity, _ -> new Load());
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private long clock(FairQueue queue, long nowNs) {
    Queue naive = of(queue);
    return (naive.stoppedAtNs < 0 ? nowNs : naive.stoppedAtNs) - naive.stoppedNs;
  }

  void stop(FairQueue queue, long nowNs) {
    Queue naive = of(queue);
    if (queue.throttleCount > 0 && queue.queuedCount == 0 && naive.stoppedAtNs < 0) {
      naive.stoppedAtNs = nowNs;
    }
  }

  void start(FairQueue queue, long nowNs) {
    Queue naive = of(queue);
    if (naive.stoppedAtNs >= 0) {
      naive.stoppedNs += nowNs - naive.stoppedAtNs;
      naive.stoppedAtNs = -1;
    }
  }

  // --- Updates ---

  boolean update(Entity entity, long nowNs) {
    FairQueue queue = entity.queue;
    Load own = of(entity);
    if (own.attached) {
      long runnable = entity.onQueue && !entity.delayed ? 1 : 0;
      if (entity.childQueue != null) {
        runnable = entity.runnableBelow;
      }
      long weight = Weights.down(entity.weight);
      long queued = entity.onQueue ? 1 : 0;
      boolean running = queue.current == entity;
      own.average.update(clock(queue, nowNs), queued, runnable, running, weight);
    }
    boolean changed = updateQueue(queue, nowNs);
    return propagate(entity) || changed;
  }

  boolean updateQueue(FairQueue queue, long nowNs) {
    Queue naive = of(queue);
    NaiveLoadAverage sum = naive.load.average;
    boolean changed = !naive.removed.isEmpty();
    if (changed) {
      BigInteger load = BigInteger.ZERO;
      BigInteger util = BigInteger.ZERO;
      BigInteger runnable = BigInteger.ZERO;
      for (BigInteger[] gone : naive.removed) {
        load = load.add(gone[0]);
        util = util.add(gone[1]);
        runnable = runnable.add(gone[2]);
      }
      naive.removed.clear();
      BigInteger divider = sum.divider();
      addLoad(sum, load.negate(), load.multiply(divider).negate());
      addUtil(sum, util.negate(), util.multiply(divider).negate());
      addRunnable(sum, runnable.negate(), runnable.multiply(divider).negate());
      naive.propagates = true;
      BigInteger estimate = runnable.multiply(divider).negate();
      naive.propagated = naive.propagated.add(estimate.shiftRight(10));
    }
    long load = Weights.down(queue.loadWeight);
    boolean running = queue.current != null;
    long clock = clock(queue, nowNs);
    return sum.update(clock, load, queue.runnableTaskCount, running, 1) || changed;
  }

  private static BigInteger notBelow(BigInteger sum, BigInteger avg) {
    return sum.max(BigInteger.ZERO).max(avg.multiply(MIN_DIVIDER));
  }

  private static void addLoad(NaiveLoadAverage to, BigInteger avg, BigInteger sum) {
    to.loadAvg = to.loadAvg.add(avg).max(BigInteger.ZERO);
    to.loadSum = notBelow(to.loadSum.add(sum), to.loadAvg);
  }

  private static void addUtil(NaiveLoadAverage to, BigInteger avg, BigInteger sum) {
    to.utilAvg = to.utilAvg.add(avg).max(BigInteger.ZERO);
    to.utilSum = notBelow(to.utilSum.add(sum), to.utilAvg);
  }

  private static void addRunnable(NaiveLoadAverage to, BigInteger avg, BigInteger sum) {
    to.runnableAvg = to.runnableAvg.add(avg).max(BigInteger.ZERO);
    to.runnableSum = notBelow(to.runnableSum.add(sum), to.runnableAvg);
  }

  // --- Coming and going ---

  void attach(Entity entity) {
    NaiveLoadAverage own = of(entity).average;
    Queue naive = of(entity.queue);
    NaiveLoadAverage sum = naive.load.average;
    BigInteger divider = sum.divider();
    BigInteger weight = big(Weights.down(entity.weight));
    of(entity).attached = true;
    own.lastNs = sum.lastNs;
    own.contrib = sum.contrib;
    own.utilSum = own.utilAvg.multiply(divider);
    own.runnableSum = own.runnableAvg.multiply(divider);
    BigInteger weighted = own.loadAvg.multiply(divider);
    own.loadSum = weighted.compareTo(weight) > 0 ? weighted.divide(weight) : BigInteger.ONE;
    sum.loadAvg = sum.loadAvg.add(own.loadAvg);
    sum.loadSum = sum.loadSum.add(weight.multiply(own.loadSum));
    sum.utilAvg = sum.utilAvg.add(own.utilAvg);
    sum.utilSum = sum.utilSum.add(own.utilSum);
    sum.runnableAvg = sum.runnableAvg.add(own.runnableAvg);
    sum.runnableSum = sum.runnableSum.add(own.runnableSum);
    naive.propagates = true;
    naive.propagated = naive.propagated.add(own.loadSum);
  }

  void detach(Entity entity) {
    NaiveLoadAverage own = of(entity).average;
    Queue naive = of(entity.queue);
    NaiveLoadAverage sum = naive.load.average;
    BigInteger weight = big(Weights.down(entity.weight));
    addLoad(sum, own.loadAvg.negate(), own.loadSum.multiply(weight).negate());
    addUtil(sum, own.utilAvg.negate(), own.utilSum.negate());
    addRunnable(sum, own.runnableAvg.negate(), own.runnableSum.negate());
    naive.propagates = true;
    naive.propagated = naive.propagated.subtract(own.loadSum);
    of(entity).attached = false;
  }

  void remove(Entity entity, boolean idle, long nowNs) {
    Load own = of(entity);
    if (!own.attached) {
      return;
    }
    Queue naive = of(entity.queue);
    long weight = Weights.down(entity.weight);
    own.average.update(naive.load.average.lastNs, 0, 0, false, weight);
    naive.removed.add(
        new BigInteger[] {own.average.loadAvg, own.average.utilAvg, own.average.runnableAvg});
    boolean left =
        own.average.loadSum.add(own.average.utilSum).add(own.average.runnableSum).signum() > 0;
    if (idle && left) {
      own.average.update(clock(entity.queue, nowNs), 0, 0, false, weight);
    }
    own.attached = false;
  }

  void reweight(Entity entity, long from, long to) {
    Load own = of(entity);
    if (!own.attached) {
      return;
    }
    NaiveLoadAverage sum = of(entity.queue).load.average;
    BigInteger before = big(Weights.down(from));
    BigInteger after = big(Weights.down(to));
    NaiveLoadAverage average = own.average;
    addLoad(sum, average.loadAvg.negate(), average.loadSum.multiply(before).negate());
    average.loadAvg = average.loadSum.multiply(after).divide(average.divider());
    sum.loadAvg = sum.loadAvg.add(average.loadAvg);
    sum.loadSum = sum.loadSum.add(average.loadSum.multiply(after));
  }

  // --- Groups ---

  private boolean propagate(Entity entity) {
    FairQueue child = entity.childQueue;
    if (child == null || !of(child).propagates) {
      return false;
    }
    Queue below = of(child);
    Queue here = of(entity.queue);
    NaiveLoadAverage own = of(entity).average;
    NaiveLoadAverage sum = here.load.average;
    BigInteger divider = sum.divider();
    below.propagates = false;
    here.propagates = true;
    here.propagated = here.propagated.add(below.propagated);

    NaiveLoadAverage source = below.load.average;
    if (!source.utilAvg.equals(own.utilAvg)) {
      BigInteger to = source.utilAvg.multiply(divider);
      addUtil(sum, source.utilAvg.subtract(own.utilAvg), to.subtract(own.utilSum));
      own.utilAvg = source.utilAvg;
      own.utilSum = to;
    }
    if (!source.runnableAvg.equals(own.runnableAvg)) {
      BigInteger to = source.runnableAvg.multiply(divider);
      addRunnable(sum, source.runnableAvg.subtract(own.runnableAvg), to.subtract(own.runnableSum));
      own.runnableAvg = source.runnableAvg;
      own.runnableSum = to;
    }
    propagateLoad(entity, below, divider);
    return true;
  }

  private void propagateLoad(Entity entity, Queue below, BigInteger divider) {
    BigInteger change = below.propagated;
    if (change.signum() == 0) {
      return;
    }
    below.propagated = BigInteger.ZERO;
    NaiveLoadAverage own = of(entity).average;
    BigInteger target;
    if (change.signum() > 0) {
      target = own.loadSum.add(change).min(divider);
    } else {
      BigInteger queued = big(Weights.down(entity.childQueue.loadWeight));
      BigInteger mean =
          queued.signum() == 0 ? BigInteger.ZERO : below.load.average.loadSum.divide(queued);
      target = own.loadSum.min(mean);
    }
    target = target.max(own.utilSum.shiftRight(10));
    BigInteger weight = big(Weights.down(entity.weight));
    BigInteger avg = target.multiply(weight).divide(divider);
    if (avg.equals(own.loadAvg)) {
      return;
    }
    BigInteger sumChange = target.subtract(own.loadSum).multiply(weight);
    addLoad(of(entity.queue).load.average, avg.subtract(own.loadAvg), sumChange);
    own.loadSum = target;
    own.loadAvg = avg;
  }

  void publish(FairQueue queue, long nowNs) {
    Queue naive = of(queue);
    if (queue.group.parent() == null || nowNs - naive.publishedNs < 1_000_000) {
      return;
    }
    BigInteger load = naive.load.average.loadAvg;
    BigInteger change = load.subtract(naive.published).abs();
    if (change.compareTo(naive.published.divide(big(64))) > 0) {
      naive.published = load;
      naive.publishedNs = nowNs;
    }
  }

  /// The group's weight on this queue's CPU, from what all CPUs published.
  long weightOn(FairQueue queue) {
    BigInteger load = of(queue).load.average.loadAvg.max(big(Weights.down(queue.loadWeight)));
    BigInteger total = load;
    for (FairQueue other : queue.group.madeQueues()) {
      if (other != queue) {
        total = total.add(of(other).published);
      }
    }
    BigInteger shares = big(queue.group.sharesWeight);
    BigInteger weight = shares.multiply(load);
    if (total.signum() != 0) {
      weight = weight.divide(total);
    }
    return weight.max(BigInteger.TWO).min(shares).longValueExact();
  }
}
