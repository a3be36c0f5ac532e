package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Intercept;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.TimerHandler;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A task of one Linux: what its [Program] does, and whether it progresses (`struct task_struct`).
public final class Task implements TaskControl, TimerHandler {
  // Two clocks: the kernel charges (Entity) by the guest's, which has stolen time unless the guest
  // sees that; progress is what the task truly gets, between start() and stop().

  final LinuxKernel kernel;
  final Entity entity;
  TaskGroup group;

  /// The CPUs that it may use, as its cpuset and its affinity have it.
  CpuSet allowed = CpuSet.EMPTY;

  final CgroupMembership membership;
  final TaskAccounting accounting = new TaskAccounting();
  private final int id;
  private final String name;
  private final Program program;
  private final int workTimer;
  private final int sleepTimer;

  /// The CPU whose queue it is or was last on.
  int lastCpu = -1;

  boolean isNew = true;

  /// Its neighbours in its CPU's [TaskList].
  @Nullable Task newer;

  @Nullable Task older;

  /// What it pays before it progresses, and how fast it does.
  final Progress progress = new Progress(this);

  final WakeHistory wakes = new WakeHistory();

  /// The CPU that it used before the last one, -1 for none (`recent_used_cpu`).
  int recentCpu = -1;

  boolean parkRequested;
  boolean parked;

  /// Whether the trace has it throttled, where groups are throttled as a whole.
  boolean toldThrottled;

  /// Where its CPU's stopper shall push it, -1 for nowhere.
  int pushTo = -1;

  private SchedulingAttributes attributes;
  private boolean niced;
  private @Nullable Supplier<SchedulingAttributes> inherited;
  private TaskAction action = TaskAction.STEP;
  private boolean blocked = true;
  private boolean waking;
  private boolean signalled;
  private long remainingNs;
  private long sleepUntilNs;
  private @Nullable Processor carried;
  private @Nullable Task yieldTarget;

  Task(LinuxKernel kernel, int id, TaskParameters parameters, TaskGroup group, Program program) {
    this.kernel = kernel;
    this.id = id;
    this.name = parameters.path();
    this.group = group;
    this.program = program;
    CpuSet mask = parameters.affinity().orElse(CpuSet.range(0, kernel.cpuCount()));
    membership = new CgroupMembership(kernel.autogroup.session(parameters), group.cpuset(), mask);
    kernel.cpusets().adopt(this);
    entity = new Entity(this, null, group.queue(allowed.next(0)));
    attributes = parameters.attributes();
    start(attributes);
    workTimer = kernel.simulation.newTimer(TimerRank.WORK, this);
    sleepTimer = kernel.simulation.newTimer(TimerRank.SLEEP, this);
  }

  /// Starts with these attributes (`set_load_weight`, `sched_fork`).
  private void start(SchedulingAttributes with) {
    assign(with);
    entity.setWeight(with.weight(), with.inverse());
  }

  /// Takes new attributes but for the weight, which a queue must hear of.
  void assign(SchedulingAttributes to) {
    attributes = to;
    niced = to.nice() > 0;
    entity.sliceNs = to.sliceNs().orElse(kernel.baseSliceNs);
    entity.sliceCustom = to.sliceNs().isPresent();
    kernel.idleClassUsed |= to.policy() == SchedulingPolicy.IDLE;
  }

  /// Its policy, nice value and slice.
  public SchedulingAttributes attributes() {
    return attributes;
  }

  /// What to ask for its attributes when it begins.
  void inheritAtBegin(Supplier<SchedulingAttributes> parent) {
    inherited = parent;
  }

  @Override
  public int id() {
    return id;
  }

  String name() {
    return name;
  }

  Runqueue runqueue() {
    return entity.queue.runqueue;
  }

  int nice() {
    return attributes.nice();
  }

  /// Whether its nice value is positive.
  boolean niced() {
    return niced;
  }

  /// Whether a bandwidth limit keeps it from running (`task_is_throttled`, `throttled_hierarchy`).
  boolean throttled() {
    return parked || (kernel.groupThrottle != null && entity.queue.throttleCount > 0);
  }

  /// Its run time since it joined its cgroup.
  long execInGroupNs() {
    return entity.sumExecNs - membership.execAtJoinNs;
  }

  boolean exited() {
    return action == TaskAction.EXIT && blocked;
  }

  /// Whether it runs in the kernel: dispatching a VP or polling for it.
  boolean inKernel() {
    return action == TaskAction.CARRY || action == TaskAction.POLL;
  }

  boolean carries() {
    return action == TaskAction.CARRY;
  }

  boolean blocked() {
    return blocked;
  }

  boolean exiting() {
    return action == TaskAction.EXIT;
  }

  boolean canProgress() {
    return action == TaskAction.COMPUTE
        || action == TaskAction.CARRY
        || action == TaskAction.POLL
        || (action == TaskAction.STEP && progress.due(runqueue().processor));
  }

  /// From now it progresses: it is current on a backed CPU.
  void start(long nowNs) {
    if (progress.running() || parkRequested) {
      return;
    }
    progress.start(runqueue().processor, nowNs);
    if (action == TaskAction.CARRY) {
      progress.handOn(requireCarried(), nowNs);
      kernel.costs.dispatched(requireCarried(), nowNs);
      requireCarried().back(nowNs);
    } else if (action == TaskAction.STEP || remainingNs != FOREVER) {
      long workNs = action == TaskAction.STEP ? 0 : remainingNs;
      kernel.simulation.arm(workTimer, nowNs + progress.spanNs(workNs));
    }
  }

  void stop(long nowNs) {
    if (!progress.running()) {
      return;
    }
    long workNs = progress.stop(nowNs);
    if (action == TaskAction.CARRY) {
      requireCarried().unback(nowNs);
      return;
    }
    kernel.simulation.cancel(workTimer);
    if (action == TaskAction.POLL) {
      action = TaskAction.BLOCK;
    } else if (action == TaskAction.COMPUTE && remainingNs != FOREVER) {
      remainingNs -= workNs;
      if (remainingNs == 0) {
        action = TaskAction.STEP;
      }
    }
  }

  /// Another task is queued on the CPU where it polls (`single_task_running`): it blocks.
  void endPoll(long nowNs) {
    if (action == TaskAction.POLL) {
      stop(nowNs);
      action = TaskAction.BLOCK;
      runqueue().requestReschedule();
    }
  }

  /// Its CPU's speed changed, or the CPU owes more.
  void disturbed(long nowNs) {
    if (!progress.running()) {
      return;
    }
    if (action == TaskAction.CARRY) {
      progress.takeOn(runqueue().processor);
      progress.handOn(requireCarried(), nowNs);
    } else if (action == TaskAction.POLL) {
      progress.stop(nowNs);
      progress.start(runqueue().processor, nowNs);
    } else {
      stop(nowNs);
      start(nowNs);
    }
  }

  /// Its work is done, or its sleep over.
  @Override
  public void expire(long nowNs, int timer) {
    if (timer == workTimer) {
      workDone(nowNs);
    } else {
      sleepOver(nowNs);
    }
  }

  private void workDone(long nowNs) {
    progress.stop(nowNs);
    action = action == TaskAction.POLL ? TaskAction.BLOCK : TaskAction.STEP;
    runqueue().request();
  }

  @Override
  public boolean progressing() {
    return progress.running();
  }

  @Override
  public long progressNs(long nowNs) {
    return progress.doneNs(nowNs);
  }

  /// The task is current on a backed CPU and has no action: the program chooses one.
  void stepProgram(long nowNs) {
    if (action == TaskAction.STEP) {
      program.step(this, nowNs);
      Invariant.check(
          action != TaskAction.STEP || signalConsumed, "a program chooses an action", id);
      signalConsumed = false;
    }
    switch (action) {
      case STEP, COMPUTE, CARRY, POLL, ACCESS -> {}
      case YIELD -> {
        action = TaskAction.STEP;
        Yield.giveWay(this, yieldTarget, nowNs);
        yieldTarget = null;
        runqueue().requestReschedule();
      }
      case SLEEP -> {
        if (sleepUntilNs <= nowNs) {
          action = TaskAction.STEP;
        } else {
          runqueue().requestReschedule();
        }
      }
      case BLOCK, EXIT -> runqueue().requestReschedule();
    }
  }

  private boolean signalConsumed;

  private void choose(TaskAction chosen) {
    Invariant.check(action == TaskAction.STEP, "a program chooses one action per step", id);
    action = chosen;
  }

  @Override
  public void compute(long workNs) {
    Invariant.check(workNs >= 1, "a computation takes at least 1 ns", workNs);
    choose(TaskAction.COMPUTE);
    remainingNs = workNs;
  }

  @Override
  public void sleepUntil(long wakeNs) {
    choose(TaskAction.SLEEP);
    sleepUntilNs = wakeNs;
  }

  @Override
  public void block() {
    if (signalled) {
      signalled = false;
      signalConsumed = true;
      return;
    }
    choose(TaskAction.BLOCK);
  }

  @Override
  public void pollThenBlock(long pollNs) {
    Invariant.check(pollNs >= 1, "a poll takes at least 1 ns", pollNs);
    block();
    if (action == TaskAction.BLOCK && runqueue().queuedTaskCount == 1) {
      action = TaskAction.POLL;
      remainingNs = pollNs;
    }
  }

  @Override
  public void yieldProcessor() {
    choose(TaskAction.YIELD);
  }

  @Override
  public void yieldTo(TaskControl target) {
    choose(TaskAction.YIELD);
    yieldTarget = kernel.own(target);
  }

  @Override
  public void intercept(Intercept cause) {
    choose(TaskAction.ACCESS);
    TaskIntercept.begin(this, cause);
  }

  @Override
  public void exit() {
    choose(TaskAction.EXIT);
  }

  @Override
  public void carry(Processor vp) {
    choose(TaskAction.CARRY);
    carried = vp;
    kernel.trace.event(kernel.simulation.nowNs(), TraceKind.ENTER, id, vp.id(), 0, 0);
  }

  @Override
  public void surrender(long nowNs) {
    if (action != TaskAction.CARRY) {
      return;
    }
    stop(nowNs);
    Processor vp = requireCarried();
    carried = null;
    action = TaskAction.STEP;
    kernel.trace.event(nowNs, TraceKind.LEAVE, id, vp.id(), vp.stateAtLeave().ordinal(), 0);
    runqueue().request();
  }

  Processor requireCarried() {
    Processor vp = carried;
    if (vp == null) {
      throw new IllegalStateException(name + " carries no VP");
    }
    return vp;
  }

  @Override
  public void notifyLongSpin(long nowNs) {
    runqueue().processor.longSpin(nowNs);
  }

  @Override
  public void release(long nowNs) {
    if (action != TaskAction.COMPUTE) {
      return;
    }
    if (progress.running()) {
      progress.stop(nowNs);
      kernel.simulation.cancel(workTimer);
    }
    action = TaskAction.STEP;
    runqueue().request();
  }

  /// `task_sched_runtime`: only the queue that holds the task is brought up to date.
  @Override
  public long cpuClockNs(long nowNs) {
    entity.queue.updateCurrent(nowNs);
    return entity.sumExecNs;
  }

  @Override
  public void sample(long nowNs, Metric metric, long value) {
    kernel.trace.sample(nowNs, metric, id, value);
  }

  /// Called by schedule(): a task that chose to block leaves its queue now, perhaps delayed.
  PreviousState leaveIfBlocking(long nowNs) {
    switch (action) {
      case STEP, COMPUTE, CARRY, YIELD, ACCESS -> {
        return PreviousState.READY;
      }
      case POLL -> action = TaskAction.BLOCK;
      case SLEEP -> {
        if (sleepUntilNs <= nowNs) {
          return PreviousState.READY;
        }
        kernel.simulation.arm(sleepTimer, sleepUntilNs);
      }
      case BLOCK, EXIT -> {}
    }
    blocked = true;
    Dequeue how = action == TaskAction.EXIT ? Dequeue.EXIT : Dequeue.SLEEP;
    runqueue().fair.dequeue(this, how, nowNs);
    if (action == TaskAction.EXIT) {
      kernel.cpusets().release(this);
    }
    return action == TaskAction.EXIT ? PreviousState.EXITED : PreviousState.BLOCKED;
  }

  private void sleepOver(long nowNs) {
    Invariant.check(blocked && action == TaskAction.SLEEP, "a sleep timer wakes a sleeper", id);
    becomeReady(runqueue(), Entities.NONE, nowNs);
    runqueue().wakeByInterrupt(this, nowNs);
  }

  @Override
  public void signal(long nowNs, int waker, boolean sync) {
    if (action == TaskAction.POLL) {
      action = TaskAction.COMPUTE;
      release(nowNs);
      return;
    }
    if (action != TaskAction.BLOCK) {
      signalled |= action != TaskAction.EXIT;
      return;
    }
    if (!blocked) {
      action = TaskAction.STEP;
      return;
    }
    if (waking) {
      return;
    }
    becomeReady(runqueue(), waker, nowNs);
    Runqueue wakerCpu = kernel.runqueueOf(waker);
    if (wakerCpu != null) {
      kernel.wake(this, wakerCpu, sync, nowNs);
    } else {
      runqueue().wakeByInterrupt(this, nowNs);
    }
  }

  /// The first wake-up, on the CPU that fork balancing chooses.
  void begin(long nowNs) {
    Supplier<SchedulingAttributes> fork = inherited;
    if (fork != null) {
      start(fork.get());
    }
    int cpu = kernel.smp.forks.select(this, allowed.next(0));
    entity.queue = group.queue(cpu);
    becomeReady(runqueue(), Entities.NONE, nowNs);
    runqueue().wakeByInterrupt(this, nowNs);
  }

  private void becomeReady(Runqueue at, int waker, long nowNs) {
    waking = true;
    kernel.trace.event(nowNs, TraceKind.READY, id, at.processor.id(), waker, 0);
  }

  /// The kernel has it runnable again.
  void woken() {
    waking = false;
    blocked = false;
    action = TaskAction.STEP;
  }

  @Override
  public String toString() {
    return name + " " + action + (blocked ? " blocked" : "") + (parked ? " parked" : "");
  }
}
