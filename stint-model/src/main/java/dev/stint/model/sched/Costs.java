package dev.stint.model.sched;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// What scheduling itself costs: how long each step takes that gets no work done, and how much two
/// hardware threads of a core slow each other down.
///
/// @param times what is not in the map takes no time
/// @param smtPermille how fast a hardware thread progresses while a sibling is busy, in thousandths
///   of its speed alone: 1 to 1000
public record Costs(Map<CostParameter, Cost> times, int smtPermille) {
  /// Full speed: hardware threads do not slow each other down.
  public static final int FULL_PACE = 1_000;

  /// Two threads of a core get 1.3 times the work of one done (R16: sysbench on one core, 864 with
  /// both hardware threads to 1307 with one, events/s; facts: about 0.65 each).
  public static final int TYPICAL_SMT_PERMILLE = 650;

  /// Nothing costs anything: the preset `none`.
  public static final Costs NONE = new Costs(Map.of(), FULL_PACE);

  /// Every cost at its default: the preset `typical`.
  public static final Costs TYPICAL = typicalCosts();

  /// Copies the map without its zeros and validates the range.
  public Costs {
    if (smtPermille < 1 || smtPermille > FULL_PACE) {
      throw new IllegalArgumentException("an SMT factor is 0.001 to 1: " + smtPermille);
    }
    Map<CostParameter, Cost> copy = new EnumMap<>(CostParameter.class);
    times.forEach((parameter, cost) -> {
      if (!cost.equals(Cost.ZERO)) {
        copy.put(parameter, cost);
      }
    });
    times = Collections.unmodifiableMap(copy);
  }

  private static Costs typicalCosts() {
    Map<CostParameter, Cost> times = new EnumMap<>(CostParameter.class);
    for (CostParameter parameter : CostParameter.values()) {
      times.put(parameter, parameter.typical());
    }
    return new Costs(times, TYPICAL_SMT_PERMILLE);
  }

  /// The cost of this.
  public Cost of(CostParameter parameter) {
    return times.getOrDefault(parameter, Cost.ZERO);
  }

  /// These costs with another value for one.
  public Costs with(CostParameter parameter, Cost cost) {
    Map<CostParameter, Cost> changed = new EnumMap<>(CostParameter.class);
    changed.putAll(times);
    changed.put(parameter, cost);
    return new Costs(changed, smtPermille);
  }

  /// These costs with another SMT factor, in thousandths.
  public Costs withSmt(int permille) {
    return new Costs(times, permille);
  }

  /// What a result is to say of these costs: the preset's name as `costs` (`none`, `typical`, or
  /// `custom`), and unless none every value, as `costs.tick` and so on.
  public Map<String, String> assumed() {
    Map<String, String> assumed = new LinkedHashMap<>();
    assumed.put("costs", free() ? "none" : equals(TYPICAL) ? "typical" : "custom");
    if (free()) {
      return assumed;
    }
    for (CostParameter parameter : CostParameter.values()) {
      assumed.put("costs." + parameter.text(), of(parameter).text());
    }
    assumed.put("costs.smt-factor", smtText());
    return assumed;
  }

  /// The SMT factor as a scenario has it, such as `0.65`.
  public String smtText() {
    return BigDecimal.valueOf(smtPermille, 3).stripTrailingZeros().toPlainString();
  }

  /// Whether nothing costs anything.
  public boolean free() {
    return times.isEmpty() && smtPermille == FULL_PACE;
  }
}
