package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cuts partitions into scheduling units, and knows their families and shares.
final class UnitCutter {
  private final HypervisorConfig config;
  private final Slots slots;
  private final Weights weights;
  private final Map<Integer, Family> familyOf = new LinkedHashMap<>();

  UnitCutter(HypervisorConfig config, Slots slots, Weights weights) {
    this.config = config;
    this.slots = slots;
    this.weights = weights;
  }

  /// As [HypervisorScheduler#refusal].
  Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore) {
    int size = slots.unitSize(threadsPerCore);
    CpuSet usable = slots.usable(lps, size);
    if (usable.isEmpty()) {
      return Optional.of("no core has all the LPs that a virtual core needs");
    }
    int unitCount = (request.vpCount() + size - 1) / size;
    if (pinned(request.integrated()) && unitCount > usable.count()) {
      return Optional.of("a pinned L1VH needs an LP for every VP");
    }
    return Optional.empty();
  }

  private boolean pinned(boolean integrated) {
    return config.l1vhPinned() && integrated;
  }

  /// A root partition has one VP per LP, and each keeps its own (Microsoft: "Hyper-V minroot").
  private boolean pinned(Partition partition, int size, CpuSet usable) {
    int unitCount = (partition.vps().size() + size - 1) / size;
    boolean root = partition.kind() == Partition.Kind.ROOT && unitCount <= usable.count();
    return root || pinned(partition.integrated());
  }

  /// The units of a partition, in order of their VPs.
  List<SchedulingUnit> cut(Partition partition) {
    List<SchedulingUnit> units = new ArrayList<>();
    List<VirtualProcessor> vps = partition.vps();
    int size = slots.unitSize(partition.threadsPerCore());
    CpuSet usable = slots.usable(partition.lps(), size);
    Family family = family(partition);
    boolean pinned = pinned(partition, size, usable);
    Share share = pinned ? Share.NONE : newShare(partition, usable, family);
    int slot = -1;
    for (int from = 0; from < vps.size(); from += size) {
      if (pinned) {
        slot = usable.next(slot + 1);
        share = newShare(partition, CpuSet.of(slot), family);
      }
      int to = Math.min(from + size, vps.size());
      VirtualProcessor[] members = vps.subList(from, to).toArray(new VirtualProcessor[0]);
      units.add(new SchedulingUnit(members, share, share.slots));
      if (partition.kind() == Partition.Kind.L1VH) {
        family.ownWeight += partition.controls().weight();
        family.ownUnits++;
      }
    }
    return units;
  }

  /// `partition` is gone.
  void forget(Partition partition) {
    familyOf.remove(partition.id());
  }

  private Family family(Partition partition) {
    boolean owner = partition.kind() == Partition.Kind.L1VH;
    Optional<Partition> parent = partition.parent().filter(p -> p.kind() == Partition.Kind.L1VH);
    if (config.familyShare() == FamilyShare.OWN || (!owner && parent.isEmpty())) {
      return Family.NONE;
    }
    return familyOf.computeIfAbsent(owner ? partition.id() : parent.get().id(), id -> newFamily());
  }

  private Family newFamily() {
    return new Family(slots.count(), config.rotation() == Rotation.ROUND_ROBIN);
  }

  private Share newShare(Partition partition, CpuSet usable, Family family) {
    Share share = new Share(partition.path(), partition.controls().weight(), usable, family);
    weights.add(share);
    return share;
  }
}
