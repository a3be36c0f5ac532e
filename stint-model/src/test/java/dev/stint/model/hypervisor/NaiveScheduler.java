package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.Deferred;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The oracle: the rules of docs/models/hypervisor.md written down as plainly as possible. It sorts
/// and scans everything at every decision, and shares with the real scheduler only what a VP
/// remembers and how an event is written.
final class NaiveScheduler implements HypervisorScheduler, Deferred {
  private final Simulation simulation;
  private final int decision;
  private final Entities entities;
  private final LpTrace trace;
  private final Machine machine;
  private final HypervisorConfig config;
  private final boolean roundRobin;
  private final long headStartNs;
  private final List<NaiveSlot> slots = new ArrayList<>();
  private final List<NaiveUnit> units = new ArrayList<>();
  private final Map<VirtualProcessor, NaiveUnit> unitOf = new LinkedHashMap<>();
  private final Set<VirtualProcessor> marked = new LinkedHashSet<>();
  private final Set<NaiveUnit> touched = new LinkedHashSet<>();
  private final int windowTimer;
  private final NaiveSwitch hands;
  private final Map<CpuGroup, NaiveGroup> groups = new LinkedHashMap<>();
  private final Set<NaiveUnit> spinning = new LinkedHashSet<>();
  private boolean rolled;
  private boolean requested;
  private long sequence;

  NaiveScheduler(
      Simulation simulation,
      Entities entities,
      LpTrace trace,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type) {
    this.simulation = simulation;
    decision = simulation.newDeferred(this);
    this.entities = entities;
    this.trace = trace;
    this.machine = machine;
    this.config = config;
    roundRobin = config.rotation() == Rotation.ROUND_ROBIN;
    headStartNs = config.wakePreemption() ? config.timeSliceNs() : 0;
    hands = new NaiveSwitch(simulation, trace, slots, this::mark);
    windowTimer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, timer) -> roll());
    int threads = machine.threadsPerCore();
    for (int lp = 0; lp < machine.lpCount(); lp++) {
      boolean first = lp % threads == 0;
      if (type == SchedulerType.LP_SMT || first) {
        int last = type == SchedulerType.CORE_SMT ? lp + threads : lp + 1;
        int index = slots.size();
        int timer =
            simulation.newTimer(
                TimerRank.HYPERVISOR,
                (nowNs, id) -> {
                  slots.get(index).expired = true;
                  request();
                });
        slots.add(new NaiveSlot(index, IntStream.range(lp, last).boxed().toList(), timer));
      }
    }
  }

  @Override
  public Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore) {
    int size = Math.min(threadsPerCore, slots.get(0).lps.size());
    List<NaiveSlot> usable = usable(lps, size);
    int unitCount = (request.vpCount() + size - 1) / size;
    boolean fits = !(config.l1vhPinned() && request.integrated()) || unitCount <= usable.size();
    return usable.isEmpty() || !fits ? Optional.of("does not fit") : Optional.empty();
  }

  private List<NaiveSlot> usable(CpuSet lps, int size) {
    return slots.stream()
        .filter(slot ->
            size == 1
                ? slot.lps.stream().anyMatch(lps::contains)
                : slot.lps.subList(0, size).stream().allMatch(lps::contains))
        .toList();
  }

  @Override
  public void add(Partition partition) {
    int size = Math.min(partition.threadsPerCore(), slots.get(0).lps.size());
    int[] usable = usable(partition.lps(), size).stream().mapToInt(s -> s.index).toArray();
    int unitCount = (partition.vps().size() + size - 1) / size;
    boolean root = partition.kind() == Partition.Kind.ROOT && unitCount <= usable.length;
    boolean pinned = root || (config.l1vhPinned() && partition.integrated());
    List<VirtualProcessor> vps = partition.vps();
    for (int from = 0; from < vps.size(); from += size) {
      CpuSet allowed = pinned ? CpuSet.of(usable[from / size]) : CpuSet.of(usable);
      List<VirtualProcessor> members = vps.subList(from, Math.min(from + size, vps.size()));
      NaiveUnit unit = new NaiveUnit(members, allowed);
      units.add(unit);
      members.forEach(vp -> addVp(vp, unit));
    }
  }

  private void addVp(VirtualProcessor vp, NaiveUnit unit) {
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

              @Override
              public void longSpin(long nowNs) {
                if (config.longSpinNs() > 0 && vp.state == State.RUNNING) {
                  vp.spins = true;
                  spinning.add(unitOf.get(vp));
                  request();
                }
              }
            });
    if (vp.capped()) {
      vp.capRule =
          entities.add(EntityKind.RULE, "cap:" + entities.path(vp.id()), vp.partition().id());
      vp.capTimer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, timer) -> mark(vp));
    }
    vp.partition()
        .cappingGroup()
        .filter(group -> group.cap() < Controls.ONE_LP)
        .ifPresent(group -> groups.computeIfAbsent(group, g -> naiveGroup(g, vp)).members.add(vp));
    if ((vp.capped() || vp.reserved() || groupOf(vp).isPresent())
        && !simulation.armed(windowTimer)) {
      hands.windowEndNs = config.windowNs();
      simulation.arm(windowTimer, hands.windowEndNs);
    }
  }

  private NaiveGroup naiveGroup(CpuGroup group, VirtualProcessor first) {
    int rule = entities.add(EntityKind.RULE, "cpu-group:" + group.name(), -1);
    long budgetNs = config.windowNs() * group.lps().count() * group.cap() / Controls.ONE_LP;
    NaiveGroup[] made = new NaiveGroup[1];
    int timer =
        simulation.newTimer(
            TimerRank.HYPERVISOR,
            (nowNs, id) -> {
              made[0].usedUp = true;
              made[0].members.forEach(this::mark);
            });
    made[0] = new NaiveGroup(rule, budgetNs, timer);
    return made[0];
  }

  private Optional<NaiveGroup> groupOf(VirtualProcessor vp) {
    return vp.partition().cappingGroup().map(groups::get);
  }

  /* Notes by which rule it may not run, and says whether there is one. */
  private boolean forbidden(VirtualProcessor vp, long nowNs) {
    if (vp.capped() && vp.usedNs(nowNs) >= vp.capBudgetNs) {
      vp.throttledBy = vp.capRule;
      return true;
    }
    Optional<NaiveGroup> group = groupOf(vp).filter(g -> g.usedUp(nowNs));
    group.ifPresent(g -> vp.throttledBy = g.rule);
    return group.isPresent();
  }

  private void roll() {
    rolled = true;
    hands.windowEndNs += config.windowNs();
    simulation.arm(windowTimer, hands.windowEndNs);
    request();
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
    if (rolled) {
      newWindow(nowNs);
    }
    List<VirtualProcessor> ready = new ArrayList<>();
    List<VirtualProcessor> changes = List.copyOf(marked);
    marked.clear();
    changes.forEach(vp -> change(vp, ready, nowNs));
    List<NaiveUnit> woken = settle(nowNs);
    reweigh(nowNs);
    plan(woken, nowNs);
    ready.forEach(vp -> hands.tellReady(vp, unitOf.get(vp), nowNs));
    for (NaiveSlot slot : slots) {
      if (slot.running.isPresent()
          && slot.running.get().slot >= 0
          && !slot.running.equals(slot.next)) {
        hands.carryOut(slot, Optional.empty(), nowNs);
      }
    }
    slots.forEach(slot -> hands.carryOut(slot, slot.next, nowNs));
    groups.values().forEach(group -> group.arm(simulation, nowNs, hands.windowEndNs));
  }

  private void newWindow(long nowNs) {
    rolled = false;
    for (VirtualProcessor vp : unitOf.keySet()) {
      vp.windowUsedNs = 0;
      vp.runSinceNs = nowNs;
    }
    groups.values().forEach(group -> group.usedUp = false);
    for (VirtualProcessor vp : unitOf.keySet()) {
      if (vp.state == State.RUNNING) {
        hands.armCap(vp, nowNs);
      } else if (vp.state == State.THROTTLED && !forbidden(vp, nowNs)) {
        vp.state = State.READY;
        trace.unthrottle(nowNs, vp);
        touched.add(unitOf.get(vp));
      }
    }
    waiting().forEach(unit -> unit.owed = unit.owedAt(nowNs));
  }

  private void change(VirtualProcessor vp, List<VirtualProcessor> ready, long nowNs) {
    boolean halted = vp.processor().halted();
    boolean capUsedUp = forbidden(vp, nowNs);
    if (vp.state == State.RUNNING && (halted || capUsedUp)) {
      hands.account(vp, nowNs);
      vp.state = halted ? State.BLOCKED : State.THROTTLED;
      touched.add(unitOf.get(vp));
    } else if (vp.state == State.BLOCKED && !halted) {
      vp.state = capUsedUp ? State.THROTTLED : State.READY;
      ready.add(vp);
      touched.add(unitOf.get(vp));
    } else if (vp.state == State.READY && capUsedUp) {
      vp.state = State.THROTTLED;
      trace.throttle(nowNs, vp);
      touched.add(unitOf.get(vp));
    }
  }

  private List<NaiveUnit> settle(long nowNs) {
    List<NaiveUnit> woken = new ArrayList<>();
    for (NaiveUnit unit : touched) {
      if (unit.slot >= 0 && !unit.ready()) {
        charge(slots.get(unit.slot), nowNs);
        leave(unit);
      } else if (unit.waiting && !unit.ready()) {
        unit.waiting = false;
      } else if (unit.ready() && !unit.active()) {
        unit.sequence = sequence++;
        unit.owed = unit.owedAt(nowNs);
        admit(unit);
        unit.waiting = true;
        woken.add(unit);
      }
    }
    touched.clear();
    return woken;
  }

  private void admit(NaiveUnit unit) {
    if (roundRobin) {
      long levelNs = allowed(unit).mapToLong(slot -> slot.levelNs).max().orElseThrow();
      unit.virtualTimeNs(Math.max(unit.virtualTimeNs(), levelNs - headStartNs));
      return;
    }
    NaiveSlot ideal =
        unit.lastSlot >= 0
            ? slots.get(unit.lastSlot)
            : allowed(unit).min(Comparator.comparingLong(this::load)).orElseThrow();
    long levelNs = ideal.levelNs;
    long own = unit.lastSlot >= 0 ? unit.virtualTimeNs() : levelNs;
    unit.virtualTimeNs(Math.max(own, levelNs - headStartNs));
    unit.waitSlot = ideal.index;
  }

  private long load(NaiveSlot slot) {
    long queued = waiting().filter(unit -> unit.waitSlot == slot.index).count();
    return queued + (slot.next.isPresent() ? 1 : 0);
  }

  private Stream<NaiveSlot> allowed(NaiveUnit unit) {
    return slots.stream().filter(slot -> unit.slots.contains(slot.index));
  }

  private Stream<NaiveUnit> waiting() {
    return units.stream().filter(unit -> unit.waiting);
  }

  private void charge(NaiveSlot slot, long nowNs) {
    slot.next.orElseThrow().charge(nowNs - slot.chargedNs);
    slot.chargedNs = nowNs;
  }

  private void leave(NaiveUnit unit) {
    slots.get(unit.slot).next = Optional.empty();
    unit.lastSlot = unit.slot;
    unit.slot = -1;
  }

  private void reweigh(long nowNs) {
    Map<NaiveUnit, Long> weights = NaiveWeights.of(units, config);
    if (weights.entrySet().stream().anyMatch(e -> e.getKey().weight != e.getValue())) {
      slots.stream().filter(slot -> slot.next.isPresent()).forEach(slot -> charge(slot, nowNs));
      weights.forEach((unit, weight) -> unit.weight = weight);
    }
  }

  private void plan(List<NaiveUnit> woken, long nowNs) {
    fill();
    for (NaiveSlot slot : slots) {
      boolean goesOn = slot.next.isPresent() && slot.next.equals(slot.running);
      if (goesOn && spinning.contains(slot.next.get()) && candidates(slot).findAny().isPresent()) {
        List<VirtualProcessor> running =
            slot.next.get().vps.stream().filter(vp -> vp.state == State.RUNNING).toList();
        if (running.stream().allMatch(vp -> vp.spins)) {
          charge(slot, nowNs);
          slot.next.get().charge(slot.sliceEndNs - nowNs);
          slot.expired = true;
        }
      }
    }
    spinning.clear();
    List<NaiveSlot> expired =
        slots.stream()
            .filter(slot -> slot.expired && slot.next.isPresent() && slot.next.equals(slot.running))
            .toList();
    slots.forEach(slot -> slot.expired = false);
    for (NaiveSlot slot : expired) {
      charge(slot, nowNs);
      slot.next.get().sequence = sequence++;
      slot.next.get().owed = slot.next.get().owedAt(nowNs);
      slot.slice = true;
    }
    Optional<NaiveSlot> worst = worst(expired);
    while (worst.isPresent()) {
      displace(worst.get(), candidates(worst.get()).min(NaiveUnit.ORDER).orElseThrow());
      worst = worst(expired);
    }
    if (config.wakePreemption()) {
      woken.stream().filter(unit -> unit.waiting).forEach(unit -> preempt(unit, nowNs));
    }
    fill();
    for (NaiveSlot slot : slots) {
      planSlice(slot, nowNs);
    }
    for (NaiveUnit unit : woken) {
      if (roundRobin && unit.waiting) {
        unit.waitSlot =
            allowed(unit)
                .min(Comparator.comparingLong(slot -> slot.sliceEndNs))
                .orElseThrow()
                .index;
      }
    }
  }

  private void planSlice(NaiveSlot slot, long nowNs) {
    if (slot.next.isEmpty()) {
      slot.sliceEndNs = Long.MAX_VALUE;
      simulation.cancel(slot.timer);
    } else if (slot.slice || !slot.next.equals(slot.running)) {
      slot.chargedNs = nowNs;
      slot.sliceEndNs = nowNs + config.timeSliceNs();
      slot.levelNs = Math.max(slot.levelNs, slot.next.get().virtualTimeNs());
      simulation.arm(slot.timer, slot.sliceEndNs);
    }
    slot.slice = false;
  }

  /* Who may take this slot from the run lists that it looks at. */
  private Stream<NaiveUnit> candidates(NaiveSlot slot) {
    return waiting()
        .filter(unit -> roundRobin ? unit.slots.contains(slot.index) : unit.waitSlot == slot.index);
  }

  private Optional<NaiveSlot> worst(List<NaiveSlot> expired) {
    return expired.stream()
        .filter(slot ->
            candidates(slot).anyMatch(u -> NaiveUnit.ORDER.compare(u, slot.next.orElseThrow()) < 0))
        .max(Comparator.comparing(slot -> slot.next.orElseThrow(), NaiveUnit.ORDER));
  }

  private void displace(NaiveSlot slot, NaiveUnit unit) {
    NaiveUnit out = slot.next.orElseThrow();
    leave(out);
    start(unit, slot);
    out.waiting = true;
    out.waitSlot = slot.index;
  }

  private void start(NaiveUnit unit, NaiveSlot slot) {
    if (!roundRobin && unit.waitSlot != slot.index) {
      long shiftNs = slot.levelNs - slots.get(unit.waitSlot).levelNs;
      unit.virtualTimeNs(unit.virtualTimeNs() + shiftNs);
    }
    unit.waiting = false;
    unit.slot = slot.index;
    slot.next = Optional.of(unit);
  }

  private void fill() {
    Optional<NaiveUnit> unit = nextToStart();
    while (unit.isPresent()) {
      start(unit.get(), nearestFree(unit.get()).orElseThrow());
      unit = nextToStart();
    }
  }

  private Optional<NaiveUnit> nextToStart() {
    if (roundRobin) {
      return waiting().filter(unit -> nearestFree(unit).isPresent()).min(NaiveUnit.ORDER);
    }
    for (NaiveSlot slot : slots) {
      Optional<NaiveUnit> first = candidates(slot).min(NaiveUnit.ORDER);
      if (slot.next.isEmpty() && first.isPresent()) {
        return first;
      }
    }
    return slots.stream()
        .filter(slot -> candidates(slot).anyMatch(unit -> nearestFree(unit).isPresent()))
        .min(
            Comparator.comparing((NaiveSlot slot) -> -candidates(slot).count())
                .thenComparing(slot -> slot.index))
        .flatMap(slot ->
            candidates(slot).filter(unit -> nearestFree(unit).isPresent()).min(NaiveUnit.ORDER));
  }

  private Optional<NaiveSlot> nearestFree(NaiveUnit unit) {
    return allowed(unit)
        .filter(slot -> slot.next.isEmpty())
        .min(Comparator.comparingInt(slot -> distance(unit, slot)));
  }

  private int distance(NaiveUnit unit, NaiveSlot slot) {
    if (unit.lastSlot < 0 || unit.lastSlot == slot.index) {
      return 0;
    }
    int from = slots.get(unit.lastSlot).lps.get(0);
    int to = slot.lps.get(0);
    boolean sameCache = machine.cacheOf(from) == machine.cacheOf(to);
    return sameCache ? 1 : machine.nodeOf(from) == machine.nodeOf(to) ? 2 : 3;
  }

  private void preempt(NaiveUnit unit, long nowNs) {
    List<NaiveSlot> victims =
        allowed(unit)
            .filter(slot -> slot.next.isPresent() && slot.next.equals(slot.running))
            .filter(slot -> roundRobin || unit.waitSlot == slot.index)
            .toList();
    victims.forEach(slot -> charge(slot, nowNs));
    victims.stream()
        .filter(slot -> unit.owed || !slot.next.orElseThrow().owedAt(nowNs))
        .min(Comparator.comparingLong(slot -> -slot.next.orElseThrow().virtualTimeNs()))
        .filter(slot ->
            slot.next.orElseThrow().virtualTimeNs() > unit.virtualTimeNs() + config.timeSliceNs())
        .ifPresent(slot -> {
          NaiveUnit victim = slot.next.orElseThrow();
          victim.sequence = sequence++;
          victim.owed = victim.owedAt(nowNs);
          displace(slot, unit);
        });
  }

  @Override
  public void checkInvariants(long nowNs) {}
}
