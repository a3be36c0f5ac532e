package dev.stint.report.perfetto;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// A run, and its trace.
record TracedRun(RunResult result, byte[] file) {
  static TracedRun of(Scenario scenario, Assembly assembly) {
    return of(scenario, assembly, 0, 1);
  }

  static TracedRun of(Scenario scenario, Assembly assembly, int index, int runCount) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PerfettoTrace[] trace = new PerfettoTrace[1];
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              Map<String, String> about = Map.of("seed", Long.toString(scenario.seed()));
              trace[0] = new PerfettoTrace(out, WorkQueue.NONE, run, index, runCount, about);
              return trace[0].watch();
            }),
            _ -> {});
    RunResult result = Experiment.run(scenario, assembly, options);
    try {
      trace[0].finish(scenario.durationNs(), result.assumed());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new TracedRun(result, out.toByteArray());
  }
}
