package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.ProcessorUser;
import dev.stint.model.sim.Deferred;
import dev.stint.model.sim.TimerHandler;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One CPU of a Linux: its runqueue, its tick, its interrupts, and `schedule()` (`struct rq`).
///
/// The CPU's time comes from a [Processor]: while that is unbacked nothing here happens, though the
/// world goes on; interrupts wait and are handled when it is backed again, so ticks and timers are
/// late, never lost.
final class Runqueue implements ProcessorUser, Deferred, TimerHandler {
  /*
   * Every cause of work ends in request(): a deferred step at the end of the instant, which loops:
   * schedule if asked to, let the current task choose its next action, park it if its group is
   * throttled; until there is nothing left to decide. Then the task progresses, or the CPU halts.
   */
  private static final int STEPS_PER_INSTANT_MAX = 100_000;

  final LinuxKernel kernel;
  final int cpu;
  final Processor processor;
  final FairClass fair;
  final FairQueue root;
  final StolenLoad stolen;
  final CpuTimes times;

  private final boolean seesSteal;

  /// How this CPU's load averages aged last.
  final PeltStep peltStep = new PeltStep();

  /// Tasks queued on this CPU: running, waiting and delayed (`nr_running`).
  int queuedTaskCount;

  /// An interrupt that a recording gives is not over: no pass of the scheduler before its end.
  boolean inInterrupt;

  private @Nullable Task current;
  private boolean rescheduleRequested;

  /// A wish of the fair class that waits for the next kernel entry (TIF_NEED_RESCHED_LAZY).
  private boolean lazilyRequested;

  private final int step;
  private boolean deferred;
  private final int tickTimer;
  private boolean tickPending;
  private boolean causePending; // a wake-up, or a timer of a limit
  private final ArrayDeque<Task> pendingWakes = new ArrayDeque<>(4);
  private final ArrayDeque<Bandwidth> pendingBandwidth = new ArrayDeque<>(0);
  private final ArrayDeque<FairQueue> pendingUnthrottles = new ArrayDeque<>(0);
  private final int softirqTimer;

  /// What placement and balancing know of this CPU.
  final CpuBalance balance = new CpuBalance();

  Runqueue(LinuxKernel kernel, int cpu, Processor processor, TaskGroup rootGroup) {
    this.kernel = kernel;
    this.cpu = cpu;
    this.processor = processor;
    fair = new FairClass(this);
    root = new FairQueue(this, rootGroup);
    rootGroup.rootQueue(cpu, root);
    seesSteal = kernel.config.stealClock();
    stolen = new StolenLoad(processor, seesSteal && kernel.cpuCount() > 1);
    times = new CpuTimes(this, kernel.config);
    step = kernel.simulation.newDeferred(this);
    tickTimer = kernel.simulation.newTimer(TimerRank.TICK, this);
    softirqTimer = kernel.simulation.newTimer(TimerRank.SOFTIRQ, this);
  }

  @Nullable Task current() {
    return current;
  }

  /// Wake-ups that wait for this CPU to be backed.
  int pendingWakeCount() {
    return pendingWakes.size();
  }

  boolean idle() {
    return current == null && queuedTaskCount == 0 && pendingWakes.isEmpty();
  }

  /// Whether it has tasks and all are of the idle class: placement takes it for idle
  /// (`sched_idle_rq`).
  boolean onlyIdlePolicy() {
    return queuedTaskCount > 0 && kernel.idleClassUsed && root.onlyIdleClass();
  }

  boolean rescheduleRequested() {
    return rescheduleRequested;
  }

  /// `rq_clock_task`: time as the guest can know it, without stolen time if it has a steal clock.
  long clockTaskNs(long nowNs) {
    return seesSteal ? nowNs - processor.deniedNs(nowNs) : nowNs;
  }

  // --- From the layer below ---

  @Override
  public void backed(long nowNs) {
    stolen.update(nowNs);
    Task task = current;
    if (task == null || rescheduleRequested || !task.canProgress()) {
      request();
    } else {
      task.start(nowNs);
    }
  }

  @Override
  public void unbacked(long nowNs) {
    Task task = current;
    if (task != null) {
      task.stop(nowNs);
    }
  }

  @Override
  public void interrupted(long nowNs) {
    Runqueue outer = kernel.entered;
    kernel.entered = this;
    takeInterrupts(nowNs);
    kernel.entered = outer;
    request();
  }

  @Override
  public void disturbed(long nowNs) {
    if (current != null) {
      current.disturbed(nowNs);
    }
  }

  private void takeInterrupts(long nowNs) {
    if (causePending) {
      causePending = false;
      takeCauses(nowNs);
    }
    if (tickPending) {
      tickPending = false;
      tick(nowNs);
    }
    if (balance.softirqPending) {
      balance.softirqPending = false;
      kernel.smp.softirq(this, nowNs);
    }
    if (balance.kicked) {
      kernel.smp.nohz.run(this, nowNs);
    }
  }

  private void takeCauses(long nowNs) {
    while (!pendingBandwidth.isEmpty()) {
      pendingBandwidth.removeFirst().timersDelivered(nowNs);
    }
    while (!pendingUnthrottles.isEmpty()) {
      FairQueue queue = pendingUnthrottles.removeFirst();
      queue.group.bandwidth.unthrottle(queue, nowNs);
    }
    while (!pendingWakes.isEmpty()) {
      kernel.wake(pendingWakes.removeFirst(), this, false, nowNs);
    }
  }

  // --- Causes of work ---

  /// The current task must give way if another is to run (`resched_curr`); to another CPU it goes
  /// as an interrupt.
  void requestReschedule() {
    rescheduleRequested = true;
    request();
  }

  /// The fair class wishes the current task to give way (`resched_curr_lazy`). Under lazy
  /// preemption a CPU that runs user code finds out when it next enters the kernel.
  void requestRescheduleLazily() {
    if (kernel.config.preempt() != PreemptModel.LAZY) {
      requestReschedule();
      return;
    }
    lazilyRequested = true;
    if (kernel.entered == this || current == null) {
      request();
    }
  }

  /// Asks this CPU to look at its queue, from another CPU (`resched_curr` with an IPI).
  void rescheduleByInterrupt(long nowNs) {
    rescheduleRequested = true;
    kernel.costs.asked(this, nowNs);
    processor.interrupt(nowNs);
  }

  /// A reschedule ended with the task that runs already.
  void keepCurrent() {
    rescheduleRequested = false;
  }

  void rescheduleIfIdle() {
    if (current == null && queuedTaskCount > 0) {
      requestReschedule();
    }
  }

  /// A task polls only while it is alone.
  void endPoll(long nowNs) {
    if (current != null && queuedTaskCount > 1) {
      current.endPoll(nowNs);
    }
  }

  /// A step is due at the end of this instant.
  void request() {
    if (!deferred) {
      deferred = true;
      kernel.simulation.defer(step);
    }
  }

  /// A wake-up reaches this CPU as an interrupt of its own timer or of a device.
  void wakeByInterrupt(Task task, long nowNs) {
    pendingWakes.addLast(task);
    causePending = true;
    processor.interrupt(nowNs);
  }

  void bandwidthTimerExpired(Bandwidth bandwidth, long nowNs) {
    pendingBandwidth.addLast(bandwidth);
    causePending = true;
    processor.interrupt(nowNs);
  }

  void unthrottleRemotely(FairQueue queue, long nowNs) {
    pendingUnthrottles.addLast(queue);
    causePending = true;
    processor.interrupt(nowNs);
  }

  /// A balance is to follow once the ticks of this instant are over.
  void raiseBalance(long nowNs) {
    kernel.simulation.arm(softirqTimer, nowNs);
  }

  // --- The tick ---

  /// The tick is due, or what it left for after it.
  @Override
  public void expire(long nowNs, int timer) {
    if (timer == tickTimer) {
      tickPending = true;
    } else {
      balance.softirqPending = true;
    }
    processor.interrupt(nowNs);
  }

  private void tick(long nowNs) {
    Task task = current;
    if (task == null) {
      return;
    }
    kernel.costs.ticked(this, task, nowNs);
    times.tick(task, nowNs);
    kernel.sampleLoad(nowNs);
    rescheduleRequested |= lazilyRequested;
    fair.tick(task, nowNs);
    kernel.blockedLoad.tick(this, nowNs);
    if (!kernel.recorded) {
      kernel.smp.tick(this, nowNs);
    }
    armTick(nowNs);
  }

  private void armTick(long nowNs) {
    kernel.simulation.arm(tickTimer, kernel.nextTickNs(nowNs));
  }

  // --- schedule() ---

  @Override
  public void runDeferred(long nowNs) {
    deferred = false;
    if (!processor.backed() || kernel.recorded || inInterrupt) {
      return;
    }
    Runqueue outer = kernel.entered;
    kernel.entered = this;
    settle(nowNs);
    kernel.entered = outer;
  }

  /// Schedules and steps the current task until there is nothing left to decide.
  private void settle(long nowNs) {
    for (int step = 0; step < STEPS_PER_INSTANT_MAX && !processor.intercepted(); step++) {
      if (rescheduleRequested || lazilyRequested) {
        schedule(nowNs);
      }
      Task task = current;
      if (task == null) {
        processor.halt(nowNs);
        return;
      }
      if (task.pushTo >= 0 && AffinityMove.push(task, this, nowNs)) {
        continue;
      }
      if (task.parkRequested) {
        parkAndSwitch(task, nowNs);
      } else if (!task.canProgress()) {
        task.stepProgram(nowNs);
      }
      if (!rescheduleRequested && !lazilyRequested && task == current && task.canProgress()) {
        task.start(nowNs);
        return;
      }
    }
    Invariant.check(processor.intercepted(), "a CPU settles within an instant", cpu);
  }

  /// The running task must leave this CPU: its stopper wakes ([AffinityMove]).
  void pushByInterrupt(long nowNs) {
    processor.interrupt(nowNs);
  }

  /// The current task has just left its queue: another is chosen at once.
  void reschedule(long nowNs) {
    requestReschedule();
    schedule(nowNs);
  }

  private void clearReschedule() {
    rescheduleRequested = false;
    lazilyRequested = false;
  }

  private void schedule(long nowNs) {
    clearReschedule();
    Task previous = current;
    PreviousState state = PreviousState.NONE;
    if (previous != null) {
      state = previous.leaveIfBlocking(nowNs);
    }
    if (balance.push != null) {
      pushRunning(state, nowNs);
      previous = null;
      state = PreviousState.NONE;
    }
    Task next = fair.pick(nowNs);
    if (next == null && kernel.smp.newidle.pull(this, nowNs)) {
      next = fair.pick(nowNs);
    }
    clearReschedule();
    if (next != previous) {
      switchTo(next, state, nowNs);
    } else if (next != null) {
      balance.tasks.moveFirst(next);
    }
    if (next == null) {
      kernel.smp.idles(this);
      kernel.blockedLoad.idles(this, nowNs);
    }
  }

  /// The stopper takes the CPU for no time and gives the task that ran away.
  private void pushRunning(PreviousState state, long nowNs) {
    if (current != null) {
      switchTo(null, state, nowNs);
    }
    kernel.smp.active.push(this, nowNs);
  }

  /// `next`, picked already, takes the CPU (`context_switch`).
  void switchTo(@Nullable Task next, PreviousState state, long nowNs) {
    Task previous = current;
    if (previous != null) {
      previous.stop(nowNs);
    }
    kernel.costs.switched(this, previous, next, nowNs);
    fair.switchCurrent(previous, next, nowNs);
    if (state == PreviousState.EXITED && previous != null) {
      previous.entity.queue.load.remove(previous.entity, nowNs);
    }
    clearReschedule();
    current = next;
    times.switched(next == null, nowNs);
    if (previous != null) {
      previous.accounting.departed(state == PreviousState.READY, nowNs);
    }
    if (kernel.pressure != null) {
      kernel.pressure.switched(previous, next, nowNs);
    }
    if ((previous == null) != (next == null)) {
      kernel.blockedLoad.changeIdle(next == null ? 1 : -1);
    }
    if (next == null) {
      kernel.simulation.cancel(tickTimer);
    } else {
      balance.tasks.moveFirst(next);
      next.lastCpu = cpu;
      next.accounting.arrived(nowNs);
      if (!kernel.simulation.armed(tickTimer)) {
        armTick(nowNs);
      }
    }
    kernel.trace.event(
        nowNs,
        TraceKind.SWITCH,
        processor.id(),
        previous == null ? Entities.NONE : previous.id(),
        next == null ? Entities.NONE : next.id(),
        state.ordinal());
    if (kernel.groupThrottle != null && previous != null) {
      kernel.groupThrottle.tell(previous, nowNs);
    }
  }

  /// The task that was picked through a throttled level takes itself off at its return to user mode
  /// (`throttle_cfs_rq_work`).
  private void parkAndSwitch(Task task, long nowNs) {
    if (!park(task, nowNs)) {
      return;
    }
    reschedule(nowNs);
    kernel.trace.event(
        nowNs,
        TraceKind.THROTTLE,
        task.id(),
        processor.id(),
        kernel.throttlingRule(task.entity.queue),
        0);
  }

  /// Takes the running task off its queue until the throttling ends; false if it has ended already.
  boolean park(Task task, long nowNs) {
    task.parkRequested = false;
    FairQueue queue = task.entity.queue;
    if (queue.throttleCount == 0) {
      return false;
    }
    task.stop(nowNs);
    Invariant.check(fair.dequeue(task, Dequeue.THROTTLE, nowNs), "a parked task is not delayed");
    task.parked = true;
    queue.limbo.addFirst(task);
    return true;
  }

  /// The queue's throttling has ended: its parked tasks compete again (`tg_unthrottle_up`).
  void releaseLimbo(FairQueue queue, long nowNs) {
    while (!queue.limbo.isEmpty()) {
      Task task = queue.limbo.removeFirst();
      task.parked = false;
      fair.enqueue(task, false, nowNs);
      kernel.trace.event(nowNs, TraceKind.UNTHROTTLE, task.id(), processor.id(), 0, 0);
    }
  }

  /// A parked task came from another queue: it waits for this one's quota, or competes.
  void parkOrEnqueue(Task task, long nowNs) {
    FairQueue queue = task.entity.queue;
    queue.limbo.addFirst(task);
    if (queue.throttleCount == 0) {
      releaseLimbo(queue, nowNs);
      if (current == null) {
        rescheduleByInterrupt(nowNs);
      }
    }
  }

  @Override
  public String toString() {
    return "cpu" + cpu + " " + processor + " current " + current + "\n" + root;
  }
}
