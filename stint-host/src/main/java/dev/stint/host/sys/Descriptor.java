package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// An open file, and the memory for calls on it.
final class Descriptor implements AutoCloseable {
  static final int READ_ONLY = 0;
  static final int WRITE_ONLY = 1;

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final MethodHandle OPEN =
      CLibrary.function("open", CLibrary.returningInt(ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      CLibrary.quick("close", CLibrary.returningInt(JAVA_INT));

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = CLibrary.state(arena);
  private final int number;

  /// Opens it.
  ///
  /// @param mode [#READ_ONLY] or [#WRITE_ONLY]
  Descriptor(Path path, int mode) throws SystemCallFailed {
    this.path = path;
    MemorySegment name = arena.allocateFrom(path.toString());
    try {
      number = (int) OPEN.invokeExact(state, name, mode | CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (number < 0) {
      SystemCallFailed failed = failed("open");
      arena.close();
      throw failed;
    }
  }

  int number() {
    return number;
  }

  /// Where the error of a call on it is kept.
  MemorySegment state() {
    return state;
  }

  /// Memory that goes when it is closed.
  Arena arena() {
    return arena;
  }

  /// The error of the last call on it.
  SystemCallFailed failed(String call) {
    return CLibrary.failed(call + "(" + path + ")", state);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      try {
        int unused = (int) CLOSE.invokeExact(number);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
      arena.close();
    }
  }
}
