package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// An open file, and the memory for calls on it. The memory goes some time after the file: to take
/// it back at once would hold up all threads of this process, each time.
final class Descriptor implements AutoCloseable {
  static final int READ_ONLY = 0;
  static final int WRITE_ONLY = 1;

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final MethodHandle OPEN =
      CLibrary.function("open", CLibrary.returningInt(ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      CLibrary.quick("close", CLibrary.returningInt(JAVA_INT));

  private final Path path;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment state = CLibrary.state(arena);
  private final int number;
  private boolean closed;

  /// Opens it.
  ///
  /// @param mode [#READ_ONLY] or [#WRITE_ONLY]
  Descriptor(Path path, int mode) throws SystemCallFailed {
    this.path = path;
    try (Arena brief = Arena.ofConfined()) {
      MemorySegment name = brief.allocateFrom(path.toString());
      number = (int) OPEN.invokeExact(state, name, mode | CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (number < 0) {
      throw failed("open");
    }
  }

  int number() {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
    return number;
  }

  /// Where the error of a call on it is kept.
  MemorySegment state() {
    return state;
  }

  /// Memory for calls on it.
  Arena arena() {
    return arena;
  }

  /// The error of the last call on it.
  SystemCallFailed failed(String call) {
    return CLibrary.failed(call + "(" + path + ")", state);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        int unused = (int) CLOSE.invokeExact(number);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
    }
  }
}
