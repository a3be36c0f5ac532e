package dev.stint.report;

import java.util.Map;
import java.util.Optional;

/// What a finding asserts once its numbers are left out: two findings of different runs that make
/// the same claim say the same thing.
///
/// @param code kind of the finding, such as `below-entitled`
/// @param entity whom it is about, empty for the whole
/// @param assembly under which it holds, empty for several
/// @param direction which way, where the code alone does not say; empty if it does
public record Claim(
    String code, Optional<String> entity, Optional<String> assembly, String direction) {
  /// What `finding` asserts.
  static Claim of(Finding finding) {
    return new Claim(finding.code(), finding.entity(), finding.assembly(), direction(finding));
  }

  private static String direction(Finding finding) {
    Map<String, Double> n = finding.numbers();
    return switch (finding.code()) {
      case "below-entitled" -> mainWait(n);
      case "shares" -> n.getOrDefault("waited_part", 0.0) > Judged.TOLERANCE ? "waits" : "runs";
      case "response-changed" -> change(n, "p99_before_ns", "p99_after_ns", 0);
      case "outside-changed" ->
          Math.abs(n.getOrDefault("relative_change", 0.0)) > Judged.TOLERANCE
              ? change(n, "got_before_cpus", "got_after_cpus", 0)
              : "slower";
      case "integrated-changes" ->
          "error "
              + change(
                  n,
                  "largest_relative_error_before",
                  "largest_relative_error_after",
                  Judged.TOLERANCE)
              + (ChangeVerdict.waitingMoves(n) ? ", waiting moves to the L1VH" : "");
      default -> "";
    };
  }

  private static String change(Map<String, Double> n, String before, String after, double least) {
    double change = n.getOrDefault(after, 0.0) - n.getOrDefault(before, 0.0);
    if (Math.abs(change) <= least) {
      return "same";
    }
    return change > 0 ? "more" : "less";
  }

  /// The reason that it waited for longest; the first by name of equals.
  private static String mainWait(Map<String, Double> numbers) {
    String main = "never waited";
    double mostNs = 0;
    for (Map.Entry<String, Double> number : numbers.entrySet()) {
      if (number.getKey().endsWith("_ns") && number.getValue() > mostNs) {
        mostNs = number.getValue();
        main = number.getKey().substring(0, number.getKey().length() - "_ns".length());
      }
    }
    return main;
  }

  /// For people: `core: l1vh/cgroup:gold below-entitled (hypervisor.wait)`.
  @Override
  public String toString() {
    return assembly.map(text -> text + ": ").orElse("")
        + entity.map(text -> text + " ").orElse("")
        + code
        + (direction.isEmpty() ? "" : " (" + direction + ")");
  }
}
