package dev.stint.report;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.FamilyShare;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.hypervisor.Rotation;
import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.Costs;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.time.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What is assumed about the machine because it is not public, and the values that a sensitivity
/// sweep gives it.
enum Assumption {
  /// How long a VP may run before another gets the LP: 1 to 100 ms.
  TIME_SLICE("hypervisor.time-slice"),
  /// Over which LPs a waiting VP is moved.
  ROTATION("hypervisor.rotation"),
  /// Whether a VP that becomes ready preempts.
  WAKE_PREEMPTION("hypervisor.wake-preemption"),
  /// What an L1VH's children draw on.
  FAMILY_SHARE("hypervisor.family-share"),
  /// Over which time caps and reserves hold: 10 to 100 ms.
  WINDOW("hypervisor.window"),
  /// Whether an L1VH's VPs are fixed to LPs under the integrated scheduler.
  L1VH_VPS("hypervisor.l1vh-vps"),
  /// What scheduling costs: nothing, the typical costs, or twice those.
  COSTS("costs");

  private static final List<Long> SLICES_MS = List.of(1L, 3L, 10L, 30L, 100L);
  private static final List<Long> WINDOWS_MS = List.of(10L, 30L, 100L);

  private final String text;

  Assumption(String text) {
    this.text = text;
  }

  /// The name in scenarios and results.
  String text() {
    return text;
  }

  /// Whether it can matter for `scenario` under these assemblies at all.
  boolean matters(Scenario scenario, List<Assembly> assemblies) {
    boolean scheduled = assemblies.stream().anyMatch(this::matters);
    return scheduled
        && switch (this) {
          case TIME_SLICE, ROTATION, WAKE_PREEMPTION -> true;
          case FAMILY_SHARE -> l1vh(scenario, 1);
          case L1VH_VPS -> l1vh(scenario, 0);
          case COSTS -> true;
          case WINDOW ->
              !scenario.cpuGroups().isEmpty()
                  || scenario.partitions().stream().anyMatch(Assumption::limited);
        };
  }

  /// Whether it can matter under `assembly`.
  boolean matters(Assembly assembly) {
    return this == COSTS
        || (assembly.policy().controls() && (this != L1VH_VPS || assembly == Assembly.INTEGRATED));
  }

  private static boolean l1vh(Scenario scenario, int leastChildren) {
    return scenario.partitions().stream()
        .anyMatch(p -> p.kind() == PartitionKind.L1VH && p.children().size() >= leastChildren);
  }

  private static boolean limited(PartitionSpec spec) {
    return spec.controls().cap() < Controls.ONE_LP
        || spec.controls().reserve() > 0
        || spec.children().stream().anyMatch(Assumption::limited);
  }

  /// The values to try: the scenario's own first.
  List<String> values(Scenario scenario) {
    String own = value(scenario);
    List<String> values = new ArrayList<>(List.of(own));
    all().stream().filter(value -> !value.equals(own)).forEach(values::add);
    return values;
  }

  private List<String> all() {
    return switch (this) {
      case TIME_SLICE -> SLICES_MS.stream().map(ms -> Time.format(ms * Time.MS)).toList();
      case WINDOW -> WINDOWS_MS.stream().map(ms -> Time.format(ms * Time.MS)).toList();
      case ROTATION -> Arrays.stream(Rotation.values()).map(Rotation::text).toList();
      case WAKE_PREEMPTION -> List.of("false", "true");
      case FAMILY_SHARE -> Arrays.stream(FamilyShare.values()).map(FamilyShare::text).toList();
      case L1VH_VPS -> List.of("scheduled", "pinned");
      case COSTS -> List.of("none", "typical", "double");
    };
  }

  /// The value in a scenario.
  String value(Scenario scenario) {
    HypervisorConfig config = scenario.hypervisor();
    return switch (this) {
      case TIME_SLICE -> Time.format(config.timeSliceNs());
      case WINDOW -> Time.format(config.windowNs());
      case ROTATION -> config.rotation().text();
      case WAKE_PREEMPTION -> Boolean.toString(config.wakePreemption());
      case FAMILY_SHARE -> config.familyShare().text();
      case L1VH_VPS -> config.l1vhPinned() ? "pinned" : "scheduled";
      case COSTS -> name(scenario.costs());
    };
  }

  private static String name(Costs costs) {
    if (costs.equals(Costs.NONE)) {
      return "none";
    }
    return costs.equals(Costs.TYPICAL) ? "typical" : "as written";
  }

  /// The scenario with this value, one of [#values].
  Scenario with(Scenario scenario, String value) {
    return switch (this) {
      case COSTS -> scenario.withCosts(costs(scenario.costs(), value));
      case TIME_SLICE, ROTATION, WAKE_PREEMPTION, FAMILY_SHARE, WINDOW, L1VH_VPS ->
          scenario.withHypervisor(with(scenario.hypervisor(), value));
    };
  }

  private static Costs costs(Costs own, String value) {
    return switch (value) {
      case "none" -> Costs.NONE;
      case "typical" -> Costs.TYPICAL;
      case "double" -> twice(Costs.TYPICAL);
      default -> own;
    };
  }

  private static Costs twice(Costs costs) {
    Costs twice = costs;
    for (Map.Entry<CostParameter, Cost> time : costs.times().entrySet()) {
      Cost cost = time.getValue();
      twice = twice.with(time.getKey(), new Cost(2 * cost.minNs(), 2 * cost.meanNs()));
    }
    return twice;
  }

  private HypervisorConfig with(HypervisorConfig config, String value) {
    return new HypervisorConfig(
        this == TIME_SLICE ? ns(config.timeSliceNs(), SLICES_MS, value) : config.timeSliceNs(),
        this == WINDOW ? ns(config.windowNs(), WINDOWS_MS, value) : config.windowNs(),
        this == ROTATION
            ? Arrays.stream(Rotation.values())
                .filter(rotation -> rotation.text().equals(value))
                .findFirst()
                .orElseThrow()
            : config.rotation(),
        this == WAKE_PREEMPTION ? Boolean.parseBoolean(value) : config.wakePreemption(),
        this == FAMILY_SHARE
            ? Arrays.stream(FamilyShare.values())
                .filter(share -> share.text().equals(value))
                .findFirst()
                .orElseThrow()
            : config.familyShare(),
        this == L1VH_VPS ? value.equals("pinned") : config.l1vhPinned(),
        config.longSpinNs());
  }

  private static long ns(long ownNs, List<Long> triedMs, String value) {
    return triedMs.stream()
        .map(ms -> ms * Time.MS)
        .filter(ns -> Time.format(ns).equals(value))
        .findFirst()
        .orElse(ownNs);
  }
}
