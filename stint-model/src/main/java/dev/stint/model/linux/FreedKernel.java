package dev.stint.model.linux;

import dev.stint.model.linux.FreedTasks.Role;
import dev.stint.model.linux.FreedTasks.Span;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.PreviousState;
import java.util.Optional;

/// The kernel of a [DecisionReplay] from the moment at which it is let go: it decides by itself,
/// its tasks do as their roles say, and what comes from outside the fair class comes when it was
/// recorded.
final class FreedKernel {
  private final LinuxKernel kernel;
  private final RecordedTasks tasks;
  private final ModelRecording recording;

  FreedKernel(LinuxKernel kernel, RecordedTasks tasks, ModelRecording recording) {
    this.kernel = kernel;
    this.tasks = tasks;
    this.recording = recording;
  }

  /// Lets it go now and runs it to the end.
  void run(FreedTasks freed) {
    kernel.recorded = false;
    freed.roles().forEach(this::letGo);
    freed.taken().forEach(this::take);
    freed.interrupts().forEach(this::interrupt);
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      kernel.runqueue(cpu).request();
    }
    recording.on = true;
    kernel.simulation.run(freed.untilNs());
  }

  private void letGo(Role role) {
    Task task = tasks.of(role.who(), null);
    boolean ready = task.entity.onQueue && !task.entity.delayed;
    Optional<Long> wakeNs = role.wakeNs();
    task.isNew = false;
    if (ready || task.parked || task.runqueue().current() == task) {
      task.woken();
    } else if (wakeNs.isPresent()) {
      task.isNew = role.fork();
      at(wakeNs.get(), TimerRank.SLEEP, () -> wake(task, wakeNs.get()));
    }
  }

  private void wake(Task task, long nowNs) {
    recording.woken(nowNs, task.id(), task.runqueue().cpu);
    task.runqueue().wakeByInterrupt(task, nowNs);
  }

  /// A task of a higher class takes the CPU, and gives it back to whom the fair class picks then.
  private void take(Span span) {
    Runqueue runqueue = kernel.runqueue(span.cpu());
    at(
        span.fromNs(),
        TimerRank.DEVICE,
        () -> {
          recording.taken = true;
          runqueue.switchTo(null, PreviousState.READY, span.fromNs());
          recording.taken = false;
        });
    at(span.toNs(), TimerRank.DEVICE, runqueue::requestReschedule);
  }

  /// No pass of the scheduler comes before the interrupt's last wake-up.
  private void interrupt(Span span) {
    Runqueue runqueue = kernel.runqueue(span.cpu());
    at(span.fromNs(), TimerRank.DEVICE, () -> runqueue.inInterrupt = true);
    at(
        span.toNs(),
        TimerRank.SOFTIRQ,
        () -> {
          runqueue.inInterrupt = false;
          runqueue.request();
        });
  }

  private void at(long timeNs, int rank, Runnable what) {
    kernel.simulation.arm(kernel.simulation.newTimer(rank, (_, _) -> what.run()), timeNs);
  }
}
