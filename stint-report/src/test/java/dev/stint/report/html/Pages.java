package dev.stint.report.html;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Results;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Pages of real runs.
///
/// @param recorders one per run
record Pages(Results results, List<RunRecorder> recorders) {
  private static final Commands COMMANDS =
      new Commands("./stint compare sample.yaml", "./stint explain sample.yaml");

  /// The scenario of this text.
  static Scenario read(String yaml) {
    if (ScenarioReader.read(yaml, "sample.yaml")
        instanceof ReadResult.Loaded(Scenario scenario, var _)) {
      return scenario;
    }
    throw new IllegalArgumentException(yaml);
  }

  /// Runs the scenario of this text under all assemblies that it names.
  static Pages run(String yaml, long slicesMax) {
    return run(read(yaml), slicesMax);
  }

  /// Runs a scenario under all assemblies that it names.
  static Pages run(Scenario scenario, long slicesMax) {
    List<RunResult> runs = new ArrayList<>();
    List<RunRecorder> recorders = new ArrayList<>();
    for (Assembly assembly : scenario.under()) {
      RunOptions options =
          new RunOptions(
              false,
              Optional.of(run -> {
                RunRecorder recorder = new RunRecorder(run, slicesMax);
                recorders.add(recorder);
                return new Watch(recorder, recorder);
              }),
              _ -> {});
      runs.add(Experiment.run(scenario, assembly, options));
    }
    return new Pages(new Results("test", scenario, runs), recorders);
  }

  /// The scenario of a directory below scenarios/.
  static Pages scenario(String name, long slicesMax) {
    Path file =
        Path.of(System.getProperty("stint.root", ".."))
            .resolve("scenarios/" + name + "/scenario.yaml");
    try {
      return run(Files.readString(file), slicesMax);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String html() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HtmlReport.write(results, COMMANDS, recorders, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  Path writeTo(Path file) {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      HtmlReport.write(results, COMMANDS, recorders, out);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
