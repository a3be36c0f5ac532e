package dev.stint.host.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// The kernel's log, as dmesg(1) prints it.
public final class KernelLog {
  private static final int READ_ALL = 3; // SYSLOG_ACTION_READ_ALL
  private static final int LIMIT_BYTES = 1 << 20;
  private static final MethodHandle KLOGCTL =
      CLibrary.function("klogctl", CLibrary.returningInt(JAVA_INT, ADDRESS, JAVA_INT));

  private KernelLog() {}

  /// The newest part of it, at most 1 MiB.
  public static String read() throws SystemCallFailed {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = CLibrary.state(arena);
      MemorySegment text = arena.allocate(LIMIT_BYTES);
      int length;
      try {
        length = (int) KLOGCTL.invokeExact(state, READ_ALL, text, LIMIT_BYTES);
      } catch (Throwable e) {
        throw CLibrary.broken(e);
      }
      if (length < 0) {
        throw CLibrary.failed("syslog(2)", state);
      }
      byte[] bytes = text.asSlice(0, length).toArray(JAVA_BYTE);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
