package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.linux.Quota;
import dev.stint.model.predict.Demand;
import dev.stint.model.predict.EntitledShare;
import dev.stint.model.predict.Spell;
import dev.stint.model.predict.SpellShares;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.Readiness;
import dev.stint.model.stats.ReadyFamily;
import dev.stint.model.stats.ReadySets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What each cgroup, VM and task of a run was entitled to: at every instant the weighted max-min
/// fair part of the time its family received, among those that were ready, given weights, quotas
/// and cpusets. For an L1VH the family is the L1VH and its children, whoever scheduled them.
/// Partitions outside are entitled to their fair part of the machine by the hypervisor's weights
/// and caps, given what they wanted in all.
final class Entitlement {
  /// How many sets of ready leaves are divided one by one; the rest are taken together.
  private static final int SPELLS_MAX = 256;

  /// From this part of the run on, those taken together are worth a note.
  private static final double NOTED = 0.01;

  private final Scenario scenario;
  private final Set<PartitionSpec> topLevel;
  private final Assembly assembly;
  private final Stack stack;
  private final Wanted wanted;
  private final long durationNs;
  private final List<FamilyTree> families = new ArrayList<>();
  private final Readiness readiness;
  private final Map<String, Double> shares = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /// Made before the run.
  Entitlement(Scenario scenario, Assembly assembly, Stack stack, Ledger ledger) {
    this.scenario = scenario;
    topLevel = new LinkedHashSet<>(scenario.partitions());
    this.assembly = assembly;
    this.stack = stack;
    durationNs = scenario.durationNs();
    wanted = new Wanted(stack, ledger, durationNs);
    List<ReadyFamily> followed = new ArrayList<>();
    for (Guest guest : stack.guests()) {
      if (scenario.changesSettings() || !topLevel.contains(guest.spec)) {
        continue;
      }
      FamilyTree family = new FamilyTree(stack, guest);
      ReadyFamily ready = family.ready(isSupplied(guest));
      if (!ready.leaves().isEmpty()) {
        families.add(family);
        followed.add(ready);
      }
    }
    readiness = new Readiness(ledger, followed);
  }

  private boolean isSupplied(Guest guest) {
    return assembly == Assembly.INTEGRATED && guest.spec.kind() == PartitionKind.L1VH;
  }

  /// Is to be given all events, after the ledger.
  Readiness readiness() {
    return readiness;
  }

  /// Entitled share by entity path, after the run and the ledger's end: 1.0 is one whole processor.
  /// Nothing where settings change during the run: it is unknown then.
  Map<String, Double> shares() {
    if (scenario.changesSettings()) {
      return shares;
    }
    readiness.finish(durationNs);
    for (int i = 0; i < families.size(); i++) {
      solveFamily(families.get(i), readiness.family(i));
    }
    solvePartitions();
    return shares;
  }

  /// What is to be said about the shares.
  List<String> notes() {
    return List.copyOf(notes);
  }

  // --- Families: one Linux, its tasks, and the VMs whose vCPU threads its cgroups hold ---

  private void solveFamily(FamilyTree family, ReadySets sets) {
    Guest guest = family.guest;
    List<ReadySets.Held> held = sets.longest(SPELLS_MAX);
    noteMerged(guest, held);
    List<Spell> spells = new ArrayList<>();
    for (ReadySets.Held set : held) {
      spells.add(spell(guest, set));
    }
    Demand root = family.demand(new AskedOfRun(sets, held));
    SpellShares.solve(root, spells)
        .forEach((path, ns) -> {
          if (stack.entities().find(path) >= 0) {
            shares.put(path, (double) ns / durationNs);
          }
        });
    for (Guest child : family.children) {
      double total = 0;
      for (VirtualProcessor vp : child.partition.vps()) {
        total += shares.getOrDefault(stack.entities().path(vp.id()), 0.0);
      }
      shares.put(child.partition.path(), total);
    }
  }

  private Spell spell(Guest guest, ReadySets.Held set) {
    long[] readyNs = set.readyNs().stream().mapToLong(Long::longValue).toArray();
    int cpus = guest.spec.vps();
    if (!isSupplied(guest)) {
      return Spell.received(set.durationNs(), readyNs, cpus, set.receivedNs());
    }
    long[] supplied = new long[cpus];
    Arrays.setAll(supplied, cpu -> set.durationNs() - set.waitedNs().get(cpu));
    return Spell.supplied(set.durationNs(), readyNs, supplied);
  }

  private void noteMerged(Guest guest, List<ReadySets.Held> held) {
    if (held.size() <= SPELLS_MAX) {
      return;
    }
    double part = (double) held.getLast().durationNs() / durationNs;
    if (part >= NOTED) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: entitled shares: in %.1f %% of the run who was ready is averaged",
              guest.partition.path(),
              100 * part));
    }
  }

  /// What the members of a family asked for, when they were ready as these sets say.
  private final class AskedOfRun implements FamilyTree.Asked {
    private final Map<String, Long> usableQuotaNs;
    private final Map<Integer, Long> readyNs = new LinkedHashMap<>();

    AskedOfRun(ReadySets sets, List<ReadySets.Held> held) {
      usableQuotaNs = sets.usableQuotaNs();
      for (ReadySets.Held set : held) {
        for (int leaf = 0; leaf < sets.leaves().size(); leaf++) {
          readyNs.merge(sets.leaves().get(leaf), set.readyNs().get(leaf), Long::sum);
        }
      }
    }

    @Override
    public Demand task(Demand leaf, TaskSpec spec, int id) {
      return leaf.withDemand(wanted.workNs(spec, id));
    }

    /// A VM's work is where its guest put it: in proportion to the time that its VPs were ready.
    @Override
    public Demand vp(Demand leaf, Guest vm, int id) {
      long work = wanted.workNs(vm);
      if (work == Demand.UNLIMITED) {
        return leaf;
      }
      long allReadyNs = 0;
      for (VirtualProcessor vp : vm.partition.vps()) {
        allReadyNs += readyNs.getOrDefault(vp.id(), 0L);
      }
      double part = (double) readyNs.getOrDefault(id, 0L) / Math.max(1, allReadyNs);
      long own = Math.min(durationNs, Math.round(work * part));
      return Wanted.canWait(vm) ? leaf.withDemand(own) : leaf.withLimit(own);
    }

    @Override
    public Demand group(Demand group, Quota quota) {
      return group.withLimit(usableQuotaNs.getOrDefault(group.path(), Demand.UNLIMITED));
    }
  }

  // --- Partitions under the hypervisor's own controls ---

  private void solvePartitions() {
    CpuGroupDemands members = new CpuGroupDemands(scenario);
    for (Guest guest : stack.guests()) {
      if (!topLevel.contains(guest.spec)) {
        continue;
      }
      int vps = guest.spec.vps();
      long wantedPerVp = Math.ceilDiv(wanted.averageNs(guest), vps);
      Controls controls = guest.spec.controls();
      int cap = assembly.policy().controls() ? controls.cap() : Controls.ONE_LP;
      long capNs = (long) ((double) durationNs * cap / Controls.ONE_LP);
      List<Demand> leaves = new ArrayList<>();
      for (VirtualProcessor vp : guest.partition.vps().subList(0, vps)) {
        Demand leaf =
            Demand.leaf(
                stack.entities().path(vp.id()),
                controls.weight(),
                Math.min(Math.min(wantedPerVp, capNs), durationNs));
        leaves.add(members.lps(guest.spec).map(leaf::withCpus).orElse(leaf));
      }
      long weight = (long) controls.weight() * vps;
      members.add(guest.spec, Demand.group(guest.partition.path(), weight, leaves), weight);
    }
    long[] capacity = new long[scenario.machine().lpCount()];
    Arrays.fill(capacity, durationNs);
    Map<String, Long> entitled =
        EntitledShare.solve(Demand.group("machine", 1, members.all()), capacity, durationNs);
    for (Guest guest : stack.guests()) {
      Long ns = entitled.get(guest.partition.path());
      if (ns != null && guest.spec.kind() == PartitionKind.GUEST) {
        shares.put(guest.partition.path(), (double) ns / durationNs);
      }
    }
  }
}
