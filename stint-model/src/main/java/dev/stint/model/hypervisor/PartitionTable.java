package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// All partitions of a machine, and who may name whom.
///
/// The root partition is always there, with every LP and every page; a machine whose root partition
/// is not simulated has one that never runs.
final class PartitionTable {
  /* Children of a top-level partition P have identities from P << CHILD_SHIFT on. */
  private static final int CHILD_SHIFT = 20;

  private final long machinePages;
  private final Map<Long, Partition> byId = new TreeMap<>();
  private final List<Partition> listed = new ArrayList<>();
  private Partition root;

  PartitionTable(int lpCount, long machinePages) {
    this.machinePages = machinePages;
    PartitionRequest request = PartitionRequest.of("root", Partition.Kind.ROOT, 0);
    root = Partition.ofMachine(Entities.NONE, request, CpuSet.range(0, lpCount), machinePages);
    root.enter(PartitionState.ACTIVE);
    byId.put(root.partitionId(), root);
  }

  /// The root partition.
  Partition root() {
    return root;
  }

  /// Whether the root partition is simulated.
  boolean rootRuns() {
    return root.vpCount() > 0;
  }

  /// The root partition gets VPs of its own.
  void install(Partition newRoot) {
    root = newRoot;
    byId.put(root.partitionId(), root);
    listed.add(root);
  }

  /// All that are simulated, in order of creation.
  List<Partition> listed() {
    return List.copyOf(listed);
  }

  boolean contains(Partition partition) {
    return find(partition.partitionId()).filter(found -> found == partition).isPresent();
  }

  Optional<Partition> find(long partitionId) {
    return Optional.ofNullable(byId.get(partitionId));
  }

  /// Who created `partition`: the root partition where nobody else did.
  Partition ownerOf(Partition partition) {
    return partition.parent().orElse(root);
  }

  /// The partition that `caller` names by this identity: itself, or one that it created. The root
  /// partition may name every other. Whatever else exists is as absent as what does not, so that no
  /// status tells one guest of another.
  Optional<Partition> named(Partition caller, long partitionId) {
    if (partitionId == Property.SELF) {
      return Optional.of(caller);
    }
    return find(partitionId).filter(p -> p == caller || caller == root || ownerOf(p) == caller);
  }

  /// As [#named], without the caller itself.
  Optional<Partition> child(Partition caller, long partitionId) {
    return named(caller, partitionId).filter(p -> p != caller);
  }

  /// The partitions that `owner` created, in order of identity.
  List<Partition> childrenOf(Partition owner) {
    return byId.values().stream().filter(p -> p != owner && ownerOf(p) == owner).toList();
  }

  boolean hasChildren(Partition owner) {
    return owner == root ? byId.size() > 1 : owner.hasChildren();
  }

  /// The identity of the next partition that `owner` creates. It depends on nothing that others do.
  long nextId(Partition owner) {
    owner.lastChild++;
    return owner == root
        ? Hypervisor.ROOT_PARTITION_ID + owner.lastChild
        : (owner.partitionId() << CHILD_SHIFT) + owner.lastChild;
  }

  void add(Partition partition) {
    byId.put(partition.partitionId(), partition);
    listed.add(partition);
    partition.parent().ifPresent(parent -> parent.addChild(partition));
  }

  void remove(Partition partition) {
    byId.remove(partition.partitionId());
    listed.remove(partition);
    partition.parent().ifPresent(parent -> parent.removeChild(partition));
  }

  /* The sum of all reserves is at most all LPs (TLFS 2.0a §18.2). */
  long reservedExcept(Partition except) {
    return listed.stream()
        .filter(p -> p != except && p.scheduling() == Partition.Scheduling.HYPERVISOR)
        .mapToLong(p -> (long) p.vpCount() * p.controls().reserve())
        .sum();
  }

  /// Nothing is created from nothing: pages are conserved, and nobody has LPs that its creator has
  /// not.
  void checkInvariants() {
    long pages = 0;
    for (Partition partition : byId.values()) {
      pages += partition.pages.total();
      Invariant.check(
          ownerOf(partition).lps().containsAll(partition.lps()),
          "a partition has only LPs of its creator",
          partition.partitionId());
    }
    Invariant.check(pages == machinePages, "pages only move", pages, machinePages);
  }

  /// Everything that hypercalls can change, one paragraph per partition.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Partition partition : byId.values()) {
      describe(partition, text);
    }
    return text.toString();
  }

  /// Everything about one partition that hypercalls can change.
  static void describe(Partition partition, StringBuilder text) {
    text.append(partition.partitionId()).append(' ').append(partition.kind());
    text.append(' ').append(partition.state()).append(' ').append(partition.scheduling());
    text.append(" privileges ").append(partition.privileges().mask());
    text.append(" lps ").append(partition.lps()).append(' ').append(partition.pages);
    Controls controls = partition.controls();
    text.append(" weight ").append(controls.weight()).append(" cap ").append(controls.cap());
    text.append(" reserve ").append(controls.reserve());
    text.append(" threads ").append(partition.threadsPerCore());
    text.append(" vmm ").append(partition.vmmCapabilities());
    text.append(partition.integratedSchedulerProperty() ? " integrated" : "");
    partition.cpuGroup().ifPresent(group -> text.append(" in ").append(group.groupId()));
    text.append(" born ").append(partition.lastChild).append(' ').append(partition.lastGroupId);
    text.append('\n');
    partition.groups.values().forEach(group -> text.append("  ").append(group).append('\n'));
    text.append(partition.synic);
    for (int i = 0; i < partition.vpCount(); i++) {
      text.append("  vp").append(i).append(' ').append(partition.vp(i).describe()).append('\n');
    }
  }
}
