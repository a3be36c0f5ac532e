package dev.stint.cli;

import dev.stint.model.stack.Experiment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A command line in a directory, with nobody at a terminal: what a test types into, and what comes
/// back.
record Shell(
    Path directory,
    Path root,
    String input,
    boolean terminal,
    Map<String, String> environment,
    Simulator simulator) {
  private static final String SMALL =
      """
      name: small
      duration: 200ms
      machine: {cores: 2}
      under: [core, integrated]
      partitions:
        l1vh:
          kind: l1vh
          vps: 2
          groups:
            gold: {cpu.weight: 300}
            bronze: {cpu.weight: 100}
          children:
            vm-gold: {vps: 2, group: gold, tasks: {web: {count: 2, requests:
              {every: 2ms, arrivals: poisson, service: 1500us}}}}
            vm-bronze: {vps: 2, group: bronze, tasks: {batch: {count: 2, busy: {}}}}
      """;

  /// What a command left behind.
  record Answer(ExitCode code, String out, String err) {
    int status() {
      return code.status();
    }

    List<String> errLines() {
      return err.lines().toList();
    }
  }

  static Shell in(Path directory) {
    return new Shell(directory, directory, "", false, Map.of(), Experiment::run);
  }

  Shell reading(String text) {
    return new Shell(directory, root, text, terminal, environment, simulator);
  }

  Shell atTerminal(Map<String, String> variables) {
    return new Shell(directory, root, input, true, variables, simulator);
  }

  Shell with(Simulator other) {
    return new Shell(directory, root, input, terminal, environment, other);
  }

  Shell withRoot(Path other) {
    return new Shell(directory, other, input, terminal, environment, simulator);
  }

  /// Writes the small scenario of an L1VH and two VMs as `small.yaml`.
  Shell withSmallScenario() {
    return withFile("small.yaml", SMALL);
  }

  Shell withFile(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer stint(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new Output(out),
            new Output(err),
            terminal,
            false,
            StandardCharsets.UTF_8,
            environment,
            directory,
            directory,
            root,
            2);
    ExitCode code = new Cli(surroundings, simulator).run(args);
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
