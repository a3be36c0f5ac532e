package dev.stint.host.observe;

import java.util.Map;
import java.util.TreeMap;

/// A sentence about a host, with the numbers in it.
///
/// @param code of the rule
/// @param entity the path that it is about
/// @param numbers by name; parts are of 1
public record Finding(Code code, String entity, String text, Map<String, Double> numbers) {
  /// Copies the map.
  public Finding {
    numbers = new TreeMap<>(numbers);
  }

  /// The rules, in the order in which they are told.
  public enum Code {
    /// A `cpu.max` keeps threads from running.
    THROTTLED("throttled"),
    /// A hypervisor below takes CPU time.
    STOLEN("stolen"),
    /// Threads wait, and may not run on CPUs that idle.
    CONFINED("confined"),
    /// Threads wait for CPUs that others run on.
    QUEUED("queued"),
    /// Too little can be seen to judge.
    BLIND("blind"),
    /// None of the others.
    NOTHING("nothing");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    /// The name in JSON.
    public String text() {
      return text;
    }
  }
}
