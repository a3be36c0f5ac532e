package dev.stint.host.standin;

import dev.stint.host.live.Interruptions;
import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.util.function.Consumer;

/// An agent process.
final class TestAgent {
  private TestAgent() {}

  public static void main(String[] arguments) throws IOException {
    StandInAgent.serve(System.in, System.out, Runtime.getRuntime()::halt);
  }

  /// Options with this agent.
  static StandIn.Options options(Interruptions interruptions, Consumer<String> complaints) {
    return new StandIn.Options(
        1,
        true,
        false,
        CpuSet.EMPTY,
        TestAgent.class.getName(),
        interruptions,
        _ -> {},
        complaints);
  }
}
