package dev.stint.report;

import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which combinations of the assumed parameters to try: the scenario's own first.
///
/// @param parameters the values of every parameter that can matter, the scenario's own first
/// @param combinations all different
/// @param full whether these are all there are
public record SensitivityPlan(
    Map<String, List<String>> parameters, List<Combination> combinations, boolean full) {
  /// How many combinations are drawn beside those that change one parameter.
  static final int SAMPLES = 12;

  /// Copies the collections, keeping their order.
  public SensitivityPlan {
    parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    combinations = List.copyOf(combinations);
  }

  /// Every combination.
  public static SensitivityPlan full(Scenario scenario, List<Assembly> assemblies) {
    Map<String, List<String>> parameters = parameters(scenario, assemblies);
    List<Map<String, String>> all = List.of(Map.of());
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> begun : all) {
        for (String value : parameter.getValue()) {
          Map<String, String> more = new LinkedHashMap<>(begun);
          more.put(parameter.getKey(), value);
          longer.add(more);
        }
      }
      all = longer;
    }
    return new SensitivityPlan(parameters, all.stream().map(Combination::new).toList(), true);
  }

  /// Each parameter alone over its values, then a Latin hypercube sample: over the samples every
  /// parameter takes all of its values equally often, as nearly as possible, in an order drawn from
  /// the scenario's seed.
  public static SensitivityPlan sampled(Scenario scenario, List<Assembly> assemblies) {
    Map<String, List<String>> parameters = parameters(scenario, assemblies);
    Map<String, String> base = new LinkedHashMap<>();
    parameters.forEach((name, values) -> base.put(name, values.getFirst()));
    Set<Combination> combinations = new LinkedHashSet<>(List.of(new Combination(base)));
    parameters.forEach((name, values) -> {
      for (String value : values) {
        Map<String, String> changed = new LinkedHashMap<>(base);
        changed.put(name, value);
        combinations.add(new Combination(changed));
      }
    });
    combinations.addAll(latinSample(parameters, scenario.seed()));
    long possible = 1;
    for (List<String> values : parameters.values()) {
      possible *= values.size();
    }
    return new SensitivityPlan(
        parameters, List.copyOf(combinations), combinations.size() == possible);
  }

  private static List<Combination> latinSample(Map<String, List<String>> parameters, long seed) {
    List<Map<String, String>> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      samples.add(new LinkedHashMap<>());
    }
    parameters.forEach((name, values) -> {
      RandomStream random = new Simulation(seed).random().stream("sensitivity/" + name);
      List<String> column = new ArrayList<>();
      for (int i = 0; i < SAMPLES; i++) {
        column.add((int) random.nextBelow(i + 1), values.get(i % values.size()));
      }
      for (int i = 0; i < SAMPLES; i++) {
        samples.get(i).put(name, column.get(i));
      }
    });
    return samples.stream().map(Combination::new).toList();
  }

  private static Map<String, List<String>> parameters(
      Scenario scenario, List<Assembly> assemblies) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (Assumption assumption : Assumption.values()) {
      if (assumption.matters(scenario, assemblies)) {
        parameters.put(assumption.text(), assumption.values(scenario));
      }
    }
    return parameters;
  }
}
