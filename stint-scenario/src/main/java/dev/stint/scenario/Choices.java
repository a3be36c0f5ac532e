package dev.stint.scenario;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// The names of an enum's constants in scenarios.
final class Choices {
  private Choices() {}

  /// Name to constant, in the order of declaration.
  static <T> Map<String, T> of(T[] constants, Function<T, String> name) {
    Map<String, T> choices = new LinkedHashMap<>();
    for (T constant : constants) {
      choices.put(name.apply(constant), constant);
    }
    return choices;
  }
}
