package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.Deferred;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The oracle of [Credit2Scheduler]: docs/models/credit2.md word for word, with streams. It keeps
/// no queue: who waits where, in which order and with how much credit is worked out anew for each
/// question.
final class NaiveCredit2 implements HypervisorScheduler, Deferred {
  private final Simulation simulation;
  private final int decision;
  private final Machine machine;
  private final Credit2Config config;
  private final List<NaiveSlot> slots = new ArrayList<>();
  private final List<NaiveUnit> units = new ArrayList<>();
  private final Map<VirtualProcessor, NaiveUnit> unitOf = new LinkedHashMap<>();
  private final Map<NaiveUnit, Integer> cacheOf = new LinkedHashMap<>();
  private final Map<NaiveSlot, Long> startedNs = new LinkedHashMap<>();
  private final Set<VirtualProcessor> marked = new LinkedHashSet<>();
  private final NaiveSwitch hands;
  private boolean requested;
  private long sequence;

  NaiveCredit2(Simulation simulation, LpTrace trace, Machine machine, Credit2Config config) {
    this.simulation = simulation;
    decision = simulation.newDeferred(this);
    this.machine = machine;
    this.config = config;
    hands = new NaiveSwitch(simulation, trace, slots, this::mark);
    for (int lp = 0; lp < machine.lpCount(); lp++) {
      int index = lp;
      int timer =
          simulation.newTimer(
              TimerRank.HYPERVISOR,
              (nowNs, id) -> {
                slots.get(index).expired = true;
                request();
              });
      slots.add(new NaiveSlot(lp, List.of(lp), timer));
    }
  }

  @Override
  public Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore) {
    return request.integrated() ? Optional.of("not with credit2") : Optional.empty();
  }

  @Override
  public void add(Partition partition) {
    for (VirtualProcessor vp : partition.vps()) {
      NaiveUnit unit = new NaiveUnit(List.of(vp), partition.lps());
      unit.weight = (long) partition.controls().weight() << 20;
      unit.virtualTimeNs(-config.initialNs());
      Comparator<Integer> byMembers =
          Comparator.comparing(cache -> cacheOf.values().stream().filter(cache::equals).count());
      cacheOf.put(unit, caches(unit).min(byMembers).orElseThrow());
      units.add(unit);
      unitOf.put(vp, unit);
      vp.processor()
          .attachSupplier(
              new ProcessorSupplier() {
                @Override
                public void halted(long nowNs) {
                  mark(vp);
                }

                @Override
                public void unhalted(long nowNs) {
                  mark(vp);
                }
              });
    }
  }

  private Stream<Integer> caches(NaiveUnit unit) {
    return allowed(unit).map(this::cache).distinct();
  }

  private int cache(NaiveSlot slot) {
    return machine.cacheOf(slot.index);
  }

  private Stream<NaiveSlot> allowed(NaiveUnit unit) {
    return slots.stream().filter(slot -> unit.slots.contains(slot.index));
  }

  private Stream<NaiveSlot> allowedAtHome(NaiveUnit unit) {
    return allowed(unit).filter(slot -> cache(slot) == cacheOf.get(unit));
  }

  private void mark(VirtualProcessor vp) {
    marked.add(vp);
    request();
  }

  private void request() {
    if (!requested) {
      requested = true;
      simulation.defer(decision);
    }
  }

  @Override
  public void runDeferred(long nowNs) {
    requested = false;
    for (NaiveSlot slot : slots) {
      slot.next.ifPresent(unit -> unit.charge(nowNs - slot.chargedNs));
      slot.chargedNs = nowNs;
    }
    List<VirtualProcessor> ready = new ArrayList<>();
    List<VirtualProcessor> changes = List.copyOf(marked);
    marked.clear();
    changes.forEach(vp -> change(vp, ready, nowNs));
    fill(nowNs);
    slots.stream().filter(slot -> slot.expired).toList().forEach(slot -> expired(slot, nowNs));
    for (VirtualProcessor vp : ready) {
      if (unitOf.get(vp).waiting) {
        woke(unitOf.get(vp), nowNs);
      }
    }
    fill(nowNs);
    for (VirtualProcessor vp : ready) {
      NaiveUnit unit = unitOf.get(vp);
      if (unit.waiting) {
        unit.waitSlot =
            allowedAtHome(unit).min(Comparator.comparing(slot -> slot.sliceEndNs)).get().index;
      }
      hands.tellReady(vp, unit, nowNs);
    }
    for (NaiveSlot slot : slots) {
      if (slot.running.filter(unit -> unit.slot >= 0).isPresent()
          && !slot.running.equals(slot.next)) {
        hands.carryOut(slot, Optional.empty(), nowNs);
      }
    }
    slots.forEach(slot -> hands.carryOut(slot, slot.next, nowNs));
  }

  private void change(VirtualProcessor vp, List<VirtualProcessor> ready, long nowNs) {
    boolean halted = vp.processor().halted();
    if (vp.state == State.RUNNING && halted) {
      hands.account(vp, nowNs);
      vp.state = State.BLOCKED;
      leave(unitOf.get(vp));
    } else if (vp.state == State.BLOCKED && !halted) {
      vp.state = State.READY;
      ready.add(vp);
      await(unitOf.get(vp));
    }
  }

  private void leave(NaiveUnit unit) {
    NaiveSlot slot = slots.get(unit.slot);
    slot.next = Optional.empty();
    slot.expired = false;
    slot.sliceEndNs = Long.MAX_VALUE;
    simulation.cancel(slot.timer);
    unit.lastSlot = unit.slot;
    unit.slot = -1;
  }

  private void await(NaiveUnit unit) {
    unit.waiting = true;
    unit.sequence = sequence++;
  }

  private void fill(long nowNs) {
    int caches = machine.cacheOf(machine.lpCount() - 1) + 1;
    for (int cache = 0; cache < caches; cache++) {
      int own = cache;
      fill(own, unit -> cacheOf.get(unit) == own, nowNs);
    }
    for (int cache = 0; cache < caches; cache++) {
      fill(cache, unit -> true, nowNs);
    }
  }

  private void fill(int cache, Predicate<NaiveUnit> who, long nowNs) {
    while (true) {
      List<NaiveSlot> free =
          slots.stream().filter(s -> s.next.isEmpty() && cache(s) == cache).toList();
      Optional<NaiveUnit> first =
          units.stream()
              .filter(unit -> unit.waiting && who.test(unit))
              .filter(unit -> free.stream().anyMatch(slot -> unit.slots.contains(slot.index)))
              .min(NaiveUnit.ORDER);
      if (first.isEmpty()) {
        return;
      }
      NaiveUnit unit = first.get();
      start(
          unit,
          free.stream()
              .filter(slot -> unit.slots.contains(slot.index))
              .min(
                  Comparator.comparing((NaiveSlot slot) -> coreIsBusy(slot))
                      .thenComparing(slot -> distance(unit.lastSlot, slot.index)))
              .orElseThrow(),
          nowNs);
    }
  }

  private boolean coreIsBusy(NaiveSlot slot) {
    return slots.stream()
        .filter(other -> machine.coreOf(other.index) == machine.coreOf(slot.index))
        .anyMatch(other -> other.next.isPresent());
  }

  private int distance(int from, int to) {
    if (from < 0 || from == to) {
      return 0;
    }
    boolean sameCache = machine.cacheOf(from) == machine.cacheOf(to);
    return sameCache ? 1 : machine.nodeOf(from) == machine.nodeOf(to) ? 2 : 3;
  }

  private void start(NaiveUnit unit, NaiveSlot slot, long nowNs) {
    unit.waiting = false;
    unit.slot = slot.index;
    cacheOf.put(unit, cache(slot));
    slot.next = Optional.of(unit);
    slot.chargedNs = nowNs;
    startedNs.put(slot, nowNs);
    chosen(unit, slot, nowNs);
  }

  private void chosen(NaiveUnit unit, NaiveSlot slot, long nowNs) {
    slot.expired = false;
    if (credit(unit) <= 0) {
      long resets = 0;
      while (credit(unit) + resets * config.initialNs() <= 0) {
        resets++;
      }
      for (NaiveUnit each : units) {
        if (cacheOf.get(each) == cache(slot)) {
          long more = credit(each) + resets * config.initialNs();
          each.virtualTimeNs(-Math.min(more, config.initialNs()));
        }
      }
      balance(cache(slot));
    }
    slot.sliceEndNs = endNs(unit, slot, nowNs);
    simulation.arm(slot.timer, slot.sliceEndNs);
  }

  private long endNs(NaiveUnit unit, NaiveSlot slot, long nowNs) {
    long lastNs = nowNs + config.initialNs();
    Optional<NaiveUnit> rival = rival(slot);
    if (rival.isEmpty()) {
      return lastNs;
    }
    long lead = Math.max(0, credit(unit) - creditOn(rival.get(), slot));
    long weight = unit.weight >> 20;
    long equalNs = nowNs + (lead * weight + 99) / 100;
    return Math.min(lastNs, Math.max(equalNs, startedNs.get(slot) + config.rateLimitNs()));
  }

  private static long credit(NaiveUnit unit) {
    return -unit.virtualTimeNs();
  }

  private long creditOn(NaiveUnit unit, NaiveSlot slot) {
    boolean elsewhere = unit.lastSlot >= 0 && unit.lastSlot != slot.index;
    return elsewhere ? credit(unit) - config.migrateResistNs() : credit(unit);
  }

  private Optional<NaiveUnit> rival(NaiveSlot slot) {
    return units.stream()
        .filter(unit -> unit.waiting && cacheOf.get(unit) == cache(slot))
        .filter(unit -> unit.slots.contains(slot.index))
        .min(
            Comparator.comparing((NaiveUnit unit) -> -creditOn(unit, slot))
                .thenComparing(unit -> unit.sequence));
  }

  private void expired(NaiveSlot slot, long nowNs) {
    NaiveUnit unit = slot.next.orElseThrow();
    Optional<NaiveUnit> rival = rival(slot).filter(other -> creditOn(other, slot) >= credit(unit));
    if (rival.isPresent()) {
      displace(slot, rival.get(), nowNs);
    } else {
      chosen(unit, slot, nowNs);
    }
  }

  private void displace(NaiveSlot slot, NaiveUnit by, long nowNs) {
    NaiveUnit out = slot.next.orElseThrow();
    leave(out);
    await(out);
    start(by, slot, nowNs);
  }

  private void woke(NaiveUnit unit, long nowNs) {
    List<NaiveSlot> behind =
        allowedAtHome(unit)
            .filter(slot -> lead(unit, slot) > config.wakeMarginNs())
            .sorted(Comparator.comparing((NaiveSlot slot) -> -lead(unit, slot)))
            .toList();
    Predicate<NaiveSlot> ripe =
        slot ->
            slot.next.equals(slot.running) && nowNs >= startedNs.get(slot) + config.rateLimitNs();
    Optional<NaiveSlot> now = behind.stream().filter(ripe).findFirst();
    if (now.isPresent()) {
      displace(now.get(), unit, nowNs);
    } else if (!behind.isEmpty()) {
      NaiveSlot later = behind.getFirst();
      later.sliceEndNs = startedNs.get(later) + config.rateLimitNs();
      simulation.arm(later.timer, later.sliceEndNs);
    }
  }

  private long lead(NaiveUnit unit, NaiveSlot slot) {
    return creditOn(unit, slot) - credit(slot.next.orElseThrow());
  }

  private void balance(int cache) {
    int caches = machine.cacheOf(machine.lpCount() - 1) + 1;
    int other = cache;
    for (int each = 0; each < caches; each++) {
      if (Math.abs(ready(each) - ready(cache)) > Math.abs(ready(other) - ready(cache))) {
        other = each;
      }
    }
    int longer = ready(other) > ready(cache) ? other : cache;
    int shorter = longer == cache ? other : cache;
    if (ready(longer) - ready(shorter) >= 2) {
      units.stream()
          .filter(unit -> unit.waiting && cacheOf.get(unit) == longer)
          .filter(unit -> caches(unit).anyMatch(c -> c == shorter))
          .min(NaiveUnit.ORDER)
          .ifPresent(unit -> cacheOf.put(unit, shorter));
    }
  }

  private long ready(int cache) {
    return units.stream().filter(unit -> cacheOf.get(unit) == cache && unit.active()).count();
  }

  @Override
  public void checkInvariants(long nowNs) {}
}
