package dev.stint.host.control;

/// A bound on how often something is done: so many times at once, and one more for every interval
/// that passes.
final class TokenBucket {
  private final int capacity;
  private final long intervalNs;
  private int tokens;
  private long filledNs;

  /// @param intervalNs in which one token comes back
  TokenBucket(int capacity, long intervalNs, long nowNs) {
    this.capacity = capacity;
    this.intervalNs = intervalNs;
    tokens = capacity;
    filledNs = nowNs;
  }

  /// Takes a token, if there is one.
  boolean take(long nowNs) {
    long come = (nowNs - filledNs) / intervalNs;
    tokens = (int) Math.min(capacity, tokens + come);
    filledNs = tokens == capacity ? nowNs : filledNs + come * intervalNs;
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }
}
