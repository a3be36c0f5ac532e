package dev.stint.host;

import java.util.Optional;
import java.util.function.Function;

/// What came of looking at a host: a value, or why there is none. Nothing is ever guessed.
///
/// @param <T> of the value
public sealed interface Reading<T> {
  /// It is known.
  ///
  /// @param value what was read
  record Known<T>(T value) implements Reading<T> {}

  /// It is not known.
  ///
  /// @param reason words for a reader
  record Unknown<T>(String reason) implements Reading<T> {}

  /// Reads a file and what it says.
  ///
  /// @param path without a leading `/`
  /// @param parser absent for text that is not what the file should hold
  static <T> Reading<T> of(HostFiles files, String path, Function<String, Optional<T>> parser) {
    return switch (files.read(path)) {
      case HostFiles.Text.Unreadable(String reason) -> new Unknown<>(reason);
      case HostFiles.Text.Read(String text) ->
          parser
              .apply(text)
              .<Reading<T>>map(Known::new)
              .orElseGet(() -> new Unknown<>("/" + path + " is not what was expected"));
    };
  }

  /// The value, if there is one.
  default Optional<T> known() {
    return switch (this) {
      case Known<T>(T value) -> Optional.of(value);
      case Unknown<T> _ -> Optional.empty();
    };
  }
}
