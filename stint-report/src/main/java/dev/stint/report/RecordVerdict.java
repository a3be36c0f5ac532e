package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the verdict rests on: the assumed parameters, and an accounting identity that holds.
final class RecordVerdict {
  /// The preset's name stands for them in a sentence; the JSON result has each.
  private static final String SINGLE_COST = "costs.";

  private final List<RunIndex> runs;

  RecordVerdict(List<RunIndex> runs) {
    this.runs = runs;
  }

  void write(VerdictWriter writer) {
    assumed(writer);
    for (RunIndex run : runs) {
      for (EntityResult entity : run.run().entities()) {
        if (entity.residualNs() != 0) {
          broken(run, entity, writer);
        }
      }
    }
  }

  private void assumed(VerdictWriter writer) {
    Map<String, String> assumed = new TreeMap<>();
    for (RunIndex run : runs) {
      run.run()
          .assumed()
          .forEach((name, value) -> {
            if (!name.startsWith(SINGLE_COST)) {
              assumed.put(name, value);
            }
          });
    }
    if (assumed.isEmpty() || assumed.equals(Map.of("costs", "none"))) {
      return;
    }
    List<String> named = new ArrayList<>();
    assumed.forEach((name, value) -> named.add(name + " " + value));
    String text =
        "Assumed, for Microsoft Hypervisor's are not public: " + String.join(", ", named) + ".";
    writer.find("assumed", text, new VerdictWriter.Figures());
    writer.say(text, List.of());
  }

  private static void broken(RunIndex run, EntityResult entity, VerdictWriter writer) {
    String text =
        "These figures are wrong: the account of "
            + entity.path()
            + " under "
            + run.assembly()
            + " leaves "
            + entity.residualNs()
            + " ns over.";
    Finding finding =
        writer.find(
            "identity-broken",
            entity.path(),
            run.assembly(),
            text,
            new VerdictWriter.Figures().with("residual_ns", entity.residualNs()));
    writer.say(text, List.of(finding));
  }
}
