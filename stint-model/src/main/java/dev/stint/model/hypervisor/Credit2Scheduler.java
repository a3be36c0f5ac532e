package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.Deferred;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import dev.stint.model.time.Time;
import dev.stint.model.trace.Entities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Credit2, Xen's default scheduler, from its public descriptions: a run queue for each last-level
/// cache, ordered by credit; running burns credit in inverse proportion to weight; when the next VP
/// has none left, everybody gets new credit. The rules are in docs/models/credit2.md.
final class Credit2Scheduler implements HypervisorScheduler, Deferred {
  /*
   * A unit is one VP, a slot one LP. The credit of a unit is minus its virtual time, so that the
   * order of a RunList, least virtual time first, is that of credit.
   * All decisions of an instant are made together at its end, in the order of runDeferred.
   */
  private final Simulation simulation;
  private final int decision;
  private final Entities entities;
  private final Credit2Config config;
  private final Slots slots;
  private final CapWindow noCaps;
  private final SlotSwitch slotSwitch;
  private final List<SchedulingUnit> units = new ArrayList<>();
  private final RunList[] queues;
  private final SlotSet[] freeOf;
  private final int[] queueOf;
  private final long[] startedNs;
  private final SlotSet expired;
  private final List<VirtualProcessor> changed = new ArrayList<>();
  private final List<SchedulingUnit> woken = new ArrayList<>();
  private SchedulingUnit[] unitOfVp = new SchedulingUnit[0];
  private boolean requested;
  private long sequence;

  Credit2Scheduler(
      Simulation simulation,
      Entities entities,
      LpTrace trace,
      Machine machine,
      Credit2Config config) {
    this.simulation = simulation;
    decision = simulation.newDeferred(this);
    this.entities = entities;
    this.config = config;
    slots = Slots.of(machine, SchedulerType.LP_SMT);
    long windowNs = HypervisorConfig.DEFAULT.windowNs();
    GroupCaps noGroups = new GroupCaps(simulation, entities, windowNs, vps -> {});
    noCaps = new CapWindow(simulation, windowNs, noGroups, this::request);
    slotSwitch = new SlotSwitch(simulation, trace, slots, noCaps, config.initialNs(), this::mark);
    queueOf = new int[slots.count()];
    startedNs = new long[slots.count()];
    expired = new SlotSet(slots.count());
    queues = new RunList[machine.cacheOf(machine.lpCount() - 1) + 1];
    freeOf = new SlotSet[queues.length];
    for (int q = 0; q < queues.length; q++) {
      queues[q] = new RunList();
      freeOf[q] = new SlotSet(slots.count());
    }
    for (int i = 0; i < slots.count(); i++) {
      Slot slot = slots.get(i);
      queueOf[i] = machine.cacheOf(slot.firstLp);
      freeOf[queueOf[i]].add(i);
      slot.timer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, timer) -> expire(slot));
    }
  }

  private void expire(Slot slot) {
    expired.add(slot.index);
    request();
  }

  @Override
  public Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore) {
    return request.integrated()
        ? Optional.of("credit2 knows no integrated scheduler")
        : Optional.empty();
  }

  @Override
  public void add(Partition partition) {
    CpuSet usable = slots.usable(partition.lps(), 1);
    Share share = new Share(partition.path(), partition.controls().weight(), usable, Family.NONE);
    unitOfVp = Arrays.copyOf(unitOfVp, entities.count());
    slotSwitch.reserve(units.size() + partition.vps().size());
    for (VirtualProcessor vp : partition.vps()) {
      SchedulingUnit unit = new SchedulingUnit(new VirtualProcessor[] {vp}, share, usable);
      unit.virtualTimeNs = -config.initialNs();
      unit.home = queues[emptiestQueue(usable)];
      units.add(unit);
      unitOfVp[vp.id()] = unit;
      vp.processor().attachSupplier(new Supplier(vp));
    }
  }

  /* The queue that fewest units belong to, of those with an LP in `usable`. */
  private int emptiestQueue(CpuSet usable) {
    int best = -1;
    long fewest = Long.MAX_VALUE;
    for (int i = usable.next(0); i >= 0; i = usable.next(i + 1)) {
      RunList queue = queues[queueOf[i]];
      long members = units.stream().filter(unit -> unit.home == queue).count();
      if (members < fewest) {
        fewest = members;
        best = queueOf[i];
      }
    }
    return best;
  }

  @Override
  public void remove(Partition partition) {
    units.removeIf(unit -> unit.vps[0].partition() == partition);
  }

  @Override
  public void suspended(VirtualProcessor vp) {
    mark(vp);
  }

  /// Notes what the guest did to a VP.
  private final class Supplier implements ProcessorSupplier {
    private final VirtualProcessor vp;

    Supplier(VirtualProcessor vp) {
      this.vp = vp;
    }

    @Override
    public void halted(long nowNs) {
      vp.execution().halt();
      mark(vp);
    }

    @Override
    public void unhalted(long nowNs) {
      vp.execution().interrupt();
      mark(vp);
    }

    @Override
    public void intercepted(long nowNs) {
      mark(vp);
      vp.intercepted(nowNs);
    }
  }

  private void mark(VirtualProcessor vp) {
    if (!vp.marked) {
      vp.marked = true;
      changed.add(vp);
    }
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
    burn(nowNs);
    for (int i = 0; i < changed.size(); i++) {
      changed.get(i).marked = false;
      apply(changed.get(i), nowNs);
    }
    changed.clear();
    fill(nowNs);
    for (int i = expired.next(0); i >= 0; i = expired.next(i + 1)) {
      expired.remove(i);
      decide(slots.get(i), nowNs);
    }
    for (int i = 0; i < woken.size(); i++) {
      if (woken.get(i).waiting()) {
        tickle(woken.get(i), nowNs);
      }
    }
    fill(nowNs);
    for (int i = 0; i < woken.size(); i++) {
      if (woken.get(i).waiting()) {
        woken.get(i).waitSlot = waitSlot(woken.get(i));
      }
    }
    woken.clear();
    slotSwitch.carryOut(nowNs);
  }

  /* Everybody who runs pays for the time since the last decision anywhere. */
  private void burn(long nowNs) {
    for (int i = 0; i < slots.count(); i++) {
      Slot slot = slots.get(i);
      if (slot.next != SchedulingUnit.IDLE) {
        slot.charge(slot.next, nowNs);
      }
    }
  }

  private void apply(VirtualProcessor vp, long nowNs) {
    SchedulingUnit unit = unitOfVp[vp.id()];
    if (vp.state == State.RUNNING && vp.resting()) {
      noCaps.stopped(vp, nowNs);
      vp.state = State.BLOCKED;
      unit.runnableCount = 0;
      leave(slots.get(unit.slot));
    } else if (vp.state == State.BLOCKED && !vp.resting()) {
      vp.state = State.READY;
      unit.runnableCount = 1;
      slotSwitch.becameReady(vp, unit);
      enqueue(unit);
      woken.add(unit);
    }
    // Else nothing, or it halted at the very instant it lost its LP: SlotSwitch notes it again.
  }

  private void enqueue(SchedulingUnit unit) {
    unit.sequence = sequence++;
    unit.home.add(unit);
  }

  private void leave(Slot slot) {
    slot.next.lastSlot = slot.index;
    slot.next.slot = -1;
    slot.next = SchedulingUnit.IDLE;
    freeOf[queueOf[slot.index]].add(slot.index);
    slot.sliceEndNs = Time.NEVER;
    simulation.cancel(slot.timer);
    expired.remove(slot.index);
    slotSwitch.changed(slot);
  }

  private void start(SchedulingUnit unit, Slot slot, long nowNs) {
    unit.list.remove(unit);
    unit.home = queues[queueOf[slot.index]];
    unit.slot = slot.index;
    slot.next = unit;
    slot.chargedNs = nowNs;
    startedNs[slot.index] = nowNs;
    freeOf[queueOf[slot.index]].remove(slot.index);
    slotSwitch.changed(slot);
    goOn(slot, nowNs);
  }

  /* The unit on `slot` was chosen: with no credit left, all of its queue get new credit first. */
  private void goOn(Slot slot, long nowNs) {
    if (slot.next.virtualTimeNs >= 0) {
      reset(queueOf[slot.index], slot.next);
      balance(queueOf[slot.index]);
    }
    arm(slot, endNs(slot, nowNs));
  }

  private void arm(Slot slot, long endNs) {
    slot.sliceEndNs = endNs;
    simulation.arm(slot.timer, endNs);
  }

  /* As often as the chosen one needs to have credit; nobody saves more than the initial credit. */
  private void reset(int q, SchedulingUnit chosen) {
    long addedNs = (chosen.virtualTimeNs / config.initialNs() + 1) * config.initialNs();
    for (int i = 0; i < units.size(); i++) {
      SchedulingUnit unit = units.get(i);
      if (unit.home == queues[q]) {
        unit.virtualTimeNs = Math.max(unit.virtualTimeNs - addedNs, -config.initialNs());
      }
    }
    queues[q].reorder();
  }

  /*
   * When the unit on `slot` makes room at the latest: when its credit is down to that of the best
   * one waiting now, but not before the rate limit, and not after the initial credit's time.
   */
  private long endNs(Slot slot, long nowNs) {
    long lastNs = nowNs + config.initialNs();
    SchedulingUnit rival = best(slot);
    if (rival == SchedulingUnit.IDLE) {
      return lastNs;
    }
    long leadNs = Math.max(0, levelNs(rival, slot) - slot.next.virtualTimeNs);
    long equalNs = nowNs + Math.ceilDiv(leadNs * slot.next.share.weight, 100L);
    return Math.min(lastNs, Math.max(equalNs, startedNs[slot.index] + config.rateLimitNs()));
  }

  /* Minus the credit that counts when `unit` is to take `slot`. */
  private long levelNs(SchedulingUnit unit, Slot slot) {
    boolean moves = unit.lastSlot >= 0 && unit.lastSlot != slot.index;
    return unit.virtualTimeNs + (moves ? config.migrateResistNs() : 0);
  }

  /* Who of its queue should have `slot` next. */
  private SchedulingUnit best(Slot slot) {
    RunList queue = queues[queueOf[slot.index]];
    SchedulingUnit best = SchedulingUnit.IDLE;
    for (int i = 0; i < queue.size(); i++) {
      SchedulingUnit unit = queue.get(i);
      if (unit.slots.contains(slot.index)
          && (best == SchedulingUnit.IDLE || comesBefore(unit, best, slot))) {
        best = unit;
      }
    }
    return best;
  }

  private boolean comesBefore(SchedulingUnit a, SchedulingUnit b, Slot slot) {
    long byNs = levelNs(a, slot) - levelNs(b, slot);
    return byNs != 0 ? byNs < 0 : a.sequence < b.sequence;
  }

  /* Each queue's free LPs go to its own waiters; what is left, to those of others. */
  private void fill(long nowNs) {
    for (int q = 0; q < queues.length; q++) {
      fill(q, q, q + 1, nowNs);
    }
    for (int q = 0; q < queues.length; q++) {
      fill(q, 0, queues.length, nowNs);
    }
  }

  private void fill(int q, int fromQueue, int toQueue, long nowNs) {
    while (!freeOf[q].isEmpty()) {
      SchedulingUnit best = SchedulingUnit.IDLE;
      for (int from = fromQueue; from < toQueue; from++) {
        for (int i = 0; i < queues[from].size(); i++) {
          SchedulingUnit unit = queues[from].get(i);
          boolean first = best == SchedulingUnit.IDLE || SchedulingUnit.before(unit, best);
          if (first && slots.nearest(unit, freeOf[q]) >= 0) {
            best = unit;
          }
        }
      }
      if (best == SchedulingUnit.IDLE) {
        return;
      }
      start(best, slots.get(slots.nearestIdleCore(best, freeOf[q])), nowNs);
    }
  }

  /* The time of the unit on `slot` is over: it goes behind its equals. */
  private void decide(Slot slot, long nowNs) {
    SchedulingUnit rival = best(slot);
    if (rival != SchedulingUnit.IDLE && levelNs(rival, slot) <= slot.next.virtualTimeNs) {
      displace(slot, rival, nowNs);
    } else {
      goOn(slot, nowNs);
    }
  }

  private void displace(Slot slot, SchedulingUnit unit, long nowNs) {
    SchedulingUnit out = slot.next;
    leave(slot);
    out.waitSlot = slot.index;
    enqueue(out);
    start(unit, slot, nowNs);
  }

  /*
   * Of the running units of its queue, a unit that woke preempts the one with least credit, if that
   * has less by more than the margin; one inside its rate limit only when there is no other, and at
   * the end of the limit.
   */
  private void tickle(SchedulingUnit unit, long nowNs) {
    int now = victim(unit, nowNs, true);
    if (now >= 0) {
      displace(slots.get(now), unit, nowNs);
      return;
    }
    int later = victim(unit, nowNs, false);
    if (later >= 0) {
      arm(slots.get(later), startedNs[later] + config.rateLimitNs());
    }
  }

  private int victim(SchedulingUnit unit, long nowNs, boolean pastLimit) {
    int victim = -1;
    long mostNs = config.wakeMarginNs();
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      Slot slot = slots.get(i);
      boolean past = slot.next == slot.running && nowNs - startedNs[i] >= config.rateLimitNs();
      if (queues[queueOf[i]] == unit.home
          && slot.next != SchedulingUnit.IDLE
          && past == pastLimit
          && slot.next.virtualTimeNs - levelNs(unit, slot) > mostNs) {
        mostNs = slot.next.virtualTimeNs - levelNs(unit, slot);
        victim = i;
      }
    }
    return victim;
  }

  /* Of the LPs that it waits for, the one that is decided next: it says where it waits. */
  private int waitSlot(SchedulingUnit unit) {
    int best = -1;
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      if (queues[queueOf[i]] == unit.home
          && (best < 0 || slots.get(i).sliceEndNs < slots.get(best).sliceEndNs)) {
        best = i;
      }
    }
    return best;
  }

  /*
   * Queue `q` had new credit. With the queue whose number of ready units differs most from its own,
   * by two at least, the longer of both gives the shorter the first waiting unit that may go there.
   */
  private void balance(int q) {
    int other = q;
    for (int i = 0; i < queues.length; i++) {
      if (Math.abs(readyCount(i) - readyCount(q)) > Math.abs(readyCount(other) - readyCount(q))) {
        other = i;
      }
    }
    int difference = readyCount(other) - readyCount(q);
    if (Math.abs(difference) < 2) {
      return;
    }
    RunList from = queues[difference > 0 ? other : q];
    int to = difference > 0 ? q : other;
    SchedulingUnit first = SchedulingUnit.IDLE;
    for (int i = 0; i < from.size(); i++) {
      SchedulingUnit unit = from.get(i);
      boolean before = first == SchedulingUnit.IDLE || SchedulingUnit.before(unit, first);
      if (before && mayUse(unit, to)) {
        first = unit;
      }
    }
    if (first != SchedulingUnit.IDLE) {
      from.remove(first);
      first.home = queues[to];
      first.home.add(first);
    }
  }

  private int readyCount(int q) {
    int count = queues[q].size();
    for (int i = 0; i < slots.count(); i++) {
      count += queueOf[i] == q && slots.get(i).next != SchedulingUnit.IDLE ? 1 : 0;
    }
    return count;
  }

  private boolean mayUse(SchedulingUnit unit, int q) {
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      if (queueOf[i] == q) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void checkInvariants(long nowNs) {
    for (RunList queue : queues) {
      queue.checkInvariants();
    }
    for (int i = 0; i < slots.count(); i++) {
      Slot slot = slots.get(i);
      SchedulerCheck.checkSlot(slots, slot);
      boolean idle = slot.running == SchedulingUnit.IDLE;
      Invariant.check(freeOf[queueOf[i]].contains(i) == idle, "free slots are known", i);
      Invariant.check(idle || simulation.armed(slot.timer), "who runs is decided again", i);
    }
    for (SchedulingUnit unit : units) {
      checkUnit(unit);
    }
  }

  private void checkUnit(SchedulingUnit unit) {
    VirtualProcessor vp = unit.vps[0];
    boolean runs = unit.slot >= 0;
    Invariant.check(vp.processor().backed() == runs, "exactly a running VP is backed", vp.id());
    Invariant.check(runs == (vp.state == State.RUNNING), "a VP on a slot runs", vp.id());
    Invariant.check(vp.state != State.BLOCKED || vp.resting(), "no wake-up is lost", vp.id());
    Invariant.check(
        unit.waiting() == (vp.state == State.READY), "exactly a ready VP waits", vp.id());
    Invariant.check(
        !unit.waiting() || unit.list == unit.home, "a unit waits in its queue", vp.id());
    Invariant.check(-unit.virtualTimeNs <= config.initialNs(), "nobody saves credit", vp.id());
    SchedulerCheck.checkNoneIdle(slots, unit);
  }

  @Override
  public String toString() {
    return "credit2, v is minus the credit\n" + SchedulerCheck.describe(slots, units);
  }
}
