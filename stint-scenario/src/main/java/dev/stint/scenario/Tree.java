package dev.stint.scenario;

import java.util.List;
import java.util.Optional;

/// YAML or JSON as written: every key and value with its place; aliases and merge keys resolved.
sealed interface Tree {
  /// Where it begins. A value that came through an alias is where its anchor is.
  Position at();

  /// Its kind, for messages.
  String kind();

  /// A leaf.
  ///
  /// @param plain written without quotation marks, so that it may be a number, a flag or null
  record Scalar(Position at, String text, boolean plain) implements Tree {
    /// Whether it says nothing: empty, `~` or `null`.
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }

    @Override
    public String kind() {
      return isNull() ? "nothing" : "a single value";
    }
  }

  /// A list.
  record Sequence(Position at, List<Tree> items) implements Tree {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /// A mapping with distinct keys, in the order written.
  record Mapping(Position at, List<Entry> entries) implements Tree {
    /// The value of a key.
    Optional<Tree> find(String key) {
      for (Entry entry : entries) {
        if (entry.key().text().equals(key)) {
          return Optional.of(entry.value());
        }
      }
      return Optional.empty();
    }

    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /// A key and its value.
  record Entry(Scalar key, Tree value) {}
}
