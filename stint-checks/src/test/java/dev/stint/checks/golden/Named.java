package dev.stint.checks.golden;

import java.util.Map;
import java.util.Optional;

/// Looks names up that must be there.
final class Named {
  private Named() {}

  static <T> T in(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no \"" + name + "\" in " + map.keySet()));
  }
}
