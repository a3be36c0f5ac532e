package dev.stint.host.standin;

import dev.stint.host.HostFiles;
import dev.stint.host.live.CannotRunLive;
import dev.stint.model.stack.Assembly;
import java.util.List;

/// A process that does what `validate --under core` does, to be killed.
final class OneStandIn {
  private OneStandIn() {}

  public static void main(String[] arguments) throws CannotRunLive {
    new StandIn(
            HostFiles.ofThisMachine(),
            TestAgent.options(
                undo -> {
                  Runtime.getRuntime().addShutdownHook(new Thread(undo));
                  return () -> {};
                },
                System.out::println))
        .run(
            StandInPlanTest.scenario(StandInPlanTest.SMALL).withDuration(60_000_000_000L),
            List.of(Assembly.CORE));
  }
}
