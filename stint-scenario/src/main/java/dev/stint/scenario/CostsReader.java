package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.Costs;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Reads `costs:`, a preset by name, or single costs over a preset.
final class CostsReader {
  static final String PRESET = "preset";
  static final String SMT_FACTOR = "smt-factor";

  private static final Map<String, Costs> PRESETS = presets();
  private static final Pattern FACTOR = Pattern.compile("0\\.\\d{1,3}|1(\\.0{1,3})?");
  private static final List<String> TIMES = List.of("min", "mean");

  private final Problems problems;

  private CostsReader(Problems problems) {
    this.problems = problems;
  }

  private static Map<String, Costs> presets() {
    Map<String, Costs> presets = new LinkedHashMap<>();
    presets.put("none", Costs.NONE);
    presets.put("typical", Costs.TYPICAL);
    return presets;
  }

  /// The costs of a scenario; none when the key is absent.
  static Costs read(Problems problems, Fields scenario) {
    return scenario.find("costs").map(new CostsReader(problems)::costs).orElse(Costs.NONE);
  }

  private Costs costs(Tree tree) {
    if (tree instanceof Tree.Scalar name && !name.isNull()) {
      return Fields.choice(problems, name, "costs", PRESETS).orElse(Costs.NONE);
    }
    List<String> keys = new ArrayList<>(List.of(PRESET, SMT_FACTOR));
    for (CostParameter parameter : CostParameter.values()) {
      keys.add(parameter.text());
    }
    Fields fields = Fields.of(problems, tree, "costs", keys);
    Costs costs = fields.choice(PRESET, PRESETS, Costs.NONE);
    for (CostParameter parameter : CostParameter.values()) {
      Optional<Cost> cost = cost(fields, parameter.text());
      if (cost.isPresent()) {
        costs = costs.with(parameter, cost.get());
      }
    }
    return costs.withSmt(smtPermille(fields, costs.smtPermille()));
  }

  private Optional<Cost> cost(Fields fields, String key) {
    Optional<Tree> value = fields.find(key);
    if (value.isPresent() && value.get() instanceof Tree.Mapping) {
      Fields times = fields.fields(key, key, TIMES);
      long minNs = time(times, "min").orElse(0);
      OptionalLong meanNs = time(times, "mean");
      if (meanNs.isEmpty() && !times.has("mean")) {
        problems.add(
            DiagnosticCode.MISSING,
            times.at(),
            "",
            key + " has no mean",
            "Write `" + key + ": {min: 1us, mean: 2us}`, or one duration");
      }
      if (meanNs.isPresent() && meanNs.getAsLong() < minNs) {
        problems.add(
            DiagnosticCode.DURATION_RANGE,
            times.at("mean"),
            "",
            "the mean of " + key + " is below its min",
            "Write a mean from min upwards");
        return Optional.empty();
      }
      return meanNs.isPresent() ? Optional.of(new Cost(minNs, meanNs.getAsLong())) : fixed(minNs);
    }
    OptionalLong ns = value.isPresent() ? time(fields, key) : OptionalLong.empty();
    return ns.isPresent() ? fixed(ns.getAsLong()) : Optional.empty();
  }

  private static Optional<Cost> fixed(long ns) {
    return Optional.of(Cost.fixed(ns));
  }

  private static OptionalLong time(Fields fields, String key) {
    return fields.durationNs(key, 0, Cost.MAX_NS, DiagnosticCode.DURATION_RANGE);
  }

  private int smtPermille(Fields fields, int fallback) {
    Optional<Tree.Scalar> scalar = fields.scalar(SMT_FACTOR);
    if (scalar.isEmpty()) {
      return fallback;
    }
    String text = scalar.get().text();
    int permille =
        FACTOR.matcher(text).matches() ? new BigDecimal(text).movePointRight(3).intValue() : 0;
    if (permille == 0) {
      problems.add(
          DiagnosticCode.RANGE,
          scalar.get(),
          SMT_FACTOR + " is 0.001 to 1 and got " + quoted(text),
          "Write the speed of a hardware thread beside a busy one, such as 0.65");
      return fallback;
    }
    return permille;
  }
}
