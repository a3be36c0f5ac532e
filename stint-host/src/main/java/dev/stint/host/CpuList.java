package dev.stint.host;

import dev.stint.model.machine.CpuSet;
import java.util.Optional;
import java.util.OptionalLong;

/// Sets of CPUs as the kernel prints them: `0-3,8`.
public final class CpuList {
  private static final long CPUS = 8192; // NR_CPUS of x86 at most

  private CpuList() {}

  /// The set; empty text is the empty set, and what is no such list is absent.
  public static Optional<CpuSet> parse(String text) {
    CpuSet set = CpuSet.EMPTY;
    String list = text.strip();
    if (list.isEmpty()) {
      return Optional.of(set);
    }
    for (String part : list.split(",", -1)) {
      int dash = part.indexOf('-');
      OptionalLong from = Numbers.count(dash < 0 ? part : part.substring(0, dash));
      OptionalLong to = dash < 0 ? from : Numbers.count(part.substring(dash + 1));
      if (from.isEmpty() || to.isEmpty()) {
        return Optional.empty();
      }
      if (from.getAsLong() > to.getAsLong() || to.getAsLong() >= CPUS) {
        return Optional.empty();
      }
      set = set.or(CpuSet.range((int) from.getAsLong(), (int) to.getAsLong() + 1));
    }
    return Optional.of(set);
  }
}
