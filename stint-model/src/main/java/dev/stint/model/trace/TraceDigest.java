package dev.stint.model.trace;

import java.util.Locale;

/// A 64-bit hash of a whole trace: equal digests mean equal runs, event for event.
///
/// Each word is mixed with the SplitMix64 finalizer (Steele, Lea, Flood: "Fast splittable
/// pseudorandom number generators", OOPSLA 2014), so the order of events counts.
public final class TraceDigest implements TraceSink {
  private long state = 0x9E3779B97F4A7C15L;
  private long eventCount;

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    eventCount++;
    add(timeNs);
    add(((long) kind.ordinal() << 56) ^ ((long) a << 28) ^ b);
    add(((long) c << 32) ^ (d & 0xFFFF_FFFFL));
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    eventCount++;
    add(timeNs);
    add(~(((long) metric.ordinal() << 32) ^ entity));
    add(value);
  }

  /// How many events and samples went in.
  public long eventCount() {
    return eventCount;
  }

  /// The digest of everything so far: sixteen hexadecimal digits.
  public String hex() {
    return String.format(Locale.ROOT, "%016x", state);
  }

  private void add(long word) {
    long z = (state ^ word) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    state = z ^ (z >>> 31);
  }
}
