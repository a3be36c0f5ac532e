package dev.stint.cli;

import dev.stint.host.live.LiveWorker;
import java.io.IOException;

/// The process that holds the load of `validate`, started by it.
final class LiveWorkerMain {
  private LiveWorkerMain() {}

  /// @param arguments the marker that tells whose process this is
  public static void main(String[] arguments) throws IOException {
    LiveWorker.serve(System.in, System.out, Runtime.getRuntime()::halt);
  }
}
