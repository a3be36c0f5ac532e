package dev.stint.report;

import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How much of a verdict rests on the assumed parameters: every sentence, held against every
/// combination that was tried.
///
/// A sentence holds in a combination if the verdict there makes the same claims: the same kind of
/// finding about the same entity under the same assembly in the same direction, whatever the
/// numbers.
///
/// @param plan what was tried
/// @param sentences those of the verdict that claim something, in its order
/// @param ranges least and most of every key figure
/// @param impossible combinations that cannot be assembled
public record Sensitivity(
    SensitivityPlan plan,
    List<Robustness> sentences,
    List<Range> ranges,
    List<Impossible> impossible) {
  /// How a sentence fared.
  ///
  /// @param holds in how many combinations it holds
  /// @param of how many were possible
  /// @param breaks those where it does not hold
  public record Robustness(Sentence sentence, int holds, int of, List<Combination> breaks) {
    /// Copies the list.
    public Robustness {
      breaks = List.copyOf(breaks);
    }

    /// `all`, `most` (more than half) or `few`.
    public String word() {
      if (holds == of) {
        return "all";
      }
      return 2 * holds > of ? "most" : "few";
    }
  }

  /// The least and most of a figure over all combinations that have it.
  ///
  /// @param entity whose, empty for the whole
  /// @param assembly under which, empty for several
  /// @param name as in the findings: `got_cpus`, `relative_error`
  public record Range(
      Optional<String> entity, Optional<String> assembly, String name, double least, double most) {}

  /// A combination that cannot be assembled, and why.
  public record Impossible(Combination combination, String reason) {}

  private static final List<String> KEY_FIGURES =
      List.of(
          "got_cpus",
          "relative_error",
          "largest_relative_error_before",
          "largest_relative_error_after",
          "relative_change",
          "wake_p99_before_ns",
          "wake_p99_after_ns",
          "p99_before_ns",
          "p99_after_ns");

  /// Copies the lists.
  public Sensitivity {
    sentences = List.copyOf(sentences);
    ranges = List.copyOf(ranges);
    impossible = List.copyOf(impossible);
  }

  /// Gathers the verdicts of all combinations.
  public static final class Collector {
    private final SensitivityPlan plan;
    private final Verdict base;
    private final List<Tried> tried = new ArrayList<>();
    private final List<Impossible> impossible = new ArrayList<>();

    private record Tried(Combination combination, Verdict verdict) {}

    /// @param results of the scenario as it stands: its verdict is in question
    public Collector(SensitivityPlan plan, Results results) {
      this.plan = plan;
      base = Verdict.of(results);
    }

    /// The runs of a combination, in the order of the plan.
    public void tried(
        String version, Scenario scenario, Combination combination, List<RunResult> runs) {
      Results results = new Results(version, combination.apply(scenario), runs);
      tried.add(new Tried(combination, Verdict.of(results)));
    }

    /// A combination that cannot be assembled.
    public void impossible(Combination combination, String reason) {
      impossible.add(new Impossible(combination, reason));
    }

    /// What they say together.
    public Sensitivity sensitivity() {
      List<Robustness> sentences = new ArrayList<>();
      for (Sentence sentence : base.said()) {
        if (!sentence.claims().isEmpty()) {
          List<Combination> breaks = new ArrayList<>();
          for (Tried one : tried) {
            if (!one.verdict().holds(sentence.claims())) {
              breaks.add(one.combination());
            }
          }
          int holds = tried.size() - breaks.size();
          sentences.add(new Robustness(sentence, holds, tried.size(), breaks));
        }
      }
      return new Sensitivity(plan, sentences, ranges(), impossible);
    }

    private List<Range> ranges() {
      Map<String, Range> ranges = new LinkedHashMap<>();
      for (Tried one : tried) {
        for (Finding finding : one.verdict().findings()) {
          for (String name : KEY_FIGURES) {
            Double value = finding.numbers().get(name);
            if (value != null && !finding.code().equals("setting-without-effect")) {
              Range point = new Range(finding.entity(), finding.assembly(), name, value, value);
              ranges.merge(
                  finding.entity() + " " + finding.assembly() + " " + name, point, Collector::both);
            }
          }
        }
      }
      return List.copyOf(ranges.values());
    }

    private static Range both(Range a, Range b) {
      return new Range(
          a.entity(),
          a.assembly(),
          a.name(),
          Math.min(a.least(), b.least()),
          Math.max(a.most(), b.most()));
    }
  }
}
