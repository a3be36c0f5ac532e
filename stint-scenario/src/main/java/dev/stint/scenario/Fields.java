package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.machine.CpuSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// A mapping read field by field. Every accessor records what is wrong and then answers with the
/// fallback, so that one pass finds all errors; the result counts only if no error was recorded.
final class Fields {
  private static final Pattern INTEGER = Pattern.compile("[-+]?\\d{1,20}");

  private final Problems problems;
  private final Tree.Mapping mapping;

  private Fields(Problems problems, Tree.Mapping mapping) {
    this.problems = problems;
    this.mapping = mapping;
  }

  /// The fields of a value that should be a mapping with some of the known keys. Nothing (`key:`)
  /// is an empty mapping; another shape is recorded and treated as empty.
  static Fields of(Problems problems, Tree tree, String what, List<String> known) {
    Tree.Mapping mapping = mapping(problems, tree, what);
    for (Tree.Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (!known.contains(key)) {
        problems.add(
            DiagnosticCode.UNKNOWN_KEY,
            entry.key(),
            "unknown key " + quoted(key) + " in " + what,
            Texts.didYouMean(key, known));
      }
    }
    return new Fields(problems, mapping);
  }

  /// The entries of a value that should be a mapping of names to something.
  static Tree.Mapping mapping(Problems problems, Tree tree, String what) {
    return switch (tree) {
      case Tree.Mapping mapping -> mapping;
      case Tree.Scalar scalar when scalar.isNull() -> new Tree.Mapping(scalar.at(), List.of());
      case Tree.Scalar scalar -> {
        problems.add(
            DiagnosticCode.WRONG_TYPE,
            scalar,
            what + " is a mapping and got " + quoted(scalar.text()),
            "Write `key: value` lines, indented, below it");
        yield new Tree.Mapping(scalar.at(), List.of());
      }
      case Tree.Sequence sequence -> {
        problems.add(
            DiagnosticCode.WRONG_TYPE,
            sequence.at(),
            "",
            what + " is a mapping and got a list",
            "Write `key: value` lines without the dashes or brackets");
        yield new Tree.Mapping(sequence.at(), List.of());
      }
    };
  }

  /// Where the mapping begins.
  Position at() {
    return mapping.at();
  }

  /// Where the key's value is, or else the mapping.
  Position at(String key) {
    return mapping.find(key).map(Tree::at).orElse(mapping.at());
  }

  boolean has(String key) {
    return mapping.find(key).isPresent();
  }

  Optional<Tree> find(String key) {
    return mapping.find(key);
  }

  /// The place of the key itself, for findings about its presence.
  Optional<Tree.Scalar> key(String key) {
    return mapping.entries().stream()
        .map(Tree.Entry::key)
        .filter(written -> written.text().equals(key))
        .findFirst();
  }

  /// The mapping under a key; an absent key is an empty mapping.
  Fields fields(String key, String what, List<String> known) {
    return of(problems, find(key).orElse(new Tree.Mapping(at(), List.of())), what, known);
  }

  /// The entries under a key that maps names to something; an absent key has none.
  List<Tree.Entry> entries(String key, String what) {
    return find(key).map(tree -> mapping(problems, tree, what).entries()).orElse(List.of());
  }

  /// The items of a list; an absent key has none.
  List<Tree> items(String key, String what) {
    Optional<Tree> found = find(key);
    if (found.isEmpty()) {
      return List.of();
    }
    if (found.get() instanceof Tree.Sequence sequence) {
      return sequence.items();
    }
    problems.add(
        DiagnosticCode.WRONG_TYPE,
        found.get().at(),
        "",
        what + " is a list and got " + found.get().kind(),
        "Write it as `[a, b]`");
    return List.of();
  }

  /// The single value of a key, if the key is there and has one.
  Optional<Tree.Scalar> scalar(String key) {
    return find(key).flatMap(tree -> scalar(problems, tree, key));
  }

  /// A tree that should be a single value.
  static Optional<Tree.Scalar> scalar(Problems problems, Tree tree, String what) {
    if (tree instanceof Tree.Scalar scalar && !scalar.isNull()) {
      return Optional.of(scalar);
    }
    problems.add(
        DiagnosticCode.WRONG_TYPE,
        tree.at(),
        "",
        what + " is a single value and got " + tree.kind(),
        "Write one value after the colon, or remove the key");
    return Optional.empty();
  }

  String text(String key, String fallback) {
    return scalar(key).map(Tree.Scalar::text).orElse(fallback);
  }

  int integer(String key, int min, int max, int fallback, DiagnosticCode code) {
    return (int) integer(key, (long) min, max, fallback, code);
  }

  long integer(String key, long min, long max, long fallback, DiagnosticCode code) {
    Optional<Tree.Scalar> scalar = scalar(key);
    if (scalar.isEmpty()) {
      return fallback;
    }
    String text = scalar.get().text();
    if (!scalar.get().plain() || !INTEGER.matcher(text).matches()) {
      problems.add(
          DiagnosticCode.WRONG_TYPE,
          scalar.get(),
          key + " is a whole number and got " + quoted(text),
          "Write digits only, without quotation marks");
      return fallback;
    }
    OptionalLong value = parseLong(text);
    if (value.isEmpty() || value.getAsLong() < min || value.getAsLong() > max) {
      problems.add(
          code,
          scalar.get(),
          key + " is " + text + ", outside " + min + " to " + max,
          "Write a number from " + min + " to " + max);
      return fallback;
    }
    return value.getAsLong();
  }

  private static OptionalLong parseLong(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  boolean flag(String key, boolean fallback) {
    Optional<Tree.Scalar> scalar = scalar(key);
    if (scalar.isEmpty()) {
      return fallback;
    }
    String text = scalar.get().text();
    if (scalar.get().plain() && (text.equals("true") || text.equals("false"))) {
      return text.equals("true");
    }
    problems.add(
        DiagnosticCode.WRONG_TYPE,
        scalar.get(),
        key + " is true or false and got " + quoted(text),
        "Write true or false, without quotation marks");
    return fallback;
  }

  /// One of a few names.
  <T> T choice(String key, Map<String, T> choices, T fallback) {
    return scalar(key).flatMap(name -> choice(problems, name, key, choices)).orElse(fallback);
  }

  /// The choice that a name stands for.
  static <T> Optional<T> choice(
      Problems problems, Tree.Scalar name, String what, Map<String, T> choices) {
    Optional<T> chosen = Optional.ofNullable(choices.get(name.text()));
    if (chosen.isEmpty()) {
      problems.add(
          DiagnosticCode.UNKNOWN_NAME,
          name,
          what
              + " is one of "
              + String.join(", ", choices.keySet())
              + " and got "
              + quoted(name.text()),
          Texts.didYouMean(name.text(), choices.keySet()));
    }
    return chosen;
  }

  long durationNs(String key, long minNs, long maxNs, long fallbackNs, DiagnosticCode code) {
    return durationNs(key, minNs, maxNs, code).orElse(fallbackNs);
  }

  /// A duration within bounds, if the key is there and it is well-formed.
  OptionalLong durationNs(String key, long minNs, long maxNs, DiagnosticCode code) {
    Optional<Tree.Scalar> scalar = scalar(key);
    if (scalar.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = scalar.get().text();
    OptionalLong value = Quantities.durationNs(text);
    if (value.isEmpty()) {
      problems.add(
          DiagnosticCode.DURATION_FORM,
          scalar.get(),
          key + " " + quoted(text) + " is not a duration",
          "Write a number with ns, us, ms or s, such as 2.1ms");
      return value;
    }
    long ns = value.getAsLong();
    if (ns < minNs || ns > maxNs) {
      String bounds = Quantities.duration(minNs) + " to " + Quantities.duration(maxNs);
      problems.add(
          code,
          scalar.get(),
          key + " is " + text + ", outside " + bounds,
          "Write a duration from " + bounds);
      return OptionalLong.empty();
    }
    return value;
  }

  /// A percentage of an LP in raw units, 0 to 100 %.
  int percentRaw(String key, int fallback) {
    Optional<Tree.Scalar> scalar = scalar(key);
    if (scalar.isEmpty()) {
      return fallback;
    }
    OptionalInt raw = Quantities.percentRaw(scalar.get().text());
    if (raw.isEmpty() || raw.getAsInt() > dev.stint.model.hypervisor.Controls.ONE_LP) {
      problems.add(
          DiagnosticCode.PERCENT_FORM,
          scalar.get(),
          key + " is 0% to 100% of an LP and got " + quoted(scalar.get().text()),
          "Write a percentage, such as 75%");
      return fallback;
    }
    return raw.getAsInt();
  }

  /// A CPU list whose members are below `count`.
  ///
  /// @param whose what has that many, for the message: `the machine has 4 LPs`
  Optional<CpuSet> cpus(String key, int count, String whose) {
    return scalar(key).flatMap(list -> cpus(problems, list, key, count, whose));
  }

  /// The CPU list that a value stands for.
  static Optional<CpuSet> cpus(
      Problems problems, Tree.Scalar list, String what, int count, String whose) {
    Optional<CpuSet> cpus = Quantities.cpus(list.text());
    if (cpus.isEmpty()) {
      problems.add(
          DiagnosticCode.CPU_LIST_FORM,
          list,
          what + " is a CPU list and got " + quoted(list.text()),
          "Write numbers and ascending ranges, such as 0-3,8");
      return cpus;
    }
    int first = cpus.get().next(count);
    if (first >= 0) {
      problems.add(
          DiagnosticCode.CPU_RANGE,
          list,
          what + " " + quoted(list.text()) + " names CPU " + first + "; " + whose,
          "Name only 0 to " + (count - 1));
      return Optional.empty();
    }
    return cpus;
  }
}
