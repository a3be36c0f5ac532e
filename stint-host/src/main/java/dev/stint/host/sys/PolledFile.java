package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file of the kernel that is read on, such as a pipe of events: what there is, without waiting
/// for more. For one thread at a time.
public final class PolledFile implements AutoCloseable {
  private static final int READ_ONLY_NONBLOCK_CLOSE_ON_EXEC = 0x80800;
  private static final MethodHandle OPEN =
      CLibrary.function("open", CLibrary.returningInt(ADDRESS, JAVA_INT));
  private static final MethodHandle READ =
      CLibrary.function("read", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      CLibrary.quick("close", CLibrary.returningInt(JAVA_INT));

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = CLibrary.state(arena);
  private final MemorySegment buffer;
  private final int descriptor;

  /// Opens it.
  ///
  /// @param limitBytes the most that is read at once
  public PolledFile(Path path, int limitBytes) throws SystemCallFailed {
    this.path = path;
    buffer = arena.allocate(limitBytes);
    MemorySegment name = arena.allocateFrom(path.toString());
    try {
      descriptor = (int) OPEN.invokeExact(state, name, READ_ONLY_NONBLOCK_CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (descriptor < 0) {
      SystemCallFailed failed = CLibrary.failed("open(" + path + ")", state);
      arena.close();
      throw failed;
    }
  }

  /// Reads what comes next.
  ///
  /// @param into receives the bytes
  /// @return how many there are; 0 if there is nothing for now
  public int read(byte[] into) throws SystemCallFailed {
    long wanted = Math.min(into.length, buffer.byteSize());
    long count;
    try {
      count = (long) READ.invokeExact(state, descriptor, buffer, wanted);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (count < 0) {
      SystemCallFailed failed = CLibrary.failed("read(" + path + ")", state);
      if (failed.errorName().equals("EAGAIN") || failed.errorName().equals("EINTR")) {
        return 0;
      }
      throw failed;
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
