package dev.stint.host.control;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a guard looks at, since it looked last. What cannot be had is absent.
public interface Readings {
  /// How much of all processors' time a hypervisor took.
  OptionalDouble stealPercent();

  /// For how much of the time some task waited for a processor.
  OptionalDouble pressurePercent();

  /// How late a task that sleeps is woken, at the 99th percentile.
  OptionalLong wakeNs();
}
