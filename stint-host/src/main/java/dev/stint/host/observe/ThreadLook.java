package dev.stint.host.observe;

import dev.stint.host.proc.ThreadTimes;
import java.util.OptionalLong;

/// What a thread's files said at one moment.
///
/// @param atNs `CLOCK_MONOTONIC`, taken with the read
/// @param times since the thread's start
/// @param ready whether it ran or waited for a CPU just then
/// @param processor where it ran last
/// @param sleeps voluntary switches since its start, absent where they cannot be read
record ThreadLook(long atNs, ThreadTimes times, boolean ready, int processor, OptionalLong sleeps) {
  /// What became of the time since an earlier look.
  ///
  /// The kernel adds a wait to `schedstat` when it ends, and run time at ticks: the figures of a
  /// thread that is ready may lag, so that what they leave over cannot be called sleep. And what a
  /// hypervisor takes from a running thread is in none of them.
  ///
  /// @param stolenNs that hypervisors took from the CPUs meanwhile
  Account since(ThreadLook earlier, long stolenNs) {
    long wallNs = Math.max(0, atNs - earlier.atNs);
    ThreadTimes passed = times.since(earlier.times);
    if (passed.runNs() < 0 || passed.waitNs() < 0 || passed.dispatches() < 0) {
      return Account.unknown(wallNs);
    }
    // More than the wall: a wait or a tick's worth of running that began before.
    long runNs = Math.min(passed.runNs(), wallNs);
    long queueNs = Math.min(passed.waitNs(), wallNs - runNs);
    long restNs = wallNs - runNs - queueNs;
    boolean neverSlept =
        earlier.ready
            && sleeps.isPresent()
            && earlier.sleeps.isPresent()
            && sleeps.getAsLong() == earlier.sleeps.getAsLong();
    boolean sleepIsUncertain = earlier.ready && sleeps.isEmpty();
    long unknownNs =
        ready || neverSlept || sleepIsUncertain
            ? restNs
            : runNs > 0 ? Math.min(restNs, stolenNs) : 0;
    return new Account(wallNs, runNs, queueNs, 0, 0, restNs - unknownNs, unknownNs);
  }
}
