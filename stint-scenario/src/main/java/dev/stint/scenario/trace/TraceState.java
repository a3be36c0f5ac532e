package dev.stint.scenario.trace;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.trace.PreviousState;
import dev.stint.scenario.trace.TaskSeen.Does;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows what every CPU and task of a trace does, and finds where lines contradict each other:
/// what lies between is unknown.
///
/// A line tells which thread ran on its CPU. Where that is another than the last one switched to, a
/// switch was not recorded; from the last line that agreed, nothing is known of that CPU.
final class TraceState implements TraceReceiver {
  static final int TASKS_MAX = 100_000;
  private static final int CPUS_MAX = 4096;
  private static final int NOT_KNOWN = -2;
  private static final int NICE_0 = 120;

  private final String name;
  private final TraceWarnings warnings;
  private final TraceEffects effects;
  private final Map<Integer, TaskSeen> byPid = new LinkedHashMap<>();
  private final List<TaskSeen> tasks = new ArrayList<>();

  /// Those of which something is known; some of them may be unknown again.
  private List<TaskSeen> known = new ArrayList<>();

  /// The task of each CPU, [TraceEffects#IDLE] or [#NOT_KNOWN].
  private final int[] current = new int[CPUS_MAX];

  /// The last event that agreed with that.
  private final long[] confirmed = new long[CPUS_MAX];

  private int cpus;
  private long line;
  private long number;
  private long firstNs;
  private long nowNs;
  private boolean headsAgree = true;

  TraceState(String name, TraceWarnings warnings, TraceEffects effects) {
    this.name = name;
    this.warnings = warnings;
    this.effects = effects;
    Arrays.fill(current, NOT_KNOWN);
  }

  List<TaskSeen> tasks() {
    return tasks;
  }

  int cpus() {
    return cpus;
  }

  /// How many events were received.
  long eventCount() {
    return number;
  }

  long firstNs() {
    return firstNs;
  }

  long lastNs() {
    return nowNs;
  }

  @Override
  public void event(TraceLine.Timed event, long lineNumber) throws MalformedTrace {
    line = lineNumber;
    nowNs = event.timeNs();
    firstNs = number == 0 ? nowNs : firstNs;
    number++;
    see(event.cpu());
    switch (event) {
      case TraceLine.Event(Switch change, int running, _, _) -> {
        headsAgree &= running == TraceLine.NOBODY || running == change.previous().pid();
        switched(change);
      }
      case TraceLine.Event(Wakeup wakeup, int running, _, _) -> {
        head(wakeup.cpu(), running);
        woken(wakeup.cpu(), wakeup.woken(), wakeup.target(), wakeup.fork());
      }
      case TraceLine.Event(Migration migration, int running, _, _) -> {
        head(migration.cpu(), running);
        migrated(migration);
      }
      case TraceLine.Waking(_, int cpu, int running, Who woken, int target) -> {
        head(cpu, running);
        woken(cpu, woken, target, false);
      }
      case TraceLine.Fork(_, int cpu, int running, int child, String comm) -> {
        head(cpu, running);
        born(new Who(child, comm, NICE_0)).unborn = true;
      }
      case TraceLine.Other(_, int cpu, int running) -> head(cpu, running);
    }
    effects.told(number, nowNs);
  }

  @Override
  public void lost(int cpu, long lineNumber) throws MalformedTrace {
    see(cpu);
    forgetCpu(cpu);
    forgetTasks(confirmed[cpu]);
  }

  @Override
  public void broken(long lineNumber) throws MalformedTrace {
    for (int cpu = 0; cpu < cpus; cpu++) {
      confirmed[cpu] = current[cpu] == NOT_KNOWN ? confirmed[cpu] : number;
      forgetCpu(cpu);
    }
    forgetTasks(number);
  }

  // --- What lines say ---

  private void switched(Switch change) throws MalformedTrace {
    int cpu = change.cpu();
    Optional<TaskSeen> previous = task(change.previous());
    runs(cpu, change.previous().pid(), previous);
    Optional<TaskSeen> next = task(change.next());
    if (next.isPresent() && !next.equals(previous)) {
      arrives(next.get(), cpu);
    }
    PreviousState state =
        switch (change.left()) {
          case RUNNABLE, RUNNABLE_IN_KERNEL -> PreviousState.READY;
          case BLOCKED -> PreviousState.BLOCKED;
          case GONE -> PreviousState.EXITED;
        };
    previous.ifPresent(task ->
        know(
            task,
            switch (change.left()) {
              case RUNNABLE, RUNNABLE_IN_KERNEL -> Does.WAITS;
              case BLOCKED -> Does.SLEEPS;
              case GONE -> Does.ENDED;
            },
            cpu));
    current[cpu] = index(next);
    confirmed[cpu] = number;
    effects.switched(
        nowNs,
        cpu,
        index(previous),
        current[cpu],
        previous.isPresent() ? state : PreviousState.NONE);
    next.ifPresent(task -> know(task, Does.RUNS, cpu));
  }

  private void woken(int cpu, Who who, int target, boolean fork) throws MalformedTrace {
    see(target);
    if (who.pid() == RecordedEvent.IDLE) {
      return;
    }
    TaskSeen task = fork ? born(who) : task(who).orElseThrow();
    task.unborn = false;
    switch (task.does) {
      case UNKNOWN, SLEEPS, ENDED -> {
        effects.woken(nowNs, task.index, target, Math.max(TraceEffects.IDLE, current[cpu]));
        know(task, Does.WAITS, target);
      }
      case WAITS -> moves(task, target);
      case RUNS -> {}
    }
  }

  private void migrated(Migration migration) throws MalformedTrace {
    see(Math.max(migration.from(), migration.to()));
    Optional<TaskSeen> task = task(migration.moved());
    if (task.isPresent() && task.get().does == Does.WAITS) {
      moves(task.get(), migration.to());
    }
  }

  private void moves(TaskSeen task, int to) {
    if (task.cpu != to) {
      effects.moved(nowNs, task.index, task.cpu, to);
    }
    know(task, Does.WAITS, to);
  }

  /// The thread that a line of another event names as running.
  private void head(int cpu, int pid) throws MalformedTrace {
    if (headsAgree && pid != TraceLine.NOBODY) {
      runs(cpu, pid, Optional.ofNullable(byPid.get(pid)));
    }
  }

  // --- What follows from it ---

  /// The CPU runs this thread now; what is known of it says so or is wrong since it last agreed.
  private void runs(int cpu, int pid, Optional<TaskSeen> task) throws MalformedTrace {
    boolean nameless = pid != RecordedEvent.IDLE && task.isEmpty();
    int found = nameless ? NOT_KNOWN : index(task);
    if (current[cpu] == found) {
      confirmed[cpu] = nameless ? confirmed[cpu] : number;
      task.ifPresent(t -> know(t, Does.RUNS, cpu));
      return;
    }
    if (current[cpu] != NOT_KNOWN) {
      unseenSwitch(cpu, task.map(TaskSeen::toString).orElse(nameless ? "pid " + pid : "idle"));
    }
    if (nameless) {
      return;
    }
    if (task.isPresent()) {
      TaskSeen runner = task.get();
      if (runner.does == Does.WAITS) {
        forget(runner, runner.cpu == cpu ? Math.max(runner.since, confirmed[cpu]) : runner.since);
      }
      arrives(runner, cpu);
    }
    current[cpu] = found;
    confirmed[cpu] = number;
    effects.found(nowNs, cpu, found);
    task.ifPresent(t -> know(t, Does.RUNS, cpu));
  }

  private void unseenSwitch(int cpu, String found) throws MalformedTrace {
    String expected =
        current[cpu] == TraceEffects.IDLE ? "idle" : tasks.get(current[cpu]).toString();
    warnings.add(
        TraceProblem.UNSEEN_SWITCH,
        line,
        "CPU " + cpu + " went to " + expected + " and goes on from " + found,
        "A switch between them was not recorded; what it hides is unknown");
    forgetCpu(cpu);
  }

  /// A task comes to a CPU: it cannot run elsewhere, nor sleep.
  private void arrives(TaskSeen task, int cpu) throws MalformedTrace {
    switch (task.does) {
      case RUNS -> unseenSwitch(task.cpu, task + " on CPU " + cpu);
      case SLEEPS, ENDED -> {
        warnings.add(
            TraceProblem.UNSEEN_WAKEUP,
            line,
            task + " runs, and nothing had woken it",
            "What it did since it left a CPU is unknown; record sched_wakeup and sched_wakeup_new");
        forget(task, task.since);
      }
      case UNKNOWN, WAITS -> {}
    }
  }

  private void forget(TaskSeen task, long since) throws MalformedTrace {
    effects.unknownTask(since, task.index);
    task.does = Does.UNKNOWN;
  }

  private void forgetCpu(int cpu) throws MalformedTrace {
    if (current[cpu] == NOT_KNOWN) {
      return;
    }
    effects.unknownCpu(confirmed[cpu], cpu);
    if (current[cpu] != TraceEffects.IDLE) {
      tasks.get(current[cpu]).does = Does.UNKNOWN;
    }
    current[cpu] = NOT_KNOWN;
  }

  /// All that do not run on a CPU that is still known.
  private void forgetTasks(long since) throws MalformedTrace {
    List<TaskSeen> kept = new ArrayList<>();
    for (TaskSeen task : known) {
      switch (task.does) {
        case RUNS -> kept.add(task);
        case SLEEPS, WAITS -> forget(task, Math.max(task.since, since));
        case UNKNOWN, ENDED -> {}
      }
      task.listed = task.does == Does.RUNS;
    }
    known = kept;
  }

  private void know(TaskSeen task, Does does, int cpu) {
    task.does = does;
    task.cpu = cpu;
    task.since = number;
    if (!task.listed) {
      task.listed = true;
      known.add(task);
    }
  }

  // --- Names ---

  private void see(int cpu) {
    cpus = Math.max(cpus, cpu + 1);
  }

  private static int index(Optional<TaskSeen> task) {
    return task.isPresent() ? task.get().index : TraceEffects.IDLE;
  }

  /// The task of this name; empty for idle.
  private Optional<TaskSeen> task(Who who) throws MalformedTrace {
    if (who.pid() == RecordedEvent.IDLE) {
      return Optional.empty();
    }
    TaskSeen task = byPid.get(who.pid());
    if (task == null) {
      return Optional.of(add(who, true));
    }
    task.comm = who.comm();
    task.priority = who.priority();
    return Optional.of(task);
  }

  /// A task that did not exist before: of an earlier one of its id, the end was not seen.
  private TaskSeen born(Who who) throws MalformedTrace {
    TaskSeen earlier = byPid.get(who.pid());
    if (earlier != null && earlier.unborn) {
      return task(who).orElseThrow();
    }
    if (earlier != null && (earlier.does == Does.SLEEPS || earlier.does == Does.WAITS)) {
      forget(earlier, earlier.since);
    }
    return add(who, false);
  }

  private TaskSeen add(Who who, boolean old) throws MalformedTrace {
    if (tasks.size() == TASKS_MAX) {
      throw new MalformedTrace(
          name + ":" + line,
          "more than " + TASKS_MAX + " tasks",
          "Cut the trace into shorter ones");
    }
    TaskSeen task = new TaskSeen(tasks.size(), who.pid(), who.comm(), who.priority(), old);
    task.since = number;
    tasks.add(task);
    byPid.put(who.pid(), task);
    return task;
  }
}
