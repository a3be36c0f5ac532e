package dev.stint.host.observe;

/// Where time went: `wall = run + queue + throttled + stolen + blocked + unknown`, to the
/// nanosecond. The same identity as in a simulation.
///
/// @param runNs on a CPU
/// @param queueNs ready, while its CPU ran others
/// @param throttledNs ready, while a `cpu.max` forbade it to run
/// @param stolenNs taken by a hypervisor below (of a CPU only: threads do not see it)
/// @param blockedNs asleep; of a CPU idle
/// @param unknownNs that nothing readable tells apart
public record Account(
    long wallNs,
    long runNs,
    long queueNs,
    long throttledNs,
    long stolenNs,
    long blockedNs,
    long unknownNs) {
  /// Of no time.
  public static final Account NONE = new Account(0, 0, 0, 0, 0, 0, 0);

  /// Nothing is known of a time.
  static Account unknown(long wallNs) {
    return new Account(wallNs, 0, 0, 0, 0, 0, wallNs);
  }

  /// Together with another.
  public Account plus(Account other) {
    return new Account(
        wallNs + other.wallNs,
        runNs + other.runNs,
        queueNs + other.queueNs,
        throttledNs + other.throttledNs,
        stolenNs + other.stolenNs,
        blockedNs + other.blockedNs,
        unknownNs + other.unknownNs);
  }

  /// Without a part of it.
  Account minus(Account part) {
    return new Account(
        wallNs - part.wallNs,
        runNs - part.runNs,
        queueNs - part.queueNs,
        throttledNs - part.throttledNs,
        stolenNs - part.stolenNs,
        blockedNs - part.blockedNs,
        unknownNs - part.unknownNs);
  }

  /// With some of the time in the queue known to be throttled.
  Account throttled(long ns) {
    long moved = Math.clamp(ns, 0, Math.max(0, queueNs));
    return new Account(
        wallNs, runNs, queueNs - moved, throttledNs + moved, stolenNs, blockedNs, unknownNs);
  }

  /// Time in which it could have run and did not.
  public long waitNs() {
    return queueNs + throttledNs + stolenNs;
  }

  /// Time in which it ran or could have.
  public long wantedNs() {
    return runNs + waitNs();
  }

  /// What the identity leaves over: 0, always.
  public long residualNs() {
    return wallNs - wantedNs() - blockedNs - unknownNs;
  }
}
