package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.predict.Demand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What partitions want, with those of a capped CPU group as one member that weighs what they weigh
/// together and may have no more than the group's cap.
final class CpuGroupDemands {
  private final Scenario scenario;
  private final List<Demand> alone = new ArrayList<>();
  private final Map<String, List<Demand>> members = new LinkedHashMap<>();
  private final Map<String, Long> weights = new LinkedHashMap<>();

  CpuGroupDemands(Scenario scenario) {
    this.scenario = scenario;
  }

  private Optional<CpuGroupSpec> group(PartitionSpec spec) {
    return scenario.cpuGroups().stream()
        .filter(group -> group.name().equals(spec.cpuGroup()))
        .findFirst();
  }

  /// The LPs of a partition, if it may not use all.
  Optional<CpuSet> lps(PartitionSpec spec) {
    return group(spec).flatMap(CpuGroupSpec::lps).or(spec::lps);
  }

  void add(PartitionSpec spec, Demand demand, long weight) {
    if (group(spec).filter(group -> group.cap() < Controls.ONE_LP).isEmpty()) {
      alone.add(demand);
      return;
    }
    members.computeIfAbsent(spec.cpuGroup(), _ -> new ArrayList<>()).add(demand);
    weights.merge(spec.cpuGroup(), weight, Long::sum);
  }

  List<Demand> all() {
    List<Demand> all = new ArrayList<>(alone);
    for (CpuGroupSpec group : scenario.cpuGroups()) {
      List<Demand> within = members.get(group.name());
      if (within != null) {
        long weight = weights.getOrDefault(group.name(), 1L);
        all.add(Demand.group("cpu-group:" + group.name(), weight, within).withLimit(capNs(group)));
      }
    }
    return all;
  }

  private long capNs(CpuGroupSpec group) {
    int lps = group.lps().map(CpuSet::count).orElse(scenario.machine().lpCount());
    return (long) ((double) scenario.durationNs() * lps * group.cap() / Controls.ONE_LP);
  }
}
