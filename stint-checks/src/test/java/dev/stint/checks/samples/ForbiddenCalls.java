package dev.stint.checks.samples;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// One method for each kind of forbidden use, and one that uses what is allowed.
public final class ForbiddenCalls {
  long clock() {
    return System.nanoTime();
  }

  Map<String, String> hashMap() {
    return new HashMap<>();
  }

  Supplier<Map<String, String>> hashMapReference() {
    return HashMap::new;
  }

  Set<String> randomOrder() {
    return Set.of("a", "b");
  }

  Set<String> collected(List<String> names) {
    return names.stream().collect(Collectors.toSet());
  }

  String defaultLocale(double value) {
    return String.format("%f", value);
  }

  String defaultCase(String text) {
    return text.toUpperCase();
  }

  double platformMath(double value) {
    return Math.log(value);
  }

  java.time.Instant wallClock() {
    return java.time.Instant.now();
  }

  void printed() {
    System.out.println();
  }

  Map<String, String> allowed(double value) {
    Map<String, String> map = new LinkedHashMap<>(Map.of("only", "one"));
    map.put("a", String.format(Locale.ROOT, "%f", StrictMath.log(Math.max(1, value))));
    return map;
  }
}
