package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// How the kernel schedules a thread (sched_setattr(2)).
///
/// @param policy SCHED_NORMAL 0, FIFO 1, RR 2, BATCH 3, IDLE 5
/// @param nice -20 to 19
/// @param priority of a real-time policy, 0 for others
/// @param sliceNs `sched_runtime`: from Linux 6.12 on the slice of a fair thread; 0 for the default
public record SchedAttributes(int policy, int nice, int priority, long sliceNs) {
  /// `SCHED_NORMAL`.
  public static final int NORMAL = 0;

  /// `SCHED_FIFO`.
  public static final int FIFO = 1;

  /// `SCHED_BATCH`.
  public static final int BATCH = 3;

  /// `SCHED_IDLE`.
  public static final int IDLE = 5;

  private static final int BYTES = 48; // SCHED_ATTR_SIZE_VER0
  private static final int POLICY_AT = 4;
  private static final int NICE_AT = 16;
  private static final int PRIORITY_AT = 20;
  private static final int RUNTIME_AT = 24;
  private static final boolean X86 = System.getProperty("os.arch", "").equals("amd64");
  private static final long SET = X86 ? 314 : 274; // 274, 275: asm-generic
  private static final long GET = X86 ? 315 : 275;
  private static final MethodHandle SETATTR =
      CLibrary.systemCall(CLibrary.returningLong(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETATTR =
      CLibrary.systemCall(CLibrary.returningLong(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

  /// Gives a thread these attributes.
  ///
  /// @param tid of the thread, 0 for the caller
  public void set(int tid) throws SystemCallFailed {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CLibrary.state(arena);
      MemorySegment attributes = arena.allocate(BYTES, Long.BYTES);
      attributes.set(JAVA_INT, 0, BYTES);
      attributes.set(JAVA_INT, POLICY_AT, policy);
      attributes.set(JAVA_INT, NICE_AT, nice);
      attributes.set(JAVA_INT, PRIORITY_AT, priority);
      attributes.set(JAVA_LONG, RUNTIME_AT, sliceNs);
      long result;
      try {
        result = (long) SETATTR.invokeExact(state, SET, tid, attributes, 0);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
      if (result < 0) {
        throw CLibrary.failed("sched_setattr(" + tid + ", " + this + ")", state);
      }
    }
  }

  /// Those of a thread. Kernels before 6.12 say a slice of 0.
  ///
  /// @param tid of the thread, 0 for the caller
  public static SchedAttributes of(int tid) throws SystemCallFailed {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CLibrary.state(arena);
      MemorySegment attributes = arena.allocate(BYTES, Long.BYTES);
      long result;
      try {
        result = (long) GETATTR.invokeExact(state, GET, tid, attributes, BYTES, 0);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
      if (result < 0) {
        throw CLibrary.failed("sched_getattr(" + tid + ")", state);
      }
      return new SchedAttributes(
          attributes.get(JAVA_INT, POLICY_AT),
          attributes.get(JAVA_INT, NICE_AT),
          attributes.get(JAVA_INT, PRIORITY_AT),
          attributes.get(JAVA_LONG, RUNTIME_AT));
    }
  }
}
