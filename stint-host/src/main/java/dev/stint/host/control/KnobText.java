package dev.stint.host.control;

import dev.stint.model.machine.CpuSet;
import dev.stint.scenario.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What the text of a control file means, however it is spelt: `0,1` is `0-1`, and `max` with the
/// period of 100 ms is `max 100000`.
final class KnobText {
  private KnobText() {}

  /// Whether two texts of a file mean the same.
  static boolean same(ControlFile file, String a, String b) {
    return normal(file, a).equals(normal(file, b));
  }

  /// The one spelling of a text.
  static String normal(ControlFile file, String text) {
    String plain = text.strip();
    return switch (file.name()) {
      case "cpuset.cpus" ->
          plain.isEmpty() ? "" : Quantities.cpus(plain).map(CpuSet::toString).orElse(plain);
      case ControlFile.SUBTREE -> String.join(" ", words(plain));
      default -> String.join(" ", plain.split("\\s+"));
    };
  }

  /// What a file reads after `value` was written where `old` was.
  static String after(ControlFile file, String old, String value) {
    if (!file.name().equals(ControlFile.SUBTREE)) {
      return value;
    }
    TreeSet<String> words = words(old);
    for (String word : words(value)) {
      if (word.startsWith("+")) {
        words.add(word.substring(1));
      } else if (word.startsWith("-")) {
        words.remove(word.substring(1));
      }
    }
    return String.join(" ", words);
  }

  /// What to write so that a file reads `old` again.
  static String back(ControlFile file, String now, String old) {
    if (!file.name().equals(ControlFile.SUBTREE)) {
      return old;
    }
    List<String> changes = new ArrayList<>();
    TreeSet<String> before = words(old);
    TreeSet<String> current = words(now);
    current.stream()
        .filter(word -> !before.contains(word))
        .forEach(word -> changes.add("-" + word));
    before.stream()
        .filter(word -> !current.contains(word))
        .forEach(word -> changes.add("+" + word));
    return String.join(" ", changes) + "\n";
  }

  /// The CPUs of a list; all that there can be for an empty one, which in cgroup v2 leaves the
  /// choice to the parent.
  static CpuSet cpus(String text) {
    Optional<CpuSet> cpus = Quantities.cpus(text.strip());
    return cpus.orElse(CpuSet.range(0, 4096));
  }

  private static TreeSet<String> words(String text) {
    TreeSet<String> words = new TreeSet<>(List.of(text.strip().split("\\s+")));
    words.remove("");
    return words;
  }
}
