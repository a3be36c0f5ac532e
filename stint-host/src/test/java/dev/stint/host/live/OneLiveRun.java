package dev.stint.host.live;

import dev.stint.host.HostFiles;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;

/// A process that does what `validate` does, to be killed.
final class OneLiveRun {
  private OneLiveRun() {}

  public static void main(String[] arguments) throws CannotRunLive {
    ReadResult read = ScenarioReader.read(LiveRunTest.SHORT, "short");
    if (read instanceof ReadResult.Loaded(Scenario scenario, var _)) {
      new LiveValidation(
              HostFiles.ofThisMachine(),
              TestWorker.options(undo -> {
                Runtime.getRuntime().addShutdownHook(new Thread(undo));
                return () -> {};
              }),
              System.out::println)
          .run(scenario.withDuration(60_000_000_000L));
    }
  }
}
