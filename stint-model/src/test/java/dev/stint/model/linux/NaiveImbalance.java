package dev.stint.model.linux;

import java.math.BigInteger;

/// The comparison of two groups restated from its formulas with numbers of any size, cases spelled
/// out one by one: the oracle of [GroupStats] and [Imbalance].
final class NaiveImbalance {
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);
  private static final BigInteger SCALE = BigInteger.valueOf(1024);
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

  /// One side.
  record Side(
      long load,
      long util,
      long runnable,
      int tasks,
      int runnableTasks,
      int idle,
      int cpus,
      int cores,
      long capacity,
      long misfit,
      boolean smt,
      boolean imbalanced) {}

  /// What surrounds them.
  record Around(
      boolean busy,
      boolean numa,
      boolean sharesCache,
      int percent,
      boolean prefersSibling,
      int numaAllowed,
      long otherLoad,
      long otherCapacity) {}

  /// Unit and amount.
  record Answer(String unit, BigInteger amount) {}

  private NaiveImbalance() {}

  static String type(Side side, int percent) {
    BigInteger scaled = big(side.capacity).multiply(HUNDRED);
    BigInteger used = big(side.util).multiply(big(percent));
    boolean crowded =
        big(side.capacity).multiply(big(percent)).compareTo(big(side.runnable).multiply(HUNDRED))
            < 0;
    if (side.tasks > side.cpus && scaled.compareTo(used) < 0) {
      return "OVERLOADED";
    }
    if (side.tasks > side.cpus && crowded) {
      return "OVERLOADED";
    }
    if (side.imbalanced) {
      return "IMBALANCED";
    }
    if (side.smt) {
      return "SMT_BALANCE";
    }
    if (side.misfit != 0) {
      return "MISFIT";
    }
    if (side.tasks < side.cpus) {
      return "HAS_SPARE";
    }
    return !crowded && scaled.compareTo(used) > 0 ? "HAS_SPARE" : "FULLY_BUSY";
  }

  static Answer between(Side local, Side busiest, Around around) {
    String here = type(local, around.percent);
    String there = type(busiest, around.percent);
    return balanced(local, busiest, here, there, around)
        ? new Answer("TASK", BigInteger.ZERO)
        : amount(local, busiest, here, there, around);
  }

  private static boolean balanced(
      Side local, Side busiest, String here, String there, Around around) {
    if (there.equals("MISFIT") || there.equals("IMBALANCED")) {
      return false;
    }
    if (rank(here) > rank(there)) {
      return true;
    }
    if (here.equals("OVERLOADED")) {
      BigInteger own = perCapacity(local);
      BigInteger other = perCapacity(busiest);
      if (own.compareTo(other) >= 0 || own.compareTo(mean(local, busiest, around)) >= 0) {
        return true;
      }
      if (other.multiply(HUNDRED).compareTo(own.multiply(big(around.percent))) <= 0) {
        return true;
      }
    }
    if (around.prefersSibling
        && here.equals("HAS_SPARE")
        && siblings(local, busiest, around).compareTo(BigInteger.ONE) > 0) {
      return false;
    }
    if (there.equals("OVERLOADED")) {
      return false;
    }
    if (around.busy) {
      return true;
    }
    if (busiest.cpus > 1 && local.idle <= busiest.idle + 1) {
      return true;
    }
    return busiest.runnableTasks == 1;
  }

  private static Answer amount(Side local, Side busiest, String here, String there, Around around) {
    if (there.equals("MISFIT")) {
      return new Answer("LOAD", big(busiest.misfit));
    }
    if (there.equals("SMT_BALANCE") || there.equals("IMBALANCED")) {
      return new Answer("TASK", BigInteger.ONE);
    }
    if (here.equals("HAS_SPARE")) {
      return there.equals("OVERLOADED") && !around.sharesCache
          ? spare(local, around)
          : tasks(local, busiest, around);
    }
    BigInteger own = perCapacity(local);
    BigInteger other = there.equals("OVERLOADED") ? perCapacity(busiest) : BigInteger.ZERO;
    BigInteger mean = mean(local, busiest, around);
    if (!here.equals("OVERLOADED") && (own.compareTo(other) >= 0 || own.compareTo(mean) >= 0)) {
      return new Answer("TASK", BigInteger.ZERO);
    }
    // The kernel's numbers are unsigned: below zero is far above everything.
    BigInteger push = other.subtract(mean).multiply(big(busiest.capacity)).mod(WORD);
    BigInteger pull = mean.subtract(own).multiply(big(local.capacity)).mod(WORD);
    return new Answer("LOAD", push.min(pull).divide(SCALE));
  }

  private static Answer spare(Side local, Around around) {
    BigInteger room = big(Math.max(local.capacity, local.util) - local.util);
    return room.signum() == 0 && !around.busy
        ? new Answer("TASK", BigInteger.ONE)
        : new Answer("UTIL", room);
  }

  private static Answer tasks(Side local, Side busiest, Around around) {
    BigInteger count =
        busiest.cpus == 1 || around.prefersSibling
            ? siblings(local, busiest, around)
            : big(local.idle - busiest.idle).max(BigInteger.ZERO);
    if (around.numa && local.tasks + 1 <= around.numaAllowed && count.intValueExact() <= 2) {
      count = BigInteger.ZERO;
    }
    return new Answer("TASK", count.shiftRight(1));
  }

  private static BigInteger siblings(Side local, Side busiest, Around around) {
    if (around.busy || busiest.tasks == 0) {
      return BigInteger.ZERO;
    }
    if (local.cores == busiest.cores) {
      return big(busiest.tasks - local.tasks).max(BigInteger.ZERO);
    }
    BigInteger ahead =
        big(local.cores)
            .multiply(big(busiest.tasks))
            .subtract(big(busiest.cores).multiply(big(local.tasks)))
            .max(BigInteger.ZERO);
    BigInteger cores = big(local.cores + busiest.cores);
    BigInteger rounded = ahead.add(ahead).add(cores).divide(cores);
    boolean empty = local.tasks == 0 && busiest.tasks > 1;
    return rounded.compareTo(BigInteger.ONE) <= 0 && empty ? BigInteger.TWO : rounded;
  }

  private static int rank(String type) {
    return switch (type) {
      case "HAS_SPARE" -> 0;
      case "FULLY_BUSY" -> 1;
      case "MISFIT" -> 2;
      case "SMT_BALANCE" -> 3;
      case "IMBALANCED" -> 4;
      default -> 5;
    };
  }

  private static BigInteger perCapacity(Side side) {
    return big(side.load).multiply(SCALE).divide(big(side.capacity));
  }

  private static BigInteger mean(Side local, Side busiest, Around around) {
    BigInteger load = big(local.load).add(big(busiest.load)).add(big(around.otherLoad));
    BigInteger capacity =
        big(local.capacity).add(big(busiest.capacity)).add(big(around.otherCapacity));
    return load.multiply(SCALE).divide(capacity);
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }
}
