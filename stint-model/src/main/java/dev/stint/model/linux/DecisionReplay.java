package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.ReplayResult.Disagreement;
import dev.stint.model.linux.ReplayResult.Kind;
import dev.stint.model.sched.Processor;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.PreviousState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Feeds a real kernel's recorded wake-ups, sleeps and run lengths to the model's queues and asks
/// the model, at every switch, who it would run next. Then the kernel's choice is followed, so that
/// each decision is judged by itself.
///
/// Ticks and bandwidth timers are the model's own, on the recording's clock.
public final class DecisionReplay {
  /*
   * A reschedule that the model asks for (at a tick, say) ends in a pick. If the kernel's pick was
   * the task that runs already, the recording shows nothing; so when no switch follows within
   * SETTLE_NS, or the next line shows that no reschedule is pending, the model picks too, and
   * should keep its task. It is this long because kernel threads give way only at their next
   * cond_resched.
   *
   * Several emulated CPUs take turns: what is asked of one happens when it gets its turn, which the
   * recording does not show. There only the next line that the CPU itself writes tells whether a
   * reschedule is pending.
   *
   * When a wake-up finds that a reschedule is due, the kernel does not read the clock again at the
   * switch (rq_clock_skip_update): the time of the wake-up, some microseconds before, divides the
   * previous task's run time from the next one's. heldClockNs is that time, or NOT_HELD.
   */
  private static final long NOT_HELD = -1;

  /// A task that polls its CPU-time clock does so about this often: a system call's time.
  private static final long POLL_NS = 2_000;

  /// After this a reschedule that was asked for has come and gone.
  private static final long SETTLE_NS = 400_000;

  /// A CPU that waits for its turn on the emulator gets it sooner.
  private static final long TURN_NS = 1_000_000_000;

  private final Simulation simulation = new Simulation(1);
  private final LinuxKernel kernel;
  private final Unrecorded unrecorded;
  private final ReplayTally tally;
  private final RecordedTasks tasks;
  private final FreedTasks freed;
  private final ModelRecording own = new ModelRecording();
  private final int[] pollTimers;
  private final int[] settleTimers;
  private final long[] heldClockNs;
  private final long[] requestedNs;

  /// Several emulated CPUs take turns: what is asked of one may happen later.
  private final boolean turns;

  private final RecordedMoves moves;

  /// A replay on a Linux of this configuration.
  ///
  /// @param disagreementsKept how many disagreements to describe; all are counted
  public DecisionReplay(
      LinuxConfig config,
      int cpus,
      Unrecorded unrecorded,
      int disagreementsKept,
      RecordedPlace.Setup setup) {
    this(config, cpus, unrecorded, disagreementsKept, setup, FreedTasks.NOBODY);
  }

  /// As above, with what [#runFreed] needs.
  public DecisionReplay(
      LinuxConfig config,
      int cpus,
      Unrecorded unrecorded,
      int disagreementsKept,
      RecordedPlace.Setup setup,
      FreedTasks freed) {
    this.freed = freed;
    this.unrecorded = unrecorded;
    Entities entities = new Entities();
    int partition = entities.add(EntityKind.PARTITION, "recorded", Entities.NONE);
    List<Processor> processors = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      int processor = entities.add(EntityKind.LP, "cpu" + cpu, Entities.NONE);
      own.cpu(processor, cpu);
      processors.add(Processor.alwaysBacked(processor));
    }
    kernel =
        new LinuxKernel(
            simulation,
            entities,
            own,
            config,
            new LinuxKernel.Place(
                partition, "recorded", processors, new int[cpus], unrecorded.tickPhaseNs()));
    kernel.recorded = true;
    turns = cpus > 1;
    Map<String, RecordedPlace> places = setup.places(kernel);
    kernel.groups().forEach(Reconciliation::keepRunTime);
    tally = new ReplayTally(disagreementsKept);
    tasks = new RecordedTasks(kernel, places, unrecorded, tally, freed::program, own);
    moves = new RecordedMoves(kernel, tasks.byPid(), tally);
    settleTimers = new int[cpus];
    pollTimers = new int[cpus];
    heldClockNs = new long[cpus];
    requestedNs = new long[cpus];
    Arrays.fill(heldClockNs, NOT_HELD);
    for (int cpu = 0; cpu < cpus; cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      settleTimers[cpu] = simulation.newTimer(TimerRank.OBSERVER, (_, _) -> settle(runqueue));
      pollTimers[cpu] = simulation.newTimer(TimerRank.WORK, (now, _) -> poll(runqueue, now));
    }
    simulation.afterEachInstant(this::armSettleTimers);
  }

  /// Replays `events`, ordered by time, and says how the decisions compare.
  public ReplayResult run(Iterable<RecordedEvent> events) {
    @Nullable RecordedEvent event = null;
    for (RecordedEvent following : events) {
      if (event != null) {
        replay(event, following);
      }
      event = following;
    }
    if (event != null) {
      replay(event, event);
    }
    return tally.result();
  }

  /// Replays `events` until the tasks are to be freed, and lets the model go on alone.
  public FreedTasks.Outcome runFreed(List<RecordedEvent> events) {
    List<RecordedEvent> all = new ArrayList<>();
    for (int i = 0; i + 1 < events.size() && events.get(i).timeNs() < freed.fromNs(); i++) {
      replay(events.get(i), events.get(i + 1));
      all.add(events.get(i));
    }
    simulation.run(freed.fromNs());
    for (int cpu = 0; cpu < settleTimers.length; cpu++) {
      settle(kernel.runqueue(cpu));
      simulation.cancel(pollTimers[cpu]);
    }
    new FreedKernel(kernel, tasks, own).run(freed);
    all.addAll(own.events());
    return new FreedTasks.Outcome(all, kernel.groups());
  }

  /// Replays one event; `following` is the next one, or itself if it is the last.
  private void replay(RecordedEvent event, RecordedEvent following) {
    simulation.run(Math.max(clockReadNs(event), simulation.nowNs()));
    if (event instanceof Wakeup && following instanceof Switch change) {
      leaveAutogroup(change);
    }
    switch (event) {
      case Wakeup wakeup -> wakeUp(wakeup, simulation.nowNs());
      case Switch change -> switchTask(change, clockNs(change.cpu()));
      case Migration migration -> moves.move(migration, following, simulation.nowNs());
    }
    armSettleTimers();
  }

  /// When the kernel read its clock for an event.
  private long clockReadNs(RecordedEvent event) {
    boolean sleeps =
        event instanceof Switch change
            && change.left() == Left.BLOCKED
            && heldClockNs[change.cpu()] == NOT_HELD;
    return sleeps ? event.timeNs() - unrecorded.sleepLeadNs() : event.timeNs();
  }

  /// A task that exits leaves its autogroup, which asks for a reschedule (`sched_move_task`), and
  /// then tells its parent: a wake-up just before its last switch. Of the former the recording says
  /// nothing.
  private void leaveAutogroup(Switch next) {
    Task exiting = kernel.runqueue(next.cpu()).current();
    if (next.left() != Left.GONE || exiting == null) {
      return;
    }
    if (!kernel.config.version().eevdf()) {
      exiting.runqueue().fair.dequeue(exiting, Dequeue.MOVE, simulation.nowNs());
      exiting.runqueue().fair.enqueue(exiting, false, simulation.nowNs());
    }
    exiting.runqueue().requestReschedule();
  }

  /// The time that a CPU's runqueue clock shows at a switch now.
  private long clockNs(int cpu) {
    long now = simulation.nowNs();
    long held = heldClockNs[cpu];
    heldClockNs[cpu] = NOT_HELD;
    return held == NOT_HELD ? now : Math.max(held, kernel.nextTickNs(now) - kernel.tickNs);
  }

  // --- Reschedules without a switch ---

  private void armSettleTimers() {
    if (!kernel.recorded) {
      return;
    }
    for (int cpu = 0; cpu < settleTimers.length; cpu++) {
      if (kernel.runqueue(cpu).rescheduleRequested() && !simulation.armed(settleTimers[cpu])) {
        requestedNs[cpu] = simulation.nowNs();
        if (turns && keepsAnyway(kernel.runqueue(cpu))) {
          kernel.runqueue(cpu).keepCurrent();
          continue;
        }
        long wait = turns ? TURN_NS : SETTLE_NS;
        simulation.arm(settleTimers[cpu], simulation.nowNs() + wait);
      }
    }
  }

  /// Whether the model would keep its task: then it matters little when the CPU gets its turn, and
  /// what the pick tidies away, delayed tasks, is gone by then.
  private boolean keepsAnyway(Runqueue runqueue) {
    Task running = runqueue.current();
    if (running == null) {
      return false;
    }
    Task picked = runqueue.fair.pick(simulation.nowNs());
    boolean keeps = picked == running && !running.parkRequested;
    forgetPark(picked);
    return keeps;
  }

  /// The model's reschedule came and went in the kernel without a switch.
  private void settle(Runqueue runqueue) {
    simulation.cancel(settleTimers[runqueue.cpu]);
    Task running = runqueue.current();
    if (!runqueue.rescheduleRequested()) {
      return;
    }
    runqueue.keepCurrent();
    if (running == null) {
      return;
    }
    String state = describe(runqueue);
    Task picked = runqueue.fair.pick(requestedNs[runqueue.cpu]);
    runqueue.keepCurrent();
    if (picked != running || running.parkRequested) {
      tally.kept++;
      String choice = picked == running ? "parks " + running.name() : name(picked);
      long changedNs =
          running.entity.onQueue && picked != running
              ? new Reconciliation(runqueue.fair, kernel.rules)
                  .towards(running, requestedNs[runqueue.cpu])
              : 0;
      note(runqueue, Kind.KEPT, running.name(), running.name(), choice, changedNs, state);
    }
    forgetPark(picked);
  }

  /// The running task reads its CPU-time clock: it is charged (`task_sched_runtime`), and if it
  /// must give way now, it does so at the end of this system call.
  private void poll(Runqueue runqueue, long nowNs) {
    Task running = runqueue.current();
    if (running == null || !tasks.polls(running)) {
      return;
    }
    simulation.arm(pollTimers[runqueue.cpu], nowNs + POLL_NS);
    running.entity.queue.updateCurrent(nowNs);
    if (runqueue.rescheduleRequested() && keepsRunning(running)) {
      runqueue.keepCurrent();
      simulation.cancel(settleTimers[runqueue.cpu]);
    }
  }

  private boolean keepsRunning(Task running) {
    for (Entity entity = running.entity; entity != null; entity = entity.parent()) {
      if (kernel.rules.pick(entity.queue) != entity || entity.queue.throttleCount > 0) {
        return false;
      }
    }
    return true;
  }

  private static void forgetPark(@Nullable Task task) {
    if (task != null) {
      task.parkRequested = false;
    }
  }

  // --- Wake-ups ---

  private void wakeUp(Wakeup event, long nowNs) {
    moves.flush(event.cpu(), nowNs);
    moves.flush(event.target(), nowNs);
    if (!event.needResched() && (turns || event.cpu() == event.target())) {
      settle(kernel.runqueue(event.cpu()));
    }
    if (!event.woken().fair()) {
      return;
    }
    Runqueue target = kernel.runqueue(event.target());
    Task task = tasks.of(event.woken(), event.fork() ? kernel.runqueue(event.cpu()) : null);
    if (task.runqueue().current() == task || task.parked) {
      return;
    }
    if (task.entity.onQueue && task.runqueue() != target) {
      RecordedMoves.leave(task, nowNs);
    }
    if (!task.entity.onQueue) {
      compareCpu(event, task);
      kernel.activate(task, target, event.fork(), nowNs);
    } else if (task.entity.delayed) {
      target.fair.requeueDelayed(task.entity, nowNs);
    } else {
      return;
    }
    if (target.current() != null) {
      boolean already = target.rescheduleRequested();
      target.fair.checkPreempt(task, event.fork(), nowNs);
      if (event.cpu() == event.target() && !already) {
        tally.preemptionChecks++;
        tally.equalPreemptionChecks += target.rescheduleRequested() == event.needResched() ? 1 : 0;
      }
      boolean due =
          event.cpu() == event.target() ? event.needResched() : target.rescheduleRequested();
      if (due) {
        heldClockNs[target.cpu] = nowNs;
      }
      if (turns && !due) {
        requestedNs[target.cpu] = nowNs;
        settle(target);
      }
    }
  }

  private void compareCpu(Wakeup event, Task task) {
    if (kernel.cpuCount() == 1) {
      return;
    }
    int chosen =
        event.fork()
            ? kernel.smp.forks.select(task, event.cpu())
            : kernel.smp.wakes.select(
                task, kernel.runqueue(event.cpu()), false, kernel.simulation.nowNs());
    tally.cpuChoices++;
    if (chosen == event.target()) {
      tally.equalCpuChoices++;
      return;
    }
    Runqueue at = kernel.runqueue(event.target());
    note(at, Kind.CPU, task.name(), "cpu" + event.target(), "cpu" + chosen, 0, kernel.toString());
  }

  // --- Switches ---

  private void switchTask(Switch event, long nowNs) {
    Runqueue runqueue = kernel.runqueue(event.cpu());
    simulation.cancel(settleTimers[event.cpu()]);
    Task previous = event.previous().fair() ? tasks.of(event.previous(), null) : null;
    if (runqueue.current() != previous) {
      force(runqueue, previous, nowNs);
    }
    leaveIfBlocked(previous, event.left(), nowNs);
    if (event.left() == Left.RUNNABLE_IN_KERNEL && previous != null) {
      parkIfThrottled(previous, nowNs);
    }
    if (moves.awaitsIdling(event.cpu())) {
      forgetPark(runqueue.fair.pick(nowNs));
    }
    moves.flush(event.cpu(), nowNs);
    String state = describe(runqueue);
    Task picked = runqueue.fair.pick(nowNs);
    if (picked != null && picked == previous && picked.parkRequested) {
      state = describe(runqueue);
      runqueue.park(picked, nowNs);
      picked = runqueue.fair.pick(nowNs);
    }
    Task next = event.next().fair() ? tasks.of(event.next(), null) : null;
    if (next != null || event.next().pid() == RecordedEvent.IDLE) {
      tally.picks++;
      tally.equalPicks += picked == next ? 1 : 0;
    }
    if (next != null) {
      queue(next, runqueue, nowNs);
    }
    if (picked != next && (next != null || event.next().pid() == RecordedEvent.IDLE)) {
      forgetPark(picked);
      tally.contest(next);
      tally.contest(picked);
      Reconciliation reconciliation = new Reconciliation(runqueue.fair, kernel.rules);
      long changedNs =
          next == null
              ? reconciliation.towardsIdle(picked, nowNs)
              : reconciliation.towards(next, nowNs);
      String who = event.previous() + " " + event.left();
      note(runqueue, Kind.PICK, who, name(next), name(picked), changedNs, state);
    }
    if (runqueue.current() != next) {
      boolean ended = event.left() == Left.GONE;
      runqueue.switchTo(next, ended ? PreviousState.EXITED : PreviousState.READY, nowNs);
    }
    if (next != null && tasks.polls(next)) {
      simulation.arm(pollTimers[runqueue.cpu], simulation.nowNs() + POLL_NS);
    } else {
      simulation.cancel(pollTimers[runqueue.cpu]);
    }
  }

  /// A task that leaves in the kernel though it could run on: if a limit holds its group back, it
  /// parked itself, and only then did its CPU look for other work.
  private void parkIfThrottled(Task previous, long nowNs) {
    Task picked = previous.runqueue().fair.pick(nowNs);
    if (picked == previous && picked.parkRequested) {
      previous.runqueue().park(previous, nowNs);
    } else {
      forgetPark(picked);
    }
  }

  private static void leaveIfBlocked(@Nullable Task task, Left left, long nowNs) {
    if (task == null) {
      return;
    }
    switch (left) {
      case RUNNABLE, RUNNABLE_IN_KERNEL -> {}
      case BLOCKED -> task.runqueue().fair.dequeue(task, Dequeue.SLEEP, nowNs);
      case GONE -> task.runqueue().fair.dequeue(task, Dequeue.EXIT, nowNs);
    }
  }

  /// Makes `task` current where the model has another: a line is missing, or an earlier
  /// disagreement left the model's queue different.
  private void force(Runqueue runqueue, @Nullable Task task, long nowNs) {
    if (task != null) {
      queue(task, runqueue, nowNs);
    }
    if (runqueue.current() != task) {
      runqueue.switchTo(task, PreviousState.READY, nowNs);
    }
  }

  /// Makes sure that the kernel's next task is on this CPU's queue.
  private void queue(Task task, Runqueue runqueue, long nowNs) {
    if (kernel.groupThrottle != null) {
      Reconciliation.release(task, nowNs);
    }
    if (task.entity.onQueue && task.runqueue() == runqueue && !task.entity.delayed) {
      return;
    }
    tally.forced++;
    if (task.parked) {
      task.parked = false;
      task.entity.queue.limbo.remove(task);
    }
    if (task.entity.onQueue && task.runqueue() != runqueue) {
      if (task.runqueue().current() == task) {
        task.runqueue().switchTo(null, PreviousState.READY, nowNs);
      }
      RecordedMoves.leave(task, nowNs);
    }
    if (task.entity.delayed) {
      runqueue.fair.requeueDelayed(task.entity, nowNs);
    } else {
      kernel.activate(task, runqueue, false, nowNs);
    }
  }

  private static String name(@Nullable Task task) {
    return task == null ? "idle" : task.name();
  }

  private String describe(Runqueue runqueue) {
    return tally.describes() ? QueueTree.text(runqueue) : "";
  }

  private void note(
      Runqueue at,
      Kind kind,
      String previous,
      String expected,
      String chosen,
      long changedNs,
      String state) {
    tally.note(
        new Disagreement(
            simulation.nowNs(), at.cpu, kind, previous, expected, chosen, changedNs, state));
  }
}
