package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds mappings: keys are single values, each once; `<<` merges other mappings, whose keys yield
/// to those written.
final class Mappings {
  private static final String MERGE = "<<";

  private final Problems problems;

  Mappings(Problems problems) {
    this.problems = problems;
  }

  /// A mapping from its items: key, value, key, value.
  Tree.Mapping build(Position at, List<Tree> items) {
    Map<String, Tree.Entry> written = new LinkedHashMap<>();
    List<Tree> merged = new ArrayList<>();
    for (int i = 0; i + 1 < items.size(); i += 2) {
      if (!(items.get(i) instanceof Tree.Scalar key)) {
        problems.add(
            DiagnosticCode.WRONG_TYPE,
            items.get(i).at(),
            "",
            "a key is " + items.get(i).kind() + "; keys are names",
            "Write a name before the colon");
        continue;
      }
      if (key.plain() && key.text().equals(MERGE)) {
        merged.add(items.get(i + 1));
        continue;
      }
      Tree.Entry first = written.putIfAbsent(key.text(), new Tree.Entry(key, items.get(i + 1)));
      if (first != null) {
        problems.add(
            DiagnosticCode.DUPLICATE_KEY,
            key,
            "key " + quoted(key.text()) + " is there already, in line " + first.key().at().line(),
            "Remove one of the two, or rename it");
      }
    }
    for (Tree from : merged) {
      merge(written, from);
    }
    return new Tree.Mapping(at, List.copyOf(written.values()));
  }

  private void merge(Map<String, Tree.Entry> into, Tree from) {
    switch (from) {
      case Tree.Mapping mapping -> {
        for (Tree.Entry entry : mapping.entries()) {
          into.putIfAbsent(entry.key().text(), entry);
        }
      }
      case Tree.Sequence sequence when sequence.items().stream().allMatch(Mappings::isMapping) -> {
        for (Tree item : sequence.items()) {
          merge(into, item);
        }
      }
      case Tree.Sequence _, Tree.Scalar _ ->
          problems.add(
              DiagnosticCode.WRONG_TYPE,
              from.at(),
              "",
              "`<<` merges mappings and got " + from.kind(),
              "Write `<<: *name`, where `&name` is on a mapping");
    }
  }

  private static boolean isMapping(Tree tree) {
    return tree instanceof Tree.Mapping;
  }
}
