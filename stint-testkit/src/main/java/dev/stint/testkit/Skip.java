package dev.stint.testkit;

import java.io.PrintStream;
import java.util.Locale;
import org.opentest4j.TestAbortedException;

/// Skips a test that cannot be done here, and prints why: JUnit hands the reason to reports that
/// nobody reads, and Maven's console shows a bare count.
public final class Skip {
  private Skip() {}

  /// Goes on if the condition holds; otherwise prints `SKIPPED Class.method: reason` and aborts.
  public static void unless(boolean condition, String reason) {
    unless(condition, reason, System.out);
  }

  /// Prints the reason; the caller throws what this returns.
  public static RuntimeException because(String reason) {
    return because(reason, System.out);
  }

  static void unless(boolean condition, String reason, PrintStream out) {
    if (!condition) {
      throw because(reason, out);
    }
  }

  static RuntimeException because(String reason, PrintStream out) {
    out.printf(Locale.ROOT, "SKIPPED %s: %s%n", test(), reason);
    return new TestAbortedException(reason);
  }

  /// The method that JUnit called.
  private static String test() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .takeWhile(frame -> !frame.getClassName().startsWith("org.junit."))
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .reduce((_, outer) -> outer)
                .map(Skip::name)
                .orElse("a test"));
  }

  private static String name(StackWalker.StackFrame frame) {
    String type = frame.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }
}
