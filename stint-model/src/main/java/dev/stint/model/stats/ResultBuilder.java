package dev.stint.model.stats;

import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/// Turns a finished [Ledger] into result records, with the sums for groups and partitions.
///
/// A group sums its tasks and those of the groups below it. A vCPU thread in a group counts as the
/// VP it stands for, under every assembly, and not a second time as itself. A partition sums its
/// own VPs. The theft cells of a group or partition are the sums of its members' cells.
///
/// What no event says is told here before [#entities]: bandwidth periods and entitled shares.
public final class ResultBuilder {
  private final Ledger ledger;
  private final Entities directory;
  private final Map<Integer, List<Integer>> members = new LinkedHashMap<>();
  private final Map<Integer, List<Integer>> containers = new LinkedHashMap<>();
  private final Map<Integer, Periods> periods = new LinkedHashMap<>();
  private final Map<Integer, Double> entitledShares = new LinkedHashMap<>();

  private record Periods(long active, long throttled) {
    static final Periods NONE = new Periods(0, 0);
  }

  private record Cell(int victim, int reason, String occupant, long ns) {}

  /// Results as of `ledger`'s last [Ledger#finish].
  public ResultBuilder(Ledger ledger) {
    this.ledger = ledger;
    directory = ledger.entities();
    for (Entity entity : directory.all()) {
      enlist(entity);
    }
  }

  /// The bandwidth periods of a group (or capped entity): how many were active, and throttled.
  public ResultBuilder periods(int id, long active, long throttled) {
    periods.put(id, new Periods(active, throttled));
    return this;
  }

  /// The part of one processor that this entity was entitled to.
  public ResultBuilder entitledShare(int id, double share) {
    entitledShares.put(id, share);
    return this;
  }

  /// Every entity's account in order of registration; rules have none.
  public List<EntityResult> entities() {
    List<EntityResult> results = new ArrayList<>();
    for (Entity entity : directory.all()) {
      switch (entity.kind()) {
        case LP, VP, THREAD, TASK -> results.add(result(entity, List.of(entity.id())));
        case GROUP, PARTITION ->
            results.add(result(entity, members.getOrDefault(entity.id(), List.of())));
        case RULE -> {}
      }
    }
    return results;
  }

  /// The theft matrix in order of victim, reason, falling time, then occupant.
  public List<Theft> theft() {
    TheftTable own = ledger.accounts().theft();
    TheftTable all = new TheftTable();
    for (long key : own.sortedKeys()) {
      all.add(key, own.ns(key));
      int victim = TheftTable.victim(key);
      for (int container : containers.getOrDefault(victim, List.of())) {
        long cell = TheftTable.key(container, TheftTable.reason(key), TheftTable.occupant(key));
        all.add(cell, own.ns(key));
      }
    }
    List<Cell> cells = new ArrayList<>();
    for (long key : all.sortedKeys()) {
      String occupant = directory.path(TheftTable.occupant(key));
      cells.add(new Cell(TheftTable.victim(key), TheftTable.reason(key), occupant, all.ns(key)));
    }
    cells.sort(
        Comparator.comparingInt(Cell::victim)
            .thenComparingInt(Cell::reason)
            .thenComparing(Cell::ns, Comparator.reverseOrder())
            .thenComparing(Cell::occupant));
    WaitReason[] reasons = WaitReason.values();
    return cells.stream()
        .map(c -> new Theft(directory.path(c.victim), reasons[c.reason], c.occupant, c.ns))
        .toList();
  }

  private void enlist(Entity entity) {
    switch (entity.kind()) {
      case TASK -> enlistInGroups(entity.id(), entity.group());
      case THREAD -> {
        int vp = ledger.vpOf(entity.id());
        enlistInGroups(vp == Entities.NONE ? entity.id() : vp, entity.group());
      }
      case VP -> {
        if (entity.parent() != Entities.NONE) {
          enlist(entity.id(), entity.parent());
        }
      }
      case LP, GROUP, PARTITION, RULE -> {}
    }
  }

  private void enlistInGroups(int member, int group) {
    int above = group;
    while (above != Entities.NONE && directory.get(above).kind() == EntityKind.GROUP) {
      enlist(member, above);
      above = directory.get(above).parent();
    }
  }

  private void enlist(int member, int container) {
    members.computeIfAbsent(container, id -> new ArrayList<>()).add(member);
    containers.computeIfAbsent(member, id -> new ArrayList<>()).add(container);
  }

  private EntityResult result(Entity entity, List<Integer> summed) {
    long runNs = 0;
    long heldNs = 0;
    long blockedNs = 0;
    long unknownNs = 0;
    long dispatches = 0;
    long switches = 0;
    long migrations = 0;
    LatencyHistogram wakeLatency = new LatencyHistogram();
    for (int id : summed) {
      runNs += ledger.runNs(id);
      heldNs += ledger.heldNs(id);
      blockedNs += ledger.blockedNs(id);
      unknownNs += ledger.unknownNs(id);
      dispatches += ledger.dispatches(id);
      switches += ledger.switches(id);
      migrations += ledger.migrations(id);
      wakeLatency.merge(ledger.wakeLatency(id));
    }
    Periods quota = periods.getOrDefault(entity.id(), Periods.NONE);
    return new EntityResult(
        entity.path(),
        entity.kind(),
        ledger.nowNs() * summed.size(),
        runNs,
        blockedNs,
        unknownNs,
        waitsOf(summed),
        overheadOf(summed),
        dispatches,
        switches,
        migrations,
        quota.active,
        quota.throttled,
        wakeLatency.percentiles(),
        ledger.nowNs() == 0 ? 0.0 : (double) heldNs / ledger.nowNs(),
        entitledShareOf(entity.id()),
        metricsOf(summed),
        groupOf(entity));
  }

  private Map<WaitReason, Long> waitsOf(List<Integer> summed) {
    Map<WaitReason, Long> waits = new EnumMap<>(WaitReason.class);
    for (WaitReason reason : WaitReason.values()) {
      long ns = summed.stream().mapToLong(id -> ledger.waitNs(id, reason)).sum();
      if (ns != 0) {
        waits.put(reason, ns);
      }
    }
    return waits;
  }

  private Map<CostKind, Long> overheadOf(List<Integer> summed) {
    Map<CostKind, Long> overheads = new EnumMap<>(CostKind.class);
    for (CostKind kind : CostKind.values()) {
      long ns = summed.stream().mapToLong(id -> ledger.overheadNs(id, kind)).sum();
      if (ns != 0 && kind != CostKind.SMT) {
        overheads.put(kind, ns);
      }
    }
    return overheads;
  }

  private Map<String, Percentiles> metricsOf(List<Integer> summed) {
    Map<String, Percentiles> metrics = new TreeMap<>();
    for (Metric metric : Metric.values()) {
      LatencyHistogram values = new LatencyHistogram();
      summed.forEach(id -> values.merge(ledger.metric(id, metric)));
      if (values.count() != 0) {
        metrics.put(metric.jsonName(), values.percentiles());
      }
    }
    return metrics;
  }

  private OptionalDouble entitledShareOf(int id) {
    Double share = entitledShares.get(id);
    return share == null ? OptionalDouble.empty() : OptionalDouble.of(share);
  }

  private Optional<String> groupOf(Entity entity) {
    OptionalInt group =
        switch (entity.kind()) {
          case TASK, THREAD -> known(entity.group());
          case VP -> {
            int thread = ledger.threadOf(entity.id());
            yield thread == Entities.NONE
                ? OptionalInt.empty()
                : known(directory.get(thread).group());
          }
          case GROUP ->
              entity.parent() != Entities.NONE
                      && directory.get(entity.parent()).kind() == EntityKind.GROUP
                  ? OptionalInt.of(entity.parent())
                  : OptionalInt.empty();
          case LP, PARTITION, RULE -> OptionalInt.empty();
        };
    return group.isEmpty() ? Optional.empty() : Optional.of(directory.path(group.getAsInt()));
  }

  private static OptionalInt known(int id) {
    return id == Entities.NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
