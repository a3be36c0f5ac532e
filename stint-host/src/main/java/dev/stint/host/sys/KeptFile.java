package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file of the kernel that is kept open and read again from its start: a tenth of the time of
/// opening it each time. For one thread at a time.
public final class KeptFile implements AutoCloseable {
  private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
  private static final MethodHandle OPEN =
      CLibrary.function("open", CLibrary.returningInt(ADDRESS, JAVA_INT));
  private static final MethodHandle PREAD =
      CLibrary.function("pread", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLOSE =
      CLibrary.quick("close", CLibrary.returningInt(JAVA_INT));

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = CLibrary.state(arena);
  private final MemorySegment buffer;
  private final int descriptor;

  /// Opens it.
  ///
  /// @param limitBytes the most that is read of it
  public KeptFile(Path path, int limitBytes) throws SystemCallFailed {
    this.path = path;
    buffer = arena.allocate(limitBytes);
    MemorySegment name = arena.allocateFrom(path.toString());
    try {
      descriptor = (int) OPEN.invokeExact(state, name, READ_ONLY_CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (descriptor < 0) {
      SystemCallFailed failed = CLibrary.failed("open(" + path + ")", state);
      arena.close();
      throw failed;
    }
  }

  /// Reads it from the start.
  ///
  /// @param into receives the bytes
  /// @return how many there are: at most the limit and the length of `into`
  public int read(byte[] into) throws SystemCallFailed {
    long wanted = Math.min(into.length, buffer.byteSize());
    long count;
    try {
      count = (long) PREAD.invokeExact(state, descriptor, buffer, wanted, 0L);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (count < 0) {
      throw CLibrary.failed("pread(" + path + ")", state);
    }
    MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, (int) count);
    return (int) count;
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
