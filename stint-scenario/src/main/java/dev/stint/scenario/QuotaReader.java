package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.linux.Quota;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Reads `cpu.max` and `cpu.max.burst`, and refuses what Linux refuses.
final class QuotaReader {
  /// The longest quota that Linux accepts, in microseconds.
  private static final long QUOTA_MAX_US = (1L << 44) - 1;

  private static final long DEFAULT_PERIOD_NS = 100_000_000L;
  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

  private final Problems problems;

  QuotaReader(Problems problems) {
    this.problems = problems;
  }

  /// The limit that a group is given; empty for none.
  Optional<Quota> quota(Fields fields) {
    Optional<Tree.Scalar> max = fields.scalar("cpu.max");
    Optional<Quota> quota = max.flatMap(this::quota);
    Optional<Tree.Scalar> burst = fields.scalar("cpu.max.burst");
    if (burst.isEmpty() || (max.isPresent() && quota.isEmpty() && !isUnlimited(max.get()))) {
      return quota;
    }
    OptionalLong burstNs = amountNs(burst.get(), burst.get().text(), "cpu.max.burst");
    if (burstNs.isEmpty()) {
      return quota;
    }
    if (quota.isEmpty()) {
      if (burstNs.getAsLong() > 0) {
        problems.add(
            DiagnosticCode.BURST_IDLE,
            burst.get(),
            "cpu.max.burst " + burst.get().text() + " has no effect without a quota",
            "Set cpu.max or remove the burst");
      }
      return quota;
    }
    Quota limit = quota.get();
    if (burstNs.getAsLong() > limit.quotaNs()) {
      problems.add(
          DiagnosticCode.CPU_MAX,
          burst.get(),
          "burst "
              + us(burstNs.getAsLong())
              + " is above the quota "
              + us(limit.quotaNs())
              + ", the most that Linux accepts for cpu.max.burst",
          "Write " + limit.quotaNs() / 1_000 + " or less");
      return quota;
    }
    return Optional.of(new Quota(limit.quotaNs(), limit.periodNs(), burstNs.getAsLong()));
  }

  private static boolean isUnlimited(Tree.Scalar max) {
    return max.text().strip().startsWith("max");
  }

  private Optional<Quota> quota(Tree.Scalar max) {
    String[] tokens = max.text().strip().split("\\s+");
    if (tokens.length > 2 || tokens[0].isEmpty()) {
      problems.add(
          DiagnosticCode.CPU_MAX,
          max,
          "cpu.max is a quota and a period and got " + quoted(max.text()),
          "Write for example `50000 100000` (microseconds), or `max`");
      return Optional.empty();
    }
    OptionalLong periodNs =
        tokens.length == 1
            ? OptionalLong.of(DEFAULT_PERIOD_NS)
            : amountNs(max, tokens[1], "cpu.max");
    if (periodNs.isEmpty() || !periodInRange(max, periodNs.getAsLong())) {
      return Optional.empty();
    }
    if (tokens[0].equals("max")) {
      return Optional.empty();
    }
    OptionalLong quotaNs = amountNs(max, tokens[0], "cpu.max");
    if (quotaNs.isEmpty()) {
      return Optional.empty();
    }
    if (quotaNs.getAsLong() < Quota.MIN_NS) {
      problems.add(
          DiagnosticCode.CPU_MAX,
          max,
          "quota " + us(quotaNs.getAsLong()) + " is below 1ms, the least Linux accepts for cpu.max",
          "Write \"1000 " + periodNs.getAsLong() / 1_000 + "\" or more");
      return Optional.empty();
    }
    return Optional.of(new Quota(quotaNs.getAsLong(), periodNs.getAsLong(), 0));
  }

  private boolean periodInRange(Tree.Scalar max, long periodNs) {
    if (periodNs >= Quota.MIN_NS && periodNs <= Quota.MAX_PERIOD_NS) {
      return true;
    }
    problems.add(
        DiagnosticCode.CPU_MAX,
        max,
        "period " + us(periodNs) + " is outside 1ms to 1s, what Linux accepts for cpu.max",
        "Write a period of 1000 to 1000000 (microseconds)");
    return false;
  }

  /// Microseconds, as in cgroupfs, or a duration with a unit.
  private OptionalLong amountNs(Tree.Scalar at, String token, String what) {
    if (DIGITS.matcher(token).matches()) {
      long us = Long.parseLong(token);
      if (us <= QUOTA_MAX_US) {
        return OptionalLong.of(us * 1_000);
      }
    }
    OptionalLong ns = Quantities.durationNs(token);
    if (ns.isPresent() && ns.getAsLong() <= QUOTA_MAX_US * 1_000) {
      return ns;
    }
    problems.add(
        DiagnosticCode.CPU_MAX,
        at,
        what + " " + quoted(token) + " is not a number of microseconds below 2^44",
        "Write for example `50000 100000`, as in cgroupfs");
    return OptionalLong.empty();
  }

  private static String us(long ns) {
    return ns % 1_000 == 0 ? ns / 1_000 + "us" : ns + "ns";
  }
}
