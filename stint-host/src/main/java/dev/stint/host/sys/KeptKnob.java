package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file of the kernel that takes 0 or 1, kept open. Writing allocates nothing.
public final class KeptKnob implements AutoCloseable {
  private static final int WRITE_ONLY_CLOSE_ON_EXEC = 0x80001;
  private static final MethodHandle OPEN =
      CLibrary.function("open", CLibrary.returningInt(ADDRESS, JAVA_INT));
  private static final MethodHandle PWRITE =
      CLibrary.function("pwrite", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLOSE =
      CLibrary.quick("close", CLibrary.returningInt(JAVA_INT));

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = CLibrary.state(arena);
  private final MemorySegment zero = arena.allocateFrom("0");
  private final MemorySegment one = arena.allocateFrom("1");
  private final int descriptor;

  /// Opens it.
  public KeptKnob(Path path) throws SystemCallFailed {
    this.path = path;
    MemorySegment name = arena.allocateFrom(path.toString());
    try {
      descriptor = (int) OPEN.invokeExact(state, name, WRITE_ONLY_CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (descriptor < 0) {
      SystemCallFailed failed = CLibrary.failed("open(" + path + ")", state);
      arena.close();
      throw failed;
    }
  }

  /// Writes 1 or 0.
  public void set(boolean on) throws SystemCallFailed {
    MemorySegment value = on ? one : zero;
    long count;
    try {
      count = (long) PWRITE.invokeExact(state, descriptor, value, 1L, 0L);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (count != 1) {
      throw CLibrary.failed("write(" + path + ")", state);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      try {
        int unused = (int) CLOSE.invokeExact(descriptor);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
      arena.close();
    }
  }
}
