package dev.stint.checks.golden;

import java.util.Map;
import java.util.Optional;

/// Looks names up that must be there.
final class Named {
  private Named() {}

  static <K, T> T in(Map<K, T> map, K name) {
    return Optional.ofNullable(map.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no \"" + name + "\" in " + map.keySet()));
  }
}
