package dev.stint.checks.golden;

import dev.stint.checks.golden.OutsideTask.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Folds a trace into the activations of the tasks outside the scenario.
final class OutsideTasks {
  private static final int NICE_0_PRIORITY = 120;
  private static final int FIRST_FAIR_PRIORITY = 100;

  private final Map<Integer, Life> lives = new LinkedHashMap<>();

  private static final class Life {
    private final String name;
    private final int cpu;
    private final int priority;
    private final List<Activation> activations = new ArrayList<>();
    private long wakeNs = -1;
    private long runNs;
    private long sinceNs = -1;

    Life(String name, int cpu, int priority) {
      this.name = name;
      this.cpu = cpu;
      this.priority = priority;
    }
  }

  private Life life(int pid, String name, int cpu, int priority) {
    return lives.computeIfAbsent(pid, id -> new Life(name + "-" + id, cpu, priority));
  }

  void wakes(int pid, String name, int cpu, int priority, long timeNs) {
    Life life = life(pid, name, cpu, priority);
    if (life.wakeNs < 0) {
      life.wakeNs = timeNs;
    }
  }

  void starts(int pid, String name, int cpu, int priority, long timeNs) {
    wakes(pid, name, cpu, priority, timeNs);
    life(pid, name, cpu, priority).sinceNs = timeNs;
  }

  void stops(int pid, boolean sleeps, long timeNs) {
    Life life = lives.get(pid);
    if (life == null || life.sinceNs < 0) {
      return;
    }
    life.runNs += timeNs - life.sinceNs;
    life.sinceNs = -1;
    if (sleeps) {
      life.activations.add(new Activation(life.wakeNs, life.runNs));
      life.wakeNs = -1;
      life.runNs = 0;
    }
  }

  /// Those of the fair class.
  List<OutsideTask> tasks() {
    return lives.values().stream()
        .filter(life -> life.priority >= FIRST_FAIR_PRIORITY)
        .map(life ->
            new OutsideTask(
                life.name,
                life.cpu,
                life.priority - NICE_0_PRIORITY,
                List.copyOf(life.activations)))
        .toList();
  }
}
