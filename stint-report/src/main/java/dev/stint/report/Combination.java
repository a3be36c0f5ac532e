package dev.stint.report;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One choice of the assumed parameters.
///
/// @param values by name, those that are swept
public record Combination(Map<String, String> values) {
  /// Copies the map, keeping its order.
  public Combination {
    values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// The scenario as it is run under `assembly` with these assumptions. One that cannot matter
  /// under it keeps the scenario's value, so that equal runs are equal scenarios.
  public Scenario apply(Scenario scenario, Assembly assembly) {
    return with(scenario, List.of(assembly));
  }

  /// The scenario with all of these assumptions.
  Scenario apply(Scenario scenario) {
    return with(scenario, List.of(Assembly.values()));
  }

  private Scenario with(Scenario scenario, List<Assembly> assemblies) {
    Scenario changed = scenario;
    for (Assumption assumption : Assumption.values()) {
      String value = values.get(assumption.text());
      if (value != null && assemblies.stream().anyMatch(assumption::matters)) {
        changed = assumption.with(changed, value);
      }
    }
    return changed;
  }

  /// What differs from `base`, for people: `time-slice 1ms, rotation ideal-processor`; or `as
  /// assumed`.
  String differenceFrom(Combination base) {
    List<String> differences = new ArrayList<>();
    values.forEach((name, value) -> {
      if (!value.equals(base.values.get(name))) {
        differences.add(shortName(name) + " " + value);
      }
    });
    return differences.isEmpty() ? "as assumed" : String.join(", ", differences);
  }

  /// The name without the layer it belongs to.
  static String shortName(String name) {
    return name.substring(name.indexOf('.') + 1);
  }
}
