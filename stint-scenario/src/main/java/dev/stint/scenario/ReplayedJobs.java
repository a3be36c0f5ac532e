package dev.stint.scenario;

import dev.stint.model.sched.TaskControl;
import dev.stint.model.workload.ReplayedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The text of a `replay`'s jobs: `0ns+2ms 10ms+1.5ms 20ms+forever`, when each woke and for how
/// long it ran.
public final class ReplayedJobs {
  private static final String FOREVER = "forever";

  private ReplayedJobs() {}

  /// The text of these jobs.
  public static String text(List<ReplayedJob> jobs) {
    StringBuilder text = new StringBuilder();
    for (ReplayedJob job : jobs) {
      text.append(text.isEmpty() ? "" : " ")
          .append(Quantities.duration(job.atNs()))
          .append('+')
          .append(job.runNs() == TaskControl.FOREVER ? FOREVER : Quantities.duration(job.runNs()));
    }
    return text.toString();
  }

  /// What is wrong with a text.
  ///
  /// @param word the part that is wrong
  record Wrong(String word, String rule) {}

  /// Adds the jobs of a text to `jobs`; whatever is wrong with it ends that.
  static List<Wrong> read(String text, List<ReplayedJob> jobs) {
    long last = 0;
    for (String word : text.strip().split("\\s+", -1)) {
      int plus = word.indexOf('+');
      OptionalLong at =
          plus < 0 ? OptionalLong.empty() : Quantities.durationNs(word.substring(0, plus));
      String run = word.substring(plus + 1);
      OptionalLong runNs =
          run.equals(FOREVER) ? OptionalLong.of(TaskControl.FOREVER) : Quantities.durationNs(run);
      if (at.isEmpty() || runNs.isEmpty()) {
        return List.of(new Wrong(word, "is not TIME+RUN"));
      }
      if (at.getAsLong() < last || at.getAsLong() > ScenarioReader.DURATION_MAX_NS) {
        return List.of(new Wrong(word, "wakes before the job before it, or after an hour"));
      }
      if (runNs.getAsLong() <= 0) {
        return List.of(new Wrong(word, "runs for no time"));
      }
      last = at.getAsLong();
      jobs.add(new ReplayedJob(last, runNs.getAsLong()));
    }
    return List.of();
  }

  /// The jobs of a text that may be wrong.
  static List<ReplayedJob> read(Problems problems, Tree.Scalar scalar) {
    List<ReplayedJob> jobs = new ArrayList<>();
    for (Wrong wrong : read(scalar.text(), jobs)) {
      String shown = wrong.word().length() > 40 ? wrong.word().substring(0, 40) : wrong.word();
      problems.add(
          DiagnosticCode.DURATION_FORM,
          scalar.at(),
          shown,
          "a replayed job " + wrong.rule(),
          "Write jobs in order of time, such as 0ns+2ms 10ms+1.5ms 20ms+forever");
    }
    return jobs;
  }
}
