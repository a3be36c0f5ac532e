package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.stint.model.machine.CpuSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The CPUs that a thread may use (sched_setaffinity(2)).
public final class Affinity {
  private static final int CPUS = 8192;
  private static final long BYTES = CPUS / Byte.SIZE;
  private static final MethodHandle SET =
      CLibrary.function("sched_setaffinity", CLibrary.returningInt(JAVA_INT, JAVA_LONG, ADDRESS));
  private static final MethodHandle GET =
      CLibrary.function("sched_getaffinity", CLibrary.returningInt(JAVA_INT, JAVA_LONG, ADDRESS));

  private Affinity() {}

  /// Confines a thread.
  ///
  /// @param tid of the thread, 0 for the caller
  public static void set(int tid, CpuSet cpus) throws SystemCallFailed {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(BYTES, Long.BYTES);
      for (int cpu : cpus.and(CpuSet.range(0, CPUS)).toArray()) {
        long at = (long) cpu / Long.SIZE * Long.BYTES;
        mask.set(JAVA_LONG, at, mask.get(JAVA_LONG, at) | 1L << cpu);
      }
      MemorySegment state = CLibrary.state(arena);
      if (call(SET, state, tid, mask) < 0) {
        throw CLibrary.failed("sched_setaffinity(" + tid + ", " + cpus + ")", state);
      }
    }
  }

  /// What a thread is confined to.
  ///
  /// @param tid of the thread, 0 for the caller
  public static CpuSet of(int tid) throws SystemCallFailed {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(BYTES, Long.BYTES);
      MemorySegment state = CLibrary.state(arena);
      if (call(GET, state, tid, mask) < 0) {
        throw CLibrary.failed("sched_getaffinity(" + tid + ")", state);
      }
      CpuSet cpus = CpuSet.EMPTY;
      for (int cpu = 0; cpu < CPUS; cpu++) {
        if ((mask.get(JAVA_LONG, (long) cpu / Long.SIZE * Long.BYTES) >> cpu & 1) != 0) {
          cpus = cpus.or(CpuSet.of(cpu));
        }
      }
      return cpus;
    }
  }

  private static int call(MethodHandle function, MemorySegment state, int tid, MemorySegment mask) {
    try {
      return (int) function.invokeExact(state, tid, BYTES, mask);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
  }
}
