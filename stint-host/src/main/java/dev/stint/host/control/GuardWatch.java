package dev.stint.host.control;

import dev.stint.scenario.Policy;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A guard over time: broken once a reading has been worse than stated for as long as stated,
/// without a better one between.
final class GuardWatch {
  private final Policy.Guard guard;
  private final Readings readings;
  private OptionalLong worseSinceNs = OptionalLong.empty();

  GuardWatch(Policy.Guard guard, Readings readings) {
    this.guard = guard;
    this.readings = readings;
  }

  /// Looks, and says why the guard is broken, if it is.
  Optional<String> look(long nowNs) {
    Optional<String> worse = worse();
    if (worse.isEmpty()) {
      worseSinceNs = OptionalLong.empty();
      return worse;
    }
    if (worseSinceNs.isEmpty()) {
      worseSinceNs = OptionalLong.of(nowNs);
    }
    return worse.filter(_ -> nowNs - worseSinceNs.getAsLong() >= guard.forNs());
  }

  /// What is worse than stated at this moment. A reading that is absent is not worse.
  private Optional<String> worse() {
    Optional<String> worse = Optional.empty();
    if (guard.stealPercent().isPresent()) {
      double most = guard.stealPercent().getAsDouble();
      double is = readings.stealPercent().orElse(0);
      worse = is > most ? Optional.of(percents("steal", is, most)) : worse;
    }
    if (guard.pressurePercent().isPresent()) {
      double most = guard.pressurePercent().getAsDouble();
      double is = readings.pressurePercent().orElse(0);
      worse = is > most ? Optional.of(percents("CPU pressure", is, most)) : worse;
    }
    if (guard.wakeNs().isPresent()) {
      long most = guard.wakeNs().getAsLong();
      long is = readings.wakeNs().orElse(0);
      String words =
          String.format(Locale.ROOT, "wake-up p99 %d us, above %d us", is / 1000, most / 1000);
      worse = is > most ? Optional.of(words) : worse;
    }
    return worse;
  }

  private static String percents(String what, double is, double most) {
    return String.format(Locale.ROOT, "%s %.1f%%, above %.1f%%", what, is, most);
  }
}
