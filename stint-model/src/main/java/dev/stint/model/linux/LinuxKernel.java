package dev.stint.model.linux;

import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Costs;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// One running Linux: CPUs over the processors it was given, cgroups, tasks.
public final class LinuxKernel {
  private static final long BASE_SLICE_UNSCALED_NS = 700_000L;
  private static final int SCALING_CPUS_MAX = 8;

  final Simulation simulation;
  final TraceSink trace;
  final LinuxConfig config;
  final long tickNs;
  final long baseSliceNs;
  final FairRules rules;
  final Smp smp;

  /// Present where a throttled group leaves as a whole.
  final @Nullable GroupThrottle groupThrottle;

  /// Present when the kernel is observed.
  @Nullable Pressure pressure;

  /// What scheduling costs.
  SwitchCosts costs;

  /// The load averages of /proc/loadavg.
  final SystemLoad systemLoad;

  /// Ages the load of what sleeps.
  final BlockedLoad blockedLoad;

  /// Whether the CPUs' decisions come from a recording ([DecisionReplay]): no CPU schedules or
  /// balances by itself.
  boolean recorded;

  /// Whether a task or group of the idle class ever existed.
  boolean idleClassUsed;

  final Autogroup autogroup = new Autogroup(this);

  /// The CPU that is in this kernel's code now: what it wishes for itself needs no interrupt.
  @Nullable Runqueue entered;

  private final Entities entities;
  private final int partition;
  private final String path;
  private final TickGrid ticks;
  private final Runqueue[] runqueues;
  private final Cpusets cpusets;
  private final TaskGroup rootGroup;
  private final List<Task> tasks = new ArrayList<>();
  private final List<TaskGroup> groups = new ArrayList<>();
  private @Nullable Task[] taskById = new Task[0];

  /// Where a kernel lives.
  ///
  /// @param partition entity id of its partition
  /// @param path the partition's path, the prefix of its cgroups' paths
  /// @param processors its CPUs in order
  /// @param topology what its CPUs share
  /// @param tickPhaseNs its ticks fall on multiples of the tick period plus this
  public record Place(
      int partition,
      String path,
      List<Processor> processors,
      CpuTopology topology,
      long tickPhaseNs) {
    /// A place without SMT, in one node, with the last-level cache of each CPU.
    public Place(
        int partition, String path, List<Processor> processors, int[] cacheOf, long tickPhaseNs) {
      this(partition, path, processors, CpuTopology.ofCaches(cacheOf), tickPhaseNs);
    }
  }

  /// Boots a Linux: attaches itself to its processors as their user.
  public LinuxKernel(
      Simulation simulation, Entities entities, TraceSink trace, LinuxConfig config, Place place) {
    this.simulation = simulation;
    this.entities = entities;
    this.trace = trace;
    this.config = config;
    partition = place.partition();
    path = place.path();
    tickNs = config.tickNs();
    ticks = new TickGrid(tickNs, place.tickPhaseNs());
    int cpus = place.processors().size();
    int factor = 1 + 31 - Integer.numberOfLeadingZeros(Math.min(cpus, SCALING_CPUS_MAX));
    groupThrottle = config.version().taskThrottling() ? null : new GroupThrottle(this);
    systemLoad = new SystemLoad(config);
    baseSliceNs = config.baseSliceNs().orElse(BASE_SLICE_UNSCALED_NS * factor);
    rules = FairRules.of(config.version(), factor, baseSliceNs, tickNs);
    runqueues = new Runqueue[cpus];
    blockedLoad = new BlockedLoad(this);
    smp = new Smp(this, place.topology());
    costs = SwitchCosts.of(this, Costs.NONE);
    cpusets = new Cpusets(this);
    rootGroup =
        new TaskGroup(
            this,
            Entities.NONE,
            path + "/",
            null,
            GroupWeight.DEFAULT,
            Optional.empty(),
            cpusets.root());
    for (int cpu = 0; cpu < cpus; cpu++) {
      runqueues[cpu] = new Runqueue(this, cpu, place.processors().get(cpu), rootGroup);
    }
    smp.start();
    for (Runqueue runqueue : runqueues) {
      runqueue.processor.attachUser(runqueue);
    }
  }

  /// The root cgroup.
  public TaskGroup rootGroup() {
    return rootGroup;
  }

  /// Number of CPUs.
  public int cpuCount() {
    return runqueues.length;
  }

  /// The base slice in force, in nanoseconds.
  public long baseSliceNs() {
    return baseSliceNs;
  }

  /// Its cpusets, and the masks of its tasks.
  public Cpusets cpusets() {
    return cpusets;
  }

  /// All cgroups but the root, in order of creation.
  public List<TaskGroup> groups() {
    return List.copyOf(groups);
  }

  /// Makes a cgroup called `groupPath` (`gold`, `gold/inner`) below `parent`.
  public TaskGroup createGroup(
      String groupPath,
      TaskGroup parent,
      int weight,
      Optional<Quota> quota,
      Optional<CpuSet> cpus) {
    return createGroup(groupPath, parent, new GroupWeight.OfWeight(weight), quota, cpus);
  }

  /// Makes a cgroup called `groupPath` below `parent`.
  public TaskGroup createGroup(
      String groupPath,
      TaskGroup parent,
      GroupWeight weight,
      Optional<Quota> quota,
      Optional<CpuSet> cpus) {
    String full = path + "/cgroup:" + groupPath;
    int above = parent == rootGroup ? partition : parent.id();
    int id = entities.add(EntityKind.GROUP, full, above);
    String name = groupPath.substring(groupPath.lastIndexOf('/') + 1);
    TaskGroup group =
        new TaskGroup(this, id, full, parent, weight, quota, cpusets.make(name, parent));
    groups.add(group);
    cpus.ifPresent(list -> CpusetResult.require(cpusets.writeCpus(group, list)));
    return group;
  }

  /// Makes a task that becomes ready first at `startNs`, and returns its controls.
  public TaskControl createTask(
      TaskParameters parameters, TaskGroup group, Program program, long startNs) {
    Task task = newTask(parameters, group, program);
    int starter = simulation.newTimer(TimerRank.DEVICE, (now, _) -> task.begin(now));
    simulation.arm(starter, startNs);
    return task;
  }

  Task newTask(TaskParameters parameters, TaskGroup group, Program program) {
    int id = entities.add(parameters.kind(), parameters.path(), partition, group.id());
    TaskGroup competesIn = autogroup.of(group, parameters.session());
    Task task = new Task(this, id, parameters, competesIn, program);
    tasks.add(task);
    return task;
  }

  /// Makes a task that `parent` forks at `startNs`: it starts with the attributes that its parent
  /// has then.
  ///
  /// @param parameters those attributes are replaced
  /// @param resetOnFork whether the parent set SCHED_RESET_ON_FORK
  public TaskControl createChild(
      TaskControl parent,
      boolean resetOnFork,
      TaskParameters parameters,
      TaskGroup group,
      Program program,
      long startNs) {
    Task forker = own(parent);
    Task child = own(createTask(parameters, group, program, startNs));
    child.inheritAtBegin(() -> forker.attributes().ofChild(resetOnFork));
    return child;
  }

  /// A task's policy, nice value and slice (sched_getattr).
  public SchedulingAttributes attributes(TaskControl task) {
    return own(task).attributes();
  }

  /// Changes a task's policy, nice value and slice now (sched_setattr, setpriority), unless it
  /// ends.
  public void setAttributes(TaskControl task, SchedulingAttributes attributes, long nowNs) {
    if (!own(task).exiting()) {
      SchedChange.apply(own(task), attributes, nowNs);
    }
  }

  /// Prepares a group for a limit that [#setQuota] will give it; to be called before the run, for a
  /// group made without one.
  ///
  /// @param phaseNs when periods begin, modulo 100 ms; absent for a random phase
  public void prepareQuota(TaskGroup group, OptionalLong phaseNs) {
    group.bandwidth().prepare(phaseNs, Bandwidth.DEFAULT_PERIOD_NS);
  }

  /// Writes a group's `cpu.max` and `cpu.max.burst` from its first CPU; empty lifts the limit. The
  /// phase of a limit stays that of the group.
  public void setQuota(TaskGroup group, Optional<Quota> quota) {
    if (!group.bandwidth().limitable()) {
      throw new IllegalArgumentException(
          group + " was made without a limit and not prepared for one");
    }
    group
        .bandwidth()
        .configure(quota, runqueues[Math.max(0, group.cpus().next(0))], simulation.nowNs());
  }

  /// Whether cgroup v1 takes this limit for a group; if not, the write fails with EINVAL.
  public boolean acceptsQuotaV1(TaskGroup group, Optional<Quota> quota) {
    return group != rootGroup && QuotaRatio.accepts(group, quota);
  }

  Task own(TaskControl control) {
    if (control instanceof Task task && task.kernel == this) {
      return task;
    }
    throw new IllegalArgumentException(control + " is not a task of " + path);
  }

  /// The task's parent group's queue and all below on a CPU enter or leave throttling
  /// (`tg_throttle_down`, `tg_unthrottle_up`). The kernel walks a group's children from the last
  /// made to the first, and tasks that come back first meet an empty queue, which costs them their
  /// lag.
  void changeThrottleCount(TaskGroup group, int cpu, int delta, long nowNs) {
    FairQueue queue = group.queue(cpu);
    if (delta > 0) {
      queue.throttleCount += delta;
      if (groupThrottle != null) {
        Bandwidth.recordQueued(queue, nowNs);
      }
      queue.load.stopClock(nowNs);
    }
    for (int i = group.children.size() - 1; i >= 0; i--) {
      changeThrottleCount(group.children.get(i), cpu, delta, nowNs);
    }
    if (delta < 0) {
      queue.throttleCount += delta;
      if (queue.throttleCount == 0) {
        Bandwidth.endThrottled(queue, nowNs);
        queue.load.startClock(nowNs);
        queue.runqueue.releaseLimbo(queue, nowNs);
        if (groupThrottle != null) {
          groupThrottle.release(queue, nowNs);
        }
      }
    }
  }

  int quotaRule(TaskGroup group) {
    return entities.add(EntityKind.RULE, "quota:" + group, group.id());
  }

  /// The rule that throttles a queue: its own, or the nearest ancestor's.
  int throttlingRule(FairQueue from) {
    FairQueue queue = from;
    while (!queue.throttled) {
      TaskGroup parent = queue.group.parent();
      if (parent == null) {
        throw new IllegalStateException("no limit throttles " + from);
      }
      queue = parent.queue(queue.runqueue.cpu);
    }
    return queue.group.bandwidth.rule();
  }

  Runqueue runqueue(int cpu) {
    return runqueues[cpu];
  }

  /// The path of its partition.
  public String path() {
    return path;
  }

  /// The next tick of any CPU after now: all CPUs' ticks share one grid.
  long nextTickNs(long nowNs) {
    return ticks.nextNs(nowNs);
  }

  /// Number of tick periods since the start: the kernel's coarse time.
  long jiffy(long nowNs) {
    return ticks.jiffy(nowNs);
  }

  /// The CPU that a task of this kernel runs on, or null for the waker [Entities#NONE].
  @Nullable Runqueue runqueueOf(int taskId) {
    if (taskId == Entities.NONE) {
      return null;
    }
    if (taskById.length == 0) {
      taskById = new Task[entities.count()];
      for (Task task : tasks) {
        taskById[task.id()] = task;
      }
    }
    Task waker = taskById[taskId];
    return waker == null ? null : waker.runqueue();
  }

  /// Makes a blocked task runnable, from an interrupt or a task on `from`'s CPU (`try_to_wake_up`);
  /// `sync` when that task is about to sleep.
  void wake(Task task, Runqueue from, boolean sync, long nowNs) {
    Runqueue addressed = task.runqueue();
    task.woken();
    boolean fork = task.isNew && !config.settled();
    task.isNew = false;
    task.accounting.queued(nowNs);
    if (task.entity.onQueue) {
      addressed.fair.requeueDelayed(task.entity, nowNs);
      settled(task, nowNs);
      addressed.fair.checkPreempt(task, false, nowNs);
      return;
    }
    boolean stays = fork && task.allowed.contains(addressed.cpu);
    int cpu = stays ? addressed.cpu : smp.wakes.select(task, from, sync, nowNs);
    Runqueue target = runqueues[cpu];
    activate(task, target, fork, nowNs);
    if (!fork) {
      NewidleBalance.wokeUp(target, nowNs);
    }
    if (target.current() == null) {
      if (target == from) {
        target.requestReschedule();
      } else {
        target.rescheduleByInterrupt(nowNs);
      }
    } else {
      target.fair.checkPreempt(task, fork, nowNs);
    }
  }

  /// Puts a task that is on no queue on `target`'s (`activate_task`).
  void activate(Task task, Runqueue target, boolean fork, long nowNs) {
    Runqueue previous = task.runqueue();
    if (target != previous) {
      task.entity.queue.load.remove(task.entity, nowNs);
      if (!fork) {
        rules.changeQueue(task.entity.queue, task.entity);
      }
    }
    task.entity.queue = task.group.queue(target.cpu);
    target.fair.enqueue(task, fork, nowNs);
    if (target != previous) {
      trace.event(
          nowNs, TraceKind.MOVE, task.id(), previous.processor.id(), target.processor.id(), 0);
    }
    settled(task, nowNs);
  }

  /// Also keeps what only observers read, the pressure of its cgroups; to be called before the run
  /// begins.
  public void observe() {
    pressure = new Pressure(this);
  }

  /// Has scheduling cost time; to be called before the run begins.
  public void charge(Costs what) {
    costs = SwitchCosts.of(this, what);
  }

  /// Tells the trace what the running tasks have lost up to now; the run may go on.
  public void settleCosts(long nowNs) {
    for (Runqueue runqueue : runqueues) {
      if (runqueue.processor.backed()) {
        runqueue.disturbed(nowNs);
      }
    }
  }

  /// What a process in this kernel reads now: files of /proc and of the cgroup v2 tree, by path
  /// without a leading slash (`proc/stat`, `sys/fs/cgroup/gold/cpu.stat`), in the kernel's own
  /// text.
  public SortedMap<String, String> files() {
    return GuestFiles.of(this, simulation.nowNs());
  }

  /// The figures of a cgroup's `cpu.stat`.
  public CpuStat cpuStat(TaskGroup group) {
    return GuestFiles.cpuStat(this, group);
  }

  List<Task> tasks() {
    return tasks;
  }

  /// A group's path in the cgroup tree, without a leading slash.
  String relativePath(TaskGroup group) {
    return group.toString().substring(path.length() + "/cgroup:".length());
  }

  PressureGroup newPressureGroup(long sinceNs) {
    return new PressureGroup(config, runqueues.length, ticks.phaseNs(), sinceNs);
  }

  /// A task is on its queue after it woke or moved.
  void settled(Task task, long nowNs) {
    if (pressure != null) {
      pressure.changed(task, nowNs);
    }
    if (groupThrottle != null) {
      groupThrottle.tell(task, nowNs);
    }
  }

  /// A tick may be due to take a sample of the load.
  void sampleLoad(long nowNs) {
    if (systemLoad.due(nowNs)) {
      int active = 0;
      for (Runqueue runqueue : runqueues) {
        active += runqueue.queuedTaskCount;
      }
      systemLoad.sample(active, nowNs);
    }
  }

  /// Checks every queue's invariants; for tests and audited runs.
  public void audit() {
    for (TaskGroup group : groups) {
      auditQueues(group);
    }
    auditQueues(rootGroup);
    autogroup.groups().forEach(LinuxKernel::auditQueues);
    for (Runqueue runqueue : runqueues) {
      RunqueueCheck.check(runqueue);
    }
  }

  private static void auditQueues(TaskGroup group) {
    group.bandwidth.audit();
    for (FairQueue queue : group.madeQueues()) {
      long weight = queue.totalWeight();
      if (weight > 0) {
        long sum = queue.lagSum();
        Invariant.check(sum <= 0 && sum > -weight, "lags of a queue cancel", sum, weight);
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(path);
    for (Runqueue runqueue : runqueues) {
      text.append('\n').append(runqueue);
    }
    return text.toString();
  }
}
