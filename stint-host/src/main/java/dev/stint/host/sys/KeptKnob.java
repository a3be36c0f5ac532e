package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A file of the kernel that takes 0 or 1, kept open. Writing allocates nothing.
public final class KeptKnob implements AutoCloseable {
  private static final MethodHandle PWRITE =
      CLibrary.function("pwrite", CLibrary.returningLong(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));

  private final Descriptor file;
  private final MemorySegment zero;
  private final MemorySegment one;

  /// Opens it.
  public KeptKnob(Path path) throws SystemCallFailed {
    file = new Descriptor(path, Descriptor.WRITE_ONLY);
    zero = file.arena().allocateFrom("0");
    one = file.arena().allocateFrom("1");
  }

  /// Writes 1 or 0.
  public void set(boolean on) throws SystemCallFailed {
    MemorySegment value = on ? one : zero;
    long count;
    try {
      count = (long) PWRITE.invokeExact(file.state(), file.number(), value, 1L, 0L);
    } catch (Throwable e) {
      throw CLibrary.broken(e);
    }
    if (count != 1) {
      throw file.failed("write");
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
