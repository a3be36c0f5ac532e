package dev.stint.testkit.ledger;

import dev.stint.model.counters.CounterRules;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The counters as one would explain them: times are read off the naive ledger; where a VP runs is
/// found by climbing from every LP whenever time passes.
final class NaiveCounters implements TraceSink {
  /// What one VP spent, by what the hypervisor distinguishes.
  record Times(long wakeUpNs, long contentionNs, long suspendedNs, long cappedNs) {
    Times plus(Times other, int sign) {
      return new Times(
          wakeUpNs + sign * other.wakeUpNs,
          contentionNs + sign * other.contentionNs,
          suspendedNs + sign * other.suspendedNs,
          cappedNs + sign * other.cappedNs);
    }
  }

  /// An intercept that the VMM has not handled yet: since when, and what the VP had spent then.
  private record Pending(long sinceNs, Times before) {}

  private final Entities entities;
  private final NaiveLedger ledger;
  private final Map<Integer, Integer> current = new TreeMap<>();
  private final Map<Integer, Integer> entered = new TreeMap<>();
  private final Map<Integer, Integer> lastLp = new TreeMap<>();
  private final Map<Integer, Long> migrations = new TreeMap<>();
  private final Map<Integer, Long> lpRunNs = new TreeMap<>();
  private final Map<Integer, Long> waitedAtDispatchNs = new TreeMap<>();
  private final Map<Integer, List<Integer>> buckets = new TreeMap<>();
  private final Set<Integer> ofHypervisor = new TreeSet<>();
  private final Map<Integer, Pending> pending = new TreeMap<>();
  private final Map<Integer, Times> whileIntercepted = new TreeMap<>();
  private final Map<Integer, Map<CostKind, Long>> costNs = new TreeMap<>();
  private final Map<Integer, Long> interceptedNs = new TreeMap<>();
  private boolean dispatchedByParent;
  private long nowNs;

  NaiveCounters(Entities entities, Map<Integer, Integer> threadOfVp) {
    this.entities = entities;
    ledger = new NaiveLedger(entities);
    threadOfVp.forEach(ledger::carrier);
  }

  NaiveLedger.Account account(int vp) {
    return ledger.account(vp);
  }

  /// Time on an LP, whatever came of it.
  long heldNs(int vp) {
    NaiveLedger.Account account = ledger.account(vp);
    long lostNs = account.overheadNs().values().stream().mapToLong(Long::longValue).sum();
    return account.runNs() + lostNs;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    pass(timeNs);
    if (kind == TraceKind.READY && b != Entities.NONE && isA(a, EntityKind.VP)) {
      ofHypervisor.add(a);
    }
    ledger.finish(timeNs);
    if (kind == TraceKind.MOVE || kind == TraceKind.ENTER) {
      handled(kind == TraceKind.MOVE ? a : b);
    }
    ledger.event(timeNs, kind, a, b, c, d);
    int intercepted = PreviousState.INTERCEPTED.ordinal();
    if (kind == TraceKind.SWITCH && d == intercepted) {
      pending.put(b, new Pending(timeNs, allTimes(b)));
    } else if (kind == TraceKind.LEAVE && c == intercepted) {
      pending.put(b, new Pending(timeNs, allTimes(b)));
    }
    switch (kind) {
      case SWITCH -> {
        current.put(a, c);
        if (c != Entities.NONE && isA(c, EntityKind.VP)) {
          dispatched(c);
        } else if (entered.containsKey(c)) {
          dispatched(entered.get(c));
        }
      }
      case ENTER -> {
        entered.put(a, b);
        dispatchedByParent = true;
        dispatched(b);
      }
      case LEAVE -> entered.remove(a);
      case COST -> cost(a, CostKind.values()[b], c);
      case READY, MOVE, THROTTLE, UNTHROTTLE, HOLD, UNKNOWN -> {}
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  /// What the hypervisor counts as neither waiting nor running: the VP was suspended.
  private void handled(int vp) {
    Pending over = pending.remove(vp);
    if (over != null) {
      whileIntercepted.merge(vp, allTimes(vp).plus(over.before(), -1), (x, y) -> x.plus(y, 1));
      interceptedNs.merge(vp, nowNs - over.sinceNs(), Long::sum);
    }
  }

  long idleNs(int vp) {
    return ledger.account(vp).blockedNs() + interceptedNs.getOrDefault(vp, 0L);
  }

  private void dispatched(int vp) {
    Times times = times(vp);
    long waitedNs = times.wakeUpNs() + times.contentionNs();
    long sinceNs = waitedNs - waitedAtDispatchNs.getOrDefault(vp, 0L);
    waitedAtDispatchNs.put(vp, waitedNs);
    buckets.computeIfAbsent(vp, _ -> new ArrayList<>()).add(CounterRules.DEFAULT.bucketOf(sinceNs));
  }

  /// Whoever stands between the task and its LP was held, the LP included.
  private void cost(int task, CostKind kind, long ns) {
    for (Entities.Entity lp : entities.all()) {
      if (lp.kind() == EntityKind.LP) {
        List<Integer> chain = chain(lp.id());
        if (chain.getLast() == task) {
          chain.forEach(id -> costs(id).merge(kind, ns, Long::sum));
        }
      }
    }
  }

  private List<Integer> chain(int lp) {
    List<Integer> chain = new ArrayList<>();
    int above = lp;
    while (above != Entities.NONE) {
      chain.add(above);
      above = entered.getOrDefault(above, current.getOrDefault(above, Entities.NONE));
    }
    return chain;
  }

  private Map<CostKind, Long> costs(int id) {
    return costNs.computeIfAbsent(id, _ -> new EnumMap<>(CostKind.class));
  }

  /// What an entity was held for, for costs of these kinds.
  long costNs(int id, CostKind... kinds) {
    return Arrays.stream(kinds).mapToLong(kind -> costs(id).getOrDefault(kind, 0L)).sum();
  }

  /// Whether any VP was entered by its thread.
  boolean dispatchedByParent() {
    return dispatchedByParent;
  }

  private boolean isRule(String path) {
    int id = entities.find(path);
    return id != Entities.NONE && isA(id, EntityKind.RULE);
  }

  private boolean isA(int id, EntityKind kind) {
    return entities.get(id).kind() == kind;
  }

  private void pass(long timeNs) {
    if (timeNs > nowNs) {
      for (Entities.Entity entity : entities.all()) {
        if (entity.kind() == EntityKind.LP) {
          climb(entity.id(), timeNs - nowNs);
        }
      }
      nowNs = timeNs;
    }
  }

  private void climb(int lp, long elapsedNs) {
    int above = current.getOrDefault(lp, Entities.NONE);
    if (above != Entities.NONE) {
      lpRunNs.merge(lp, elapsedNs, Long::sum);
    }
    while (above != Entities.NONE) {
      switch (entities.get(above).kind()) {
        case VP -> {
          Integer before = lastLp.put(above, lp);
          if (before != null && before != lp) {
            migrations.merge(above, 1L, Long::sum);
          }
          above = current.getOrDefault(above, Entities.NONE);
        }
        case THREAD -> above = entered.getOrDefault(above, Entities.NONE);
        case LP, GROUP, TASK, PARTITION, RULE -> above = Entities.NONE;
      }
    }
  }

  void finish(long endNs) {
    pass(endNs);
    ledger.finish(endNs);
    List.copyOf(pending.keySet()).forEach(this::handled);
  }

  long migrations(int vp) {
    return migrations.getOrDefault(vp, 0L);
  }

  long lpRunNs(int lp) {
    return lpRunNs.getOrDefault(lp, 0L);
  }

  List<Long> buckets(int vp) {
    List<Long> counts = new ArrayList<>();
    for (int bucket = 0; bucket < CounterRules.BUCKET_COUNT; bucket++) {
      int wanted = bucket;
      counts.add(buckets.getOrDefault(vp, List.of()).stream().filter(b -> b == wanted).count());
    }
    return counts;
  }

  Times times(int vp) {
    Times times = allTimes(vp);
    return whileIntercepted.containsKey(vp) ? times.plus(whileIntercepted.get(vp), -1) : times;
  }

  /// Whoever became ready on an LP is the hypervisor's to schedule.
  private Times allTimes(int vp) {
    NaiveLedger.Account account = ledger.account(vp);
    boolean byParent = !ofHypervisor.contains(vp);
    long wakeUpNs = account.waitNs(WaitReason.OVERHEAD_SIGNAL);
    long contentionNs = account.waitNs(WaitReason.VMM_THROTTLED);
    long suspendedNs = 0;
    long cappedNs = 0;
    for (Map.Entry<String, Long> theft : theft(account, WaitReason.VMM_QUEUE).entrySet()) {
      if (theft.getKey().equals("idle")) {
        wakeUpNs += theft.getValue();
      } else {
        contentionNs += theft.getValue();
      }
    }
    for (Map.Entry<String, Long> theft : theft(account, WaitReason.HYPERVISOR_WAIT).entrySet()) {
      if (byParent) {
        suspendedNs += theft.getValue();
      } else if (isRule(theft.getKey())) {
        cappedNs += theft.getValue();
      } else if (theft.getKey().equals("idle")) {
        wakeUpNs += theft.getValue();
      } else {
        contentionNs += theft.getValue();
      }
    }
    return new Times(wakeUpNs, contentionNs, suspendedNs, cappedNs);
  }

  private static Map<String, Long> theft(NaiveLedger.Account account, WaitReason reason) {
    return account.theftNs().getOrDefault(reason, Map.of());
  }
}
