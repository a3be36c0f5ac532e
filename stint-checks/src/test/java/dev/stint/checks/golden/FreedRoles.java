package dev.stint.checks.golden;

import dev.stint.checks.golden.Lives.Activation;
import dev.stint.checks.golden.Lives.Life;
import dev.stint.model.linux.FreedTasks;
import dev.stint.model.linux.FreedTasks.Role;
import dev.stint.model.linux.FreedTasks.Span;
import dev.stint.model.sched.TaskControl;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Task;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What each task still has to do at some instant of a recording: the rest of its job, and when it
/// wakes next. Tasks outside the scenario go on waking when they woke, for as long as they ran.
///
/// @param scenario whose tasks do as it says
/// @param lives of the recording
/// @param fromNs the instant
record FreedRoles(GoldenScenario scenario, Lives lives, long fromNs) {
  /// Reading its CPU-time clock takes a periodic load about as long as [DecisionReplay] says.
  private static final long POLL_NS = 2_000;

  FreedTasks until(long untilNs) {
    return new FreedTasks(
        fromNs,
        untilNs,
        lives.all().stream().map(this::role).toList(),
        after(lives.taken()),
        after(lives.interrupts()));
  }

  private List<Span> after(List<Span> spans) {
    return spans.stream().filter(span -> span.fromNs() >= fromNs).toList();
  }

  private Role role(Life life) {
    List<Activation> later =
        life.activations().stream().filter(each -> each.sleepNs() > fromNs).toList();
    Optional<Long> wakeNs =
        later.stream().map(Activation::wakeNs).filter(wake -> wake >= fromNs).findFirst();
    Optional<Task> own =
        scenario.tasks().stream().filter(t -> t.name().equals(life.who().comm())).findFirst();
    if (own.isEmpty()) {
      return new Role(life.who(), wakeNs, life.forkedAfter(fromNs), outside(life, later).program());
    }
    return switch (own.get().mode()) {
      case HOG ->
          new Role(life.who(), wakeNs, false, (task, _) -> task.compute(TaskControl.FOREVER));
      case PERIODIC -> new Role(life.who(), wakeNs, false, load(life, own.get(), later.getFirst()));
      case PING_PONG -> throw new IllegalArgumentException("no recording of " + life.who());
    };
  }

  private OutsideTask outside(Life life, List<Activation> later) {
    return new OutsideTask(
        life.who().toString(),
        0,
        life.who().priority() - 120,
        later.stream()
            .map(each ->
                new OutsideTask.Activation(
                    each.wakeNs(), Math.max(1, each.ns() - each.before(fromNs))))
            .toList());
  }

  /// The load charges what the kernel charged in its name: on average so much a job, and more if it
  /// runs at once when it wakes, by the switch to it.
  private GoldenLoad load(Life life, Task task, Activation first) {
    long demandNs = meanNs(life, each -> !each.atOnce());
    long atOnceNs = meanNs(life, Activation::atOnce);
    GoldenLoad load =
        new GoldenLoad(
            demandNs == 0 ? atOnceNs : demandNs, task.periodNs(), first.wakeNs(), POLL_NS);
    load.wakeCost(demandNs == 0 || atOnceNs == 0 ? 0 : atOnceNs - demandNs);
    if (first.wakeNs() < fromNs) {
      long wholeNs = first.atOnce() && atOnceNs > 0 ? atOnceNs : Math.max(demandNs, 1);
      load.inJob(Math.max(1, wholeNs - first.before(fromNs)));
    }
    return load;
  }

  private static long meanNs(Life life, Predicate<Activation> which) {
    int count = life.activations().size();
    return Math.round(
        life.activations().subList(1, count - 1).stream()
            .filter(which)
            .mapToLong(Activation::ns)
            .average()
            .orElse(0));
  }
}
