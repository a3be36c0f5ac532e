package dev.stint.scenario;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// A named figure of an entity's account, such as `share`, `wait.hypervisor.wait`, `wake_p99`,
/// `metric.response_ns.p50`.
///
/// Fractions of wall are of the entity's own wall time: for a group or a partition that is the sum
/// over its members.
final class Figure {
  private static final Map<String, Figure> KNOWN = known();

  private final String name;
  private final FigureUnit unit;
  private final Function<EntityResult, OptionalDouble> of;

  private Figure(String name, FigureUnit unit, Function<EntityResult, OptionalDouble> of) {
    this.name = name;
    this.unit = unit;
    this.of = of;
  }

  /// The figure with this name.
  static Optional<Figure> named(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }

  /// All names, in an order for people.
  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  String name() {
    return name;
  }

  FigureUnit unit() {
    return unit;
  }

  /// Its value for an entity; empty where it is not defined, such as a percentile of no values.
  OptionalDouble of(EntityResult entity) {
    return of.apply(entity);
  }

  private static Map<String, Figure> known() {
    List<Figure> figures = new ArrayList<>();
    figures.add(fraction("share", entity -> OptionalDouble.of(entity.share())));
    figures.add(fraction("entitled_share", EntityResult::entitledShare));
    figures.add(fraction("entitled_error", Figure::entitledError));
    figures.add(ofWall("run", EntityResult::runNs));
    figures.add(ofWall("blocked", EntityResult::blockedNs));
    figures.add(ofWall("wait", EntityResult::totalWaitNs));
    figures.add(ofWall("steal", entity -> waitNs(entity, WaitReason.HYPERVISOR_WAIT)));
    for (WaitReason reason : WaitReason.values()) {
      figures.add(ofWall("wait." + reason.text(), entity -> waitNs(entity, reason)));
    }
    figures.add(ofWall("overhead", EntityResult::totalOverheadNs));
    figures.add(
        fraction("throttled_ratio", entity -> ratio(entity.throttledPeriods(), entity.periods())));
    figures.add(plain("wall_ns", FigureUnit.DURATION, EntityResult::wallNs));
    figures.add(plain("run_ns", FigureUnit.DURATION, EntityResult::runNs));
    figures.add(plain("blocked_ns", FigureUnit.DURATION, EntityResult::blockedNs));
    for (WaitReason reason : WaitReason.values()) {
      figures.add(
          plain("wait_ns." + reason.text(), FigureUnit.DURATION, entity -> waitNs(entity, reason)));
    }
    figures.add(plain("overhead_ns", FigureUnit.DURATION, EntityResult::totalOverheadNs));
    for (CostKind kind : CostKind.values()) {
      figures.add(
          plain(
              "overhead_ns." + kind.text(),
              FigureUnit.DURATION,
              entity -> entity.overheadNs().getOrDefault(kind, 0L)));
    }
    figures.add(plain("dispatches", FigureUnit.COUNT, EntityResult::dispatches));
    figures.add(plain("switches", FigureUnit.COUNT, EntityResult::switches));
    figures.add(plain("migrations", FigureUnit.COUNT, EntityResult::migrations));
    figures.add(plain("periods", FigureUnit.COUNT, EntityResult::periods));
    figures.add(plain("throttled_periods", FigureUnit.COUNT, EntityResult::throttledPeriods));
    addDistribution(figures, "wake_", entity -> Optional.of(entity.wakeLatency()));
    for (Metric metric : Metric.values()) {
      addDistribution(
          figures,
          "metric." + metric.jsonName() + ".",
          entity -> Optional.ofNullable(entity.metrics().get(metric.jsonName())));
    }
    Map<String, Figure> byName = new LinkedHashMap<>();
    figures.forEach(figure -> byName.put(figure.name, figure));
    return byName;
  }

  private static void addDistribution(
      List<Figure> figures, String prefix, Function<EntityResult, Optional<Percentiles>> of) {
    figures.add(
        new Figure(
            prefix + "count",
            FigureUnit.COUNT,
            entity -> OptionalDouble.of(of.apply(entity).map(Percentiles::count).orElse(0L))));
    Map<String, ToDoubleFunction<Percentiles>> statistics = new LinkedHashMap<>();
    statistics.put("mean", values -> (double) values.sumNs() / values.count());
    statistics.put("min", Percentiles::minNs);
    statistics.put("p50", Percentiles::p50Ns);
    statistics.put("p90", Percentiles::p90Ns);
    statistics.put("p99", Percentiles::p99Ns);
    statistics.put("p999", Percentiles::p999Ns);
    statistics.put("max", Percentiles::maxNs);
    statistics.forEach((name, statistic) ->
        figures.add(
            new Figure(
                prefix + name,
                FigureUnit.DURATION,
                entity ->
                    of.apply(entity)
                        .filter(values -> values.count() > 0)
                        .map(values -> OptionalDouble.of(statistic.applyAsDouble(values)))
                        .orElse(OptionalDouble.empty()))));
  }

  private static Figure fraction(String name, Function<EntityResult, OptionalDouble> of) {
    return new Figure(name, FigureUnit.FRACTION, of);
  }

  private static Figure ofWall(String name, ToDoubleFunction<EntityResult> ns) {
    return fraction(name, entity -> ratio(ns.applyAsDouble(entity), entity.wallNs()));
  }

  private static Figure plain(String name, FigureUnit unit, ToDoubleFunction<EntityResult> value) {
    return new Figure(name, unit, entity -> OptionalDouble.of(value.applyAsDouble(entity)));
  }

  private static double waitNs(EntityResult entity, WaitReason reason) {
    return entity.waitNs().getOrDefault(reason, 0L);
  }

  /// By how much of its entitled share an entity got more (positive) or less (negative).
  private static OptionalDouble entitledError(EntityResult entity) {
    OptionalDouble entitled = entity.entitledShare();
    return entitled.isPresent()
        ? ratio(entity.share() - entitled.getAsDouble(), entitled.getAsDouble())
        : entitled;
  }

  private static OptionalDouble ratio(double part, double whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of(part / whole);
  }
}
