package dev.stint.report.events;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.RunResult;
import dev.stint.testkit.swarm.ScenarioSwarm;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// A random run, recorded.
record RecordedSwarm(RunResult result, RunSpans spans, byte[] bytes) {
  EventFileReader reader() {
    return new EventFileReader("swarm.events", StoredBytes.of(bytes));
  }

  /// Empty where the scenario makes no sense under the assembly.
  static Optional<RecordedSwarm> of(long seed, Assembly assembly) {
    Scenario scenario = ScenarioSwarm.draw(seed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EventFileWriter[] writer = new EventFileWriter[1];
    RunSpans[] spans = new RunSpans[1];
    RunWatcher watcher =
        run -> {
          RunLabel label =
              new RunLabel(
                  "0.1-test", scenario.name(), assembly.text(), seed, scenario.durationNs());
          writer[0] =
              new EventFileWriter(out, new RecordedRun(label, run.entities(), run.threadOfVp()));
          spans[0] = new RunSpans();
          return new Watch(writer[0], spans[0]);
        };
    RunResult result;
    try {
      result =
          Experiment.run(scenario, assembly, new RunOptions(false, Optional.of(watcher), _ -> {}));
    } catch (CannotAssemble expected) {
      return Optional.empty();
    }
    writer[0].finish(scenario.durationNs(), result.digest());
    return Optional.of(new RecordedSwarm(result, spans[0], out.toByteArray()));
  }
}
