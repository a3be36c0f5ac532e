package dev.stint.model.linux;

import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.sched.Program;
import java.util.List;
import java.util.Optional;

/// What the tasks of a recording do once a [DecisionReplay] lets them go: the model's own decisions
/// follow, from the state that the replay has reached.
///
/// @param fromNs when, on the recording's clock
/// @param untilNs when the run ends
/// @param roles of the tasks that exist then, and of those to come
/// @param taken when tasks of higher classes have a CPU (its stopper)
/// @param interrupts from ticks to the last wake-ups by their timers: a CPU's pass of the scheduler
///   comes after them
public record FreedTasks(
    long fromNs, long untilNs, List<Role> roles, List<Span> taken, List<Span> interrupts) {
  /// Copies the lists.
  public FreedTasks {
    roles = List.copyOf(roles);
    taken = List.copyOf(taken);
    interrupts = List.copyOf(interrupts);
  }

  /// What one task does from then on.
  ///
  /// @param who the task
  /// @param wakeNs when it wakes next, if it sleeps then or does not exist yet; none, if it never
  ///   does
  /// @param fork whether it is made by that wake-up
  /// @param program what it does whenever it runs
  public record Role(Who who, Optional<Long> wakeNs, boolean fork, Program program) {}

  /// A stretch of a CPU's time.
  public record Span(int cpu, long fromNs, long toNs) {}

  /// Nobody is ever let go.
  static final FreedTasks NOBODY =
      new FreedTasks(Long.MAX_VALUE, Long.MAX_VALUE, List.of(), List.of(), List.of());

  /// What the model did alone.
  ///
  /// @param events of the recording up to then, and of the model from then on
  /// @param groups of the model, with their counters at the end
  public record Outcome(List<RecordedEvent> events, List<TaskGroup> groups) {
    /// Copies the lists.
    public Outcome {
      events = List.copyOf(events);
      groups = List.copyOf(groups);
    }
  }

  /// The program of a task; it ends at once, if it has no role.
  Program program(Who who) {
    return roles.stream()
        .filter(role -> role.who().pid() == who.pid())
        .map(Role::program)
        .findFirst()
        .orElse((task, _) -> task.exit());
  }
}
