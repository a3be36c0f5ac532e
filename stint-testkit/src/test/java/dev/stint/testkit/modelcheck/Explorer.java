package dev.stint.testkit.modelcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Visits every state that a model can reach, in whatever order its parts take their steps.
///
/// Steps of the system (driver, hypervisor, interrupt) are told from those of its environment
/// (guest, VMM, signals). A state without a system step is quiescent: what then waits, waits until
/// the environment acts. A cycle of system steps alone is a livelock.
final class Explorer {
  /// A model: states are numbers.
  interface Model {
    /// The first state.
    long initial();

    /// Emits all steps from `state`.
    void steps(long state, Steps out);

    /// What is wrong with a state in which the system has nothing left to do; empty if nothing.
    String quiescent(long state);
  }

  /// Takes the steps of one state.
  interface Steps {
    /// A step.
    ///
    /// @param system whether the system takes it by itself
    /// @param flaw what is wrong with it; empty if nothing
    void to(long state, boolean system, String action, String flaw);
  }

  /// A list of numbers.
  private static final class Ints {
    private int[] values = new int[1 << 10];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }
  }

  /// Where a flaw was found: in the last step, from a state; or in the state, if no step.
  private record Found(int state, String action) {}

  private final Model model;
  private final LongIndex states = new LongIndex();
  private final Ints from = new Ints();
  private final Ints systemSteps = new Ints();
  private final Ints systemStepsEnd = new Ints();
  private final Map<String, Found> flaws = new TreeMap<>();
  private long transitions;
  private int current;

  private Explorer(Model model) {
    this.model = model;
  }

  /// Visits everything.
  static Explorer explore(Model model) {
    Explorer explorer = new Explorer(model);
    explorer.run();
    return explorer;
  }

  private void run() {
    states.add(model.initial());
    from.add(0);
    for (current = 0; current < states.size(); current++) {
      int before = systemSteps.size;
      model.steps(states.get(current), this::take);
      systemStepsEnd.add(systemSteps.size);
      if (systemSteps.size == before) {
        found(model.quiescent(states.get(current)), "");
      }
    }
    if (livelock()) {
      flaws.putIfAbsent("livelock", new Found(0, ""));
    }
  }

  private void take(long next, boolean system, String action, String flaw) {
    transitions++;
    int known = states.size();
    int index = states.add(next);
    if (index == known) {
      from.add(current);
    }
    found(flaw, action);
    if (system) {
      systemSteps.add(index);
    }
  }

  private void found(String flaw, String action) {
    if (!flaw.isEmpty()) {
      flaws.putIfAbsent(flaw, new Found(current, action));
    }
  }

  /// Whether the system's steps alone can go on for ever: states are taken away once no system step
  /// leads to them any more.
  private boolean livelock() {
    int[] into = new int[states.size()];
    for (int i = 0; i < systemSteps.size; i++) {
      into[systemSteps.values[i]]++;
    }
    int[] gone = new int[states.size()];
    int count = 0;
    for (int state = 0; state < into.length; state++) {
      if (into[state] == 0) {
        gone[count++] = state;
      }
    }
    for (int at = 0; at < count; at++) {
      int first = gone[at] == 0 ? 0 : systemStepsEnd.values[gone[at] - 1];
      for (int i = first; i < systemStepsEnd.values[gone[at]]; i++) {
        int next = systemSteps.values[i];
        if (--into[next] == 0) {
          gone[count++] = next;
        }
      }
    }
    return count < into.length;
  }

  int states() {
    return states.size();
  }

  long transitions() {
    return transitions;
  }

  /// Every kind of flaw that was found.
  List<String> flaws() {
    return List.copyOf(flaws.keySet());
  }

  /// The shortest way to a flaw.
  List<String> wayTo(String flaw) {
    Found found = flaws.get(flaw);
    List<String> way = new ArrayList<>();
    if (!found.action().isEmpty()) {
      way.add(found.action());
    }
    for (int state = found.state(); state != 0; state = from.values[state]) {
      way.addFirst(action(from.values[state], state));
    }
    return way;
  }

  private String action(int before, int after) {
    List<String> names = new ArrayList<>();
    model.steps(
        states.get(before),
        (next, _, action, _) -> {
          if (next == states.get(after)) {
            names.add(action);
          }
        });
    return names.getFirst();
  }
}
