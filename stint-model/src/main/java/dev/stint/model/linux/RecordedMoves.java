package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.trace.PreviousState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a recording's migrations in the model of a [DecisionReplay]: which task is moved, and
/// when, is the recording's; what its new queue makes of it is the model's.
final class RecordedMoves {
  /*
   * A pull of the CPU that is about to idle is recorded before the switch that it makes needless,
   * but comes after the sleep of that switch's previous task: it waits for that switch. All others
   * take place at once. An attempt to balance detaches all its tasks first and then attaches the
   * one detached last first: lag that meets an empty queue is lost, so the order matters.
   */

  /// An attempt to balance takes less from one task to the next.
  private static final long ATTEMPT_NS = 50_000;

  private final LinuxKernel kernel;
  private final Map<Integer, Task> tasks;
  private final RecordedPull pull;
  private final List<ArrayDeque<Migration>> pending = new ArrayList<>();

  /// Moves for `kernel`, of `tasks` by their process ids.
  RecordedMoves(LinuxKernel kernel, Map<Integer, Task> tasks, ReplayTally tally) {
    this.kernel = kernel;
    pull = new RecordedPull(kernel, tally);
    this.tasks = tasks;
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      pending.add(new ArrayDeque<>());
    }
  }

  /// A move is recorded; `following` is the recording's next event, or itself if it is the last.
  void move(Migration event, RecordedEvent following, long nowNs) {
    ArrayDeque<Migration> waiting = pending.get(event.to());
    if (!sameAttempt(waiting.peekLast(), event)) {
      flush(event.cpu(), nowNs);
    }
    waiting.addLast(event);
    boolean more =
        following != event && following instanceof Migration next && sameAttempt(event, next);
    if (!more && !event.forIdling()) {
      flush(event.to(), nowNs);
    }
  }

  /// Whether a move to this CPU waits for its switch: it found nothing to run.
  boolean awaitsIdling(int cpu) {
    Migration first = pending.get(cpu).peekFirst();
    return first != null && first.forIdling();
  }

  /// Whatever waits to come to this CPU comes.
  void flush(int cpu, long nowNs) {
    ArrayDeque<Migration> waiting = pending.get(cpu);
    ArrayDeque<Task> detached = new ArrayDeque<>();
    while (!waiting.isEmpty()) {
      Migration event = waiting.removeFirst();
      Task task = event.moved().fair() ? tasks.get(event.moved().pid()) : null;
      if (task == null || task.runqueue().cpu == cpu || !task.entity.onQueue) {
        continue;
      }
      if (task.runqueue().current() == task) {
        task.runqueue().switchTo(null, PreviousState.READY, nowNs);
      }
      boolean delayed = task.entity.delayed;
      pull.detaching(event, task, nowNs);
      leave(task, nowNs);
      if (!delayed) {
        detached.addFirst(task);
      }
      if (!sameAttempt(event, waiting.peekFirst())) {
        pull.end(nowNs);
        attach(detached, kernel.runqueue(cpu), nowNs);
      }
    }
    pull.end(nowNs);
    attach(detached, kernel.runqueue(cpu), nowNs);
  }

  private void attach(ArrayDeque<Task> detached, Runqueue to, long nowNs) {
    while (!detached.isEmpty()) {
      Task task = detached.removeFirst();
      kernel.activate(task, to, false, nowNs);
      to.fair.checkPreempt(task, false, nowNs);
    }
  }

  /// Takes a task off its queue to be moved.
  static void leave(Task task, long nowNs) {
    task.runqueue().fair.dequeue(task, Dequeue.MOVE, nowNs);
  }

  /// Whether two moves are of one attempt to balance: one CPU makes both, one soon after the other.
  private static boolean sameAttempt(@Nullable Migration first, @Nullable Migration second) {
    return first != null
        && second != null
        && first.cpu() == second.cpu()
        && first.to() == second.to()
        && second.timeNs() - first.timeNs() < ATTEMPT_NS;
  }
}
