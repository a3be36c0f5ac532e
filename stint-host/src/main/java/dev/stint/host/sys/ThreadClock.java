package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The calling thread and the clocks of the kernel. Of one thread, which makes it; reading
/// allocates nothing.
public final class ThreadClock {
  private static final int MONOTONIC = 1;
  private static final int PROCESS_CPU_TIME = 2;
  private static final int THREAD_CPU_TIME = 3;
  private static final int PER_THREAD_CPU = 6; // CPUCLOCK_PERTHREAD_MASK, CPUCLOCK_SCHED
  private static final int ABSOLUTE = 1; // TIMER_ABSTIME
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int TIMER_SLACK = 29; // PR_SET_TIMERSLACK
  private static final int EINTR = 4;

  private static final MethodHandle GETTID = CLibrary.quick("gettid", CLibrary.returningInt());
  private static final MethodHandle GETTIME =
      CLibrary.quick("clock_gettime", CLibrary.returningInt(JAVA_INT, ADDRESS));
  private static final MethodHandle SLEEP =
      CLibrary.function(
          "clock_nanosleep", CLibrary.returningInt(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle PRCTL =
      CLibrary.quick("prctl", CLibrary.returningInt(JAVA_INT, JAVA_LONG));

  private final MemorySegment time;
  private final MemorySegment state;

  /// The clocks of the calling thread. They live as long as it refers to them.
  public ThreadClock() {
    Arena arena = Arena.ofAuto();
    time = arena.allocate(2L * Long.BYTES, Long.BYTES);
    state = CLibrary.state(arena);
  }

  /// The kernel's number of the calling thread.
  public static int tid() {
    try {
      return (int) GETTID.invokeExact();
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
  }

  /// Makes the calling thread's timers exact: without it the kernel may be 50 us late.
  public static void exactTimers() {
    try {
      int unused = (int) PRCTL.invokeExact(TIMER_SLACK, 1L);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
  }

  /// `CLOCK_MONOTONIC`, nanoseconds; the clock that the scheduler's tick is aligned to.
  public long monotonicNs() {
    return read(MONOTONIC);
  }

  /// CPU time of the calling thread, nanoseconds.
  public long cpuNs() {
    return read(THREAD_CPU_TIME);
  }

  /// CPU time of all threads of this process, nanoseconds.
  public long processCpuNs() {
    return read(PROCESS_CPU_TIME);
  }

  /// CPU time of another thread of this process, up to this moment; below 0 when there is no such
  /// thread.
  public long cpuNs(int tid) {
    return read(~tid << 3 | PER_THREAD_CPU);
  }

  /// Sleeps until a moment of `CLOCK_MONOTONIC`.
  public void sleepUntil(long monotonicNs) {
    int error;
    do {
      time.set(JAVA_LONG, 0, monotonicNs / SECOND_NS);
      time.set(JAVA_LONG, Long.BYTES, monotonicNs % SECOND_NS);
      try {
        error = (int) SLEEP.invokeExact(state, MONOTONIC, ABSOLUTE, time, MemorySegment.NULL);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
    } while (error == EINTR);
  }

  private long read(int clock) {
    int result;
    try {
      result = (int) GETTIME.invokeExact(clock, time);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (result != 0) {
      return -1;
    }
    return time.get(JAVA_LONG, 0) * SECOND_NS + time.get(JAVA_LONG, Long.BYTES);
  }
}
