package dev.stint.host.standin;

import dev.stint.host.live.CannotRunLive;
import dev.stint.host.live.HostMachine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the model says of the L1VH's cgroups, in percent of what all of them get.
///
/// @param shares by cgroup, in the window after the warm-up
/// @param asked what they are entitled to by weights, limits and CPUs
record StandInPrediction(Map<String, Double> shares, Map<String, Double> asked) {
  static StandInPrediction of(StandInPlan plan, HostMachine host, Assembly assembly, long warmUpNs)
      throws CannotRunLive {
    long windowNs = plan.scenario().durationNs();
    RunResult before = run(plan, host, assembly, warmUpNs);
    RunResult result = run(plan, host, assembly, warmUpNs + windowNs);
    Map<String, Double> shares = new LinkedHashMap<>();
    Map<String, Double> asked = new LinkedHashMap<>();
    for (String family : plan.families()) {
      String path = plan.l1vh().name() + "/cgroup:" + family;
      EntityResult entity = entity(result, path);
      shares.put(family, (double) entity.runNs() - entity(before, path).runNs());
      asked.put(family, entity.entitledShare().orElse(0));
    }
    return new StandInPrediction(percent(shares), percent(asked));
  }

  private static Map<String, Double> percent(Map<String, Double> parts) {
    double sum = parts.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Double> percent = new LinkedHashMap<>();
    parts.forEach((name, part) -> percent.put(name, sum > 0 ? 100 * part / sum : 0));
    return percent;
  }

  private static RunResult run(
      StandInPlan plan, HostMachine host, Assembly assembly, long lastingNs) throws CannotRunLive {
    try {
      return Experiment.run(here(plan, host, lastingNs), assembly, RunOptions.DEFAULT);
    } catch (CannotAssemble e) {
      throw CannotRunLive.scenario(String.valueOf(e.getMessage()));
    }
  }

  private static EntityResult entity(RunResult result, String path) {
    return result
        .entity(path)
        .orElseThrow(() -> new IllegalStateException("the model has no " + path));
  }

  /// The scenario with this machine's kernel as the L1VH's.
  private static Scenario here(StandInPlan plan, HostMachine host, long lastingNs) {
    Scenario scenario = plan.scenario();
    PartitionSpec l1vh = plan.l1vh();
    PartitionSpec adapted =
        new PartitionSpec(
            l1vh.name(),
            l1vh.kind(),
            l1vh.vps(),
            l1vh.threadsPerCore(),
            l1vh.controls(),
            l1vh.lps(),
            l1vh.group(),
            l1vh.affinity(),
            host.linux(),
            l1vh.groups(),
            l1vh.tasks(),
            l1vh.children());
    return new Scenario(
        scenario.name(),
        scenario.description(),
        scenario.seed(),
        lastingNs,
        scenario.machine(),
        scenario.hypervisor(),
        scenario.costs(),
        scenario.kvm(),
        List.of(),
        List.of(adapted),
        scenario.under());
  }
}
