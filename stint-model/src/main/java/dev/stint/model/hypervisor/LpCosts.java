package dev.stint.model.hypervisor;

import dev.stint.model.machine.Machine;
import dev.stint.model.sched.CacheRefill;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.CostSource;
import dev.stint.model.sched.Costs;
import dev.stint.model.sched.Processor;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What the hypervisor's switches cost the VPs that it switches to, and how VPs on the hardware
/// threads of one core slow each other down (docs/models/costs.md).
///
/// A VP that gets an LP owes the costs before it is backed: whatever task then runs on top of it
/// pays.
final class LpCosts {
  /// One VP as seen here.
  private static final class Guest {
    final VirtualProcessor vp;
    int lastLp = -1;

    /// How long its last LP had been in use when it left.
    long usedAtLeaveNs;

    Guest(VirtualProcessor vp) {
      this.vp = vp;
    }
  }

  private final Machine machine;
  private final int smtPermille;
  private final CostSource worldSwitch;
  private final CostSource migration;
  private final CostSource flush;
  private final CacheRefill refill;
  private final List<Optional<Guest>> guests;
  private final int[] current;
  private final int[] last;
  private final long[] usedNs;
  private final long[] sinceNs;

  /// Costs on `machine` for these VPs.
  LpCosts(Simulation simulation, Costs costs, Machine machine, List<VirtualProcessor> vps) {
    this.machine = machine;
    smtPermille = costs.smtPermille();
    worldSwitch = CostSource.of(simulation, costs, CostParameter.WORLD_SWITCH, "hypervisor");
    migration = CostSource.of(simulation, costs, CostParameter.VP_MIGRATION, "hypervisor");
    flush = CostSource.of(simulation, costs, CostParameter.FLUSH_VP, "hypervisor");
    refill = new CacheRefill(simulation, costs, "hypervisor");
    int idBound = vps.stream().mapToInt(vp -> vp.id() + 1).max().orElse(0);
    Guest[] byId = new Guest[idBound];
    vps.forEach(vp -> byId[vp.id()] = new Guest(vp));
    guests = Arrays.stream(byId).map(Optional::ofNullable).toList();
    int lps = machine.lpCount();
    current = new int[lps];
    last = new int[lps];
    Arrays.fill(current, Entities.NONE);
    Arrays.fill(last, Entities.NONE);
    usedNs = new long[lps];
    sinceNs = new long[lps];
  }

  private Optional<Guest> guest(int id) {
    return id == Entities.NONE || id >= guests.size() ? Optional.empty() : guests.get(id);
  }

  /// LP `lp` passes from VP `previous`, which is unbacked or halts, to `next`, which is about to be
  /// backed or to be interrupted; either may be [Entities#NONE].
  void switched(long nowNs, int lp, int previous, int next) {
    if (previous != Entities.NONE) {
      usedNs[lp] += nowNs - sinceNs[lp];
      guest(previous).ifPresent(left -> left.usedAtLeaveNs = usedNs[lp]);
      last[lp] = previous;
    }
    sinceNs[lp] = nowNs;
    current[lp] = next;
    guest(next).ifPresent(arrived -> arrives(arrived, lp, nowNs));
    if (smtPermille != Costs.FULL_PACE) {
      pace(lp, nowNs);
    }
  }

  private void arrives(Guest guest, int lp, long nowNs) {
    Processor processor = guest.vp.processor();
    int before = last[lp];
    if (before != Entities.NONE && before != guest.vp.id()) {
      processor.owe(nowNs, CostKind.WORLD_SWITCH, worldSwitch.nextNs());
      if (guest(before).filter(other -> !ofOnePartition(guest, other)).isPresent()) {
        processor.owe(nowNs, CostKind.SPECULATION_FLUSH, flush.nextNs());
      }
    }
    int from = guest.lastLp;
    guest.lastLp = lp;
    if (from == lp) {
      processor.owe(
          nowNs, CostKind.CACHE_REFILL, refill.cooledNs(usedNs[lp] - guest.usedAtLeaveNs));
    } else if (from >= 0) {
      processor.owe(nowNs, CostKind.MIGRATION, migration.nextNs());
      if (machine.coreOf(from) != machine.coreOf(lp)) {
        boolean sameCache = machine.cacheOf(from) == machine.cacheOf(lp);
        processor.owe(nowNs, CostKind.CACHE_REFILL, refill.movedNs(sameCache));
      }
    }
  }

  private static boolean ofOnePartition(Guest one, Guest other) {
    return one.vp.partition() == other.vp.partition();
  }

  /// Every VP on the core of `lp` gets the speed that its neighbours leave it.
  private void pace(int lp, long nowNs) {
    int first = machine.firstLpOf(machine.coreOf(lp));
    for (int one = first; one < first + machine.threadsPerCore(); one++) {
      int rival = rivalOf(one, first);
      int permille = rival == Entities.NONE ? Costs.FULL_PACE : smtPermille;
      guest(current[one]).ifPresent(on -> on.vp.processor().pace(nowNs, permille, rival));
    }
  }

  private int rivalOf(int lp, int first) {
    for (int other = first; other < first + machine.threadsPerCore(); other++) {
      if (other != lp && current[other] != Entities.NONE) {
        return current[other];
      }
    }
    return Entities.NONE;
  }
}
