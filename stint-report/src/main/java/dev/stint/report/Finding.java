package dev.stint.report;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One thing that the runs show, as a sentence and as numbers.
///
/// @param code what kind of finding: `below-entitled`, `above-entitled`, `as-entitled`, `shares`,
///   `integrated-changes`, `outside-unharmed`, `outside-changed`, `outside-no-regression`,
///   `setting-without-effect`, `quota-held`, `quota-not-reached`, `response-changed`, `assumed`,
///   `identity-broken`
/// @param entity the path of the entity that it is about, absent if about several
/// @param assembly the assembly that it is about, absent if about several
/// @param text one or two sentences
/// @param numbers the figures behind the text, by name with the unit last
public record Finding(
    String code,
    Optional<String> entity,
    Optional<String> assembly,
    String text,
    Map<String, Double> numbers) {
  /// Copies the map, in order of names.
  public Finding {
    numbers = Collections.unmodifiableMap(new TreeMap<>(numbers));
  }
}
