package dev.stint.checks.golden;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import java.util.List;

/// A task outside the scenario, as recorded: kernel threads, the measuring shell. It wakes when it
/// woke and runs for as long as it ran; when it gets the CPU is the model's choice.
///
/// @param name comm and pid
/// @param cpu where it ran
/// @param nice its nice value
/// @param activations in order of time
public record OutsideTask(String name, int cpu, int nice, List<Activation> activations) {
  /// A wake-up and the CPU time until the next sleep.
  public record Activation(long wakeNs, long runNs) {}

  /// The same with all instants earlier by `originNs`, without what lies before.
  public OutsideTask since(long originNs) {
    List<Activation> later =
        activations.stream()
            .filter(activation -> activation.wakeNs() >= originNs && activation.runNs() > 0)
            .map(each -> new Activation(each.wakeNs() - originNs, each.runNs()))
            .toList();
    return new OutsideTask(name, cpu, nice, later);
  }

  Program program() {
    return new Program() {
      private int next;

      @Override
      public void step(TaskControl task, long nowNs) {
        if (next == activations.size()) {
          task.exit();
        } else if (nowNs < activations.get(next).wakeNs()) {
          task.sleepUntil(activations.get(next).wakeNs());
        } else {
          task.compute(activations.get(next++).runNs());
        }
      }
    };
  }
}
