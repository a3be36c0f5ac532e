package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file of the kernel that is kept open and read again from its start: a tenth of the time of
/// opening it each time. For one thread at a time.
public final class KeptFile implements AutoCloseable {
  private static final MethodHandle PREAD =
      CLibrary.function("pread", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));

  private final Descriptor file;
  private final MemorySegment buffer;

  /// Opens it.
  ///
  /// @param limitBytes the most that is read of it
  public KeptFile(Path path, int limitBytes) throws SystemCallFailed {
    file = new Descriptor(path, Descriptor.READ_ONLY);
    buffer = file.arena().allocate(limitBytes);
  }

  /// Reads it from the start.
  ///
  /// @param into receives the bytes
  /// @return how many there are: at most the limit and the length of `into`
  public int read(byte[] into) throws SystemCallFailed {
    long wanted = Math.min(into.length, buffer.byteSize());
    long count;
    try {
      count = (long) PREAD.invokeExact(file.state(), file.number(), buffer, wanted, 0L);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (count < 0) {
      throw file.failed("pread");
    }
    MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, (int) count);
    return (int) count;
  }

  @Override
  public void close() {
    file.close();
  }
}
