package dev.stint.model.hypervisor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The oracle's effective weights: one unit at a time, straight from the rules.
final class NaiveWeights {
  private NaiveWeights() {}

  static Map<NaiveUnit, Long> of(List<NaiveUnit> units, HypervisorConfig config) {
    Map<NaiveUnit, Long> weights = new LinkedHashMap<>();
    for (NaiveUnit unit : units) {
      if (unit.active()) {
        weights.put(unit, familyWeight(unit, units, config));
      }
    }
    if (config.rotation() == Rotation.ROUND_ROBIN) {
      List<NaiveUnit> left = new ArrayList<>(units);
      while (!left.isEmpty()) {
        fit(component(left), weights);
      }
    }
    return weights;
  }

  private static long familyWeight(NaiveUnit unit, List<NaiveUnit> units, HypervisorConfig config) {
    long weight = unit.partition.controls().weight();
    Partition head = head(unit.partition);
    if (config.familyShare() == FamilyShare.OWN || head.kind() != Partition.Kind.L1VH) {
      return weight << 20;
    }
    long own = 0;
    long active = 0;
    for (NaiveUnit other : units) {
      own += other.partition == head ? head.controls().weight() : 0;
      boolean counts = other.active() && head(other.partition) == head;
      active += counts ? other.partition.controls().weight() : 0;
    }
    return Math.max(1024, active > own ? (weight * own << 20) / active : weight << 20);
  }

  private static Partition head(Partition partition) {
    return partition
        .parent()
        .filter(parent -> parent.kind() == Partition.Kind.L1VH)
        .orElse(partition);
  }

  /* Takes out of `left` all units that share slots with the first, directly or not. */
  private static List<NaiveUnit> component(List<NaiveUnit> left) {
    List<NaiveUnit> component = new ArrayList<>(List.of(left.remove(0)));
    for (int i = 0; i < component.size(); i++) {
      NaiveUnit unit = component.get(i);
      for (NaiveUnit other : List.copyOf(left)) {
        if (!other.slots.and(unit.slots).isEmpty()) {
          left.remove(other);
          component.add(other);
        }
      }
    }
    return component;
  }

  private static void fit(List<NaiveUnit> component, Map<NaiveUnit, Long> weights) {
    long slots =
        component.stream().map(unit -> unit.slots).reduce((a, b) -> a.or(b)).orElseThrow().count();
    List<NaiveUnit> heaviestFirst =
        component.stream()
            .filter(NaiveUnit::active)
            .sorted(Comparator.comparing((NaiveUnit unit) -> weights.get(unit)).reversed())
            .toList();
    long rest = heaviestFirst.stream().mapToLong(weights::get).sum();
    List<NaiveUnit> limited = new ArrayList<>();
    for (NaiveUnit unit : heaviestFirst) {
      if (weights.get(unit) * slots > rest) {
        limited.add(unit);
        slots--;
        rest -= weights.get(unit);
      }
    }
    if (!limited.isEmpty()) {
      long most = rest > 0 ? rest / slots : weights.get(limited.getLast());
      limited.forEach(unit -> weights.put(unit, most));
    }
  }
}
