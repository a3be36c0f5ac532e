package dev.stint.host.live;

import java.io.IOException;

/// A worker process.
final class TestWorker {
  private TestWorker() {}

  public static void main(String[] arguments) throws IOException {
    LiveWorker.serve(System.in, System.out, Runtime.getRuntime()::halt);
  }

  /// Options with this worker.
  static LiveValidation.Options options(Interruptions interruptions) {
    return new LiveValidation.Options(1, true, TestWorker.class.getName(), interruptions, _ -> {});
  }
}
