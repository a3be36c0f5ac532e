package dev.stint.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The named exceptions to the tidy rules, each with the size it may not pass. The list may only
/// shrink: an entry that is no longer needed is an error too.
final class TidyExceptions {
  private final Map<String, Integer> limits = new LinkedHashMap<>();

  /// Reads lines `rule where limit`; `#` at the start of a line begins a comment.
  TidyExceptions(String text) {
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+");
      if (words.length != 3) {
        throw new IllegalArgumentException("expected \"rule where limit\", found: " + line);
      }
      limits.put(words[0] + " " + words[1], Integer.parseInt(words[2]));
    }
  }

  int size() {
    return limits.size();
  }

  /// What remains to be reported: findings beyond their exception, and exceptions that nothing
  /// needs.
  List<String> remaining(List<TidyRules.Finding> findings) {
    List<String> remaining = new ArrayList<>();
    Map<String, Integer> unused = new LinkedHashMap<>(limits);
    for (TidyRules.Finding finding : findings) {
      String key = finding.rule() + " " + finding.where();
      unused.remove(key);
      if (finding.actual() > limits.getOrDefault(key, 0)) {
        remaining.add(finding.text());
      }
    }
    unused.keySet().forEach(key -> remaining.add("exception no longer needed, remove it: " + key));
    return remaining;
  }
}
