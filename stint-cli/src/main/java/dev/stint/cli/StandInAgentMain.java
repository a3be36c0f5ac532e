package dev.stint.cli;

import dev.stint.host.standin.StandInAgent;
import java.io.IOException;

/// The process that stands in for a hypervisor in `validate --under`, started by it.
final class StandInAgentMain {
  private StandInAgentMain() {}

  /// @param arguments the marker that tells whose process this is
  public static void main(String[] arguments) throws IOException {
    StandInAgent.serve(System.in, System.out, Runtime.getRuntime()::halt);
  }
}
