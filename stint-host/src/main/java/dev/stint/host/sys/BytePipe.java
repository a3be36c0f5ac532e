package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A pipe of the kernel that carries single bytes from one thread, which sleeps for none, to
/// another, which sleeps until there is one.
public final class BytePipe implements AutoCloseable {
  private static final MethodHandle PIPE =
      CLibrary.function("pipe2", CLibrary.returningInt(ADDRESS, JAVA_INT));
  private static final MethodHandle READ =
      CLibrary.function("read", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      CLibrary.function("write", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      CLibrary.quick("close", CLibrary.returningInt(JAVA_INT));
  private static final int CLOSE_ON_EXEC = 0x80000;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment readState = CLibrary.state(arena);
  private final MemorySegment writeState = CLibrary.state(arena);
  private final MemorySegment read = arena.allocate(1);
  private final MemorySegment written = arena.allocate(1);
  private final int readEnd;
  private final int writeEnd;

  /// Makes it.
  public BytePipe() throws SystemCallFailed {
    MemorySegment ends = arena.allocate(JAVA_INT, 2);
    int result;
    try {
      result = (int) PIPE.invokeExact(readState, ends, CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (result < 0) {
      throw CLibrary.failed("pipe2", readState);
    }
    readEnd = ends.getAtIndex(JAVA_INT, 0);
    writeEnd = ends.getAtIndex(JAVA_INT, 1);
  }

  /// Puts a byte in. Of one thread.
  public void put() throws SystemCallFailed {
    if (transfer(WRITE, writeState, writeEnd, written) != 1) {
      throw CLibrary.failed("write(pipe)", writeState);
    }
  }

  /// Sleeps for a byte and takes it out. Of one thread.
  public void take() throws SystemCallFailed {
    if (transfer(READ, readState, readEnd, read) != 1) {
      throw CLibrary.failed("read(pipe)", readState);
    }
  }

  private static long transfer(
      MethodHandle function, MemorySegment state, int end, MemorySegment place) {
    try {
      return (long) function.invokeExact(state, end, place, 1L);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
  }

  /// Ends it. No thread may be in [#put] or [#take].
  @Override
  public void close() {
    for (int end : new int[] {readEnd, writeEnd}) {
      try {
        int unused = (int) CLOSE.invokeExact(end);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
    }
    arena.close();
  }
}
