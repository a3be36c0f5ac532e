package dev.stint.model.linux;

import java.math.BigInteger;

/// Divides an exact run time into user and system time in the proportion in which ticks found them,
/// so that neither ever goes back (`cputime_adjust`; facts: linux.md §7.2).
final class CputimeSplit {
  private long userNs;
  private long systemNs;

  /// User and system time, in nanoseconds.
  record Times(long userNs, long systemNs) {}

  /// Splits `execNs`, which does not decrease from call to call.
  Times adjust(long userTickNs, long systemTickNs, long execNs) {
    if (userNs + systemNs >= execNs) {
      return new Times(userNs, systemNs);
    }
    long system = share(userTickNs, systemTickNs, execNs);
    system = Math.max(system, systemNs);
    long user = execNs - system;
    if (user < userNs) {
      user = userNs;
      system = execNs - user;
    }
    userNs = user;
    systemNs = system;
    return new Times(user, system);
  }

  private static long share(long userTickNs, long systemTickNs, long execNs) {
    if (systemTickNs == 0) {
      return 0;
    }
    if (userTickNs == 0) {
      return execNs;
    }
    return BigInteger.valueOf(systemTickNs)
        .multiply(BigInteger.valueOf(execNs))
        .divide(BigInteger.valueOf(systemTickNs + userTickNs))
        .longValueExact();
  }
}
