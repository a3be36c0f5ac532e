package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.report.perfetto.PerfettoTrace;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A run whose trace is made and thrown away.
///
/// @param events slice begins and ends, instants and counter values in the trace
/// @param bytes of the trace, uncompressed
record TracedForNobody(long events, long bytes) {
  static Scenario scenario(String name, long durationNs) {
    Path file = Path.of("..", "scenarios", name, "scenario.yaml");
    ReadResult.Loaded loaded = (ReadResult.Loaded) ScenarioReader.read(file);
    return loaded.scenario().withDuration(durationNs);
  }

  static TracedForNobody of(Scenario scenario, Assembly assembly) throws IOException {
    PerfettoTrace[] trace = new PerfettoTrace[1];
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              WorkThread thread = new WorkThread("trace");
              OutputStream nobody = OutputStream.nullOutputStream();
              trace[0] = new PerfettoTrace(nobody, thread, run, 0, 1, Map.of());
              return trace[0].watch();
            }),
            _ -> {});
    Experiment.run(scenario, assembly, options);
    trace[0].finish(scenario.durationNs(), Map.of());
    return new TracedForNobody(trace[0].eventCount(), trace[0].byteCount());
  }

  /// For a Java machine of its own: scenario, assembly, simulated seconds.
  public static void main(String[] args) throws IOException {
    Scenario scenario = scenario(args[0], Long.parseLong(args[2]) * 1_000_000_000L);
    System.out.println(of(scenario, Assembly.valueOf(args[1])).events());
  }
}
