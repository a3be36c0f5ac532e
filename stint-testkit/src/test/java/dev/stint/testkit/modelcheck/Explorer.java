package dev.stint.testkit.modelcheck;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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

  private record From(long state, String action) {}

  private final Model model;
  private final Map<Long, From> from = new HashMap<>();
  private final Deque<Long> open = new ArrayDeque<>();
  private final Map<String, Long> flaws = new TreeMap<>();
  private final Map<Long, List<Long>> before = new HashMap<>();
  private final Map<Long, Integer> systemSteps = new HashMap<>();
  private long transitions;

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
    from.put(model.initial(), new From(0, "start"));
    open.add(model.initial());
    while (!open.isEmpty()) {
      visit(open.poll());
    }
    if (livelock()) {
      flaws.putIfAbsent("livelock", model.initial());
    }
  }

  private void visit(long state) {
    int[] count = new int[1];
    model.steps(
        state,
        (next, system, action, flaw) -> {
          transitions++;
          if (from.putIfAbsent(next, new From(state, action)) == null) {
            open.add(next);
          }
          if (!flaw.isEmpty()) {
            flaws.putIfAbsent(flaw, next);
          }
          if (system) {
            count[0]++;
            before.computeIfAbsent(next, _ -> new ArrayList<>()).add(state);
          }
        });
    systemSteps.put(state, count[0]);
    if (count[0] == 0) {
      String flaw = model.quiescent(state);
      if (!flaw.isEmpty()) {
        flaws.putIfAbsent(flaw, state);
      }
    }
  }

  /// Whether the system's steps alone can go on for ever: states are taken away once all their
  /// system steps lead to states taken away.
  private boolean livelock() {
    Deque<Long> ends = new ArrayDeque<>();
    systemSteps.forEach((state, count) -> {
      if (count == 0) {
        ends.add(state);
      }
    });
    int gone = 0;
    while (!ends.isEmpty()) {
      gone++;
      for (long previous : before.getOrDefault(ends.poll(), List.of())) {
        if (systemSteps.merge(previous, -1, Integer::sum) == 0) {
          ends.add(previous);
        }
      }
    }
    return gone < systemSteps.size();
  }

  int states() {
    return from.size();
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
    List<String> way = new ArrayList<>();
    long state = flaws.get(flaw);
    while (state != model.initial() || way.isEmpty()) {
      From step = from.get(state);
      way.addFirst(step.action());
      if (step.action().equals("start")) {
        break;
      }
      state = step.state();
    }
    return way;
  }
}
