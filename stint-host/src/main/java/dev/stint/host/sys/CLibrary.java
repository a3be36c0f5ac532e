package dev.stint.host.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Functions of the C library. A function that keeps the error takes a segment for it first.
@SuppressWarnings("restricted") // the one place where native code is bound
final class CLibrary {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private CLibrary() {}

  /// A function whose error is kept.
  static MethodHandle function(String name, FunctionDescriptor signature) {
    return LINKER.downcallHandle(symbol(name), signature, Linker.Option.captureCallState("errno"));
  }

  /// `syscall(number, ...)`, whose error is kept.
  static MethodHandle systemCall(FunctionDescriptor signature) {
    return LINKER.downcallHandle(
        symbol("syscall"),
        signature,
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }

  /// A function that returns soon and whose error nobody asks for.
  static MethodHandle quick(String name, FunctionDescriptor signature) {
    return LINKER.downcallHandle(symbol(name), signature, Linker.Option.critical(false));
  }

  /// Where a call's error is kept.
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  /// The error of the last call.
  static SystemCallFailed failed(String call, MemorySegment state) {
    return new SystemCallFailed(call, (int) ERRNO.get(state, 0L));
  }

  /// A call's own failure to be made, which is a bug.
  static IllegalStateException broken(Throwable cause) {
    return new IllegalStateException("a call into the C library failed", cause);
  }

  static FunctionDescriptor returningInt(MemoryLayout... arguments) {
    return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
  }

  static FunctionDescriptor returningLong(MemoryLayout... arguments) {
    return FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments);
  }

  private static MemorySegment symbol(String name) {
    return LINKER.defaultLookup().findOrThrow(name);
  }
}
