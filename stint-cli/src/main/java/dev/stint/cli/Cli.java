package dev.stint.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The command line: takes arguments to commands, and failures to messages and exit codes.
final class Cli {
  private final Surroundings surroundings;
  private final Simulator simulator;

  Cli(Surroundings surroundings, Simulator simulator) {
    this.surroundings = surroundings;
    this.simulator = simulator;
  }

  /// Carries out one command line.
  ExitCode run(String... args) {
    ExitCode code = guarded(args);
    surroundings.out().flush();
    Optional<String> lost = surroundings.out().failure();
    if (lost.isPresent() && code == ExitCode.DONE) {
      surroundings.complain("stint: cannot write the output: " + lost.get());
      code = ExitCode.NOT_HERE;
    }
    surroundings.err().flush();
    return code;
  }

  private ExitCode guarded(String... args) {
    // Without the parser: the answer to "is it there" should not take longer than the question.
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      return version();
    }
    boolean debug = List.of(args).contains("--debug");
    try {
      return parsed(args);
    } catch (ParameterException e) {
      new UsageErrors(e).lines().forEach(surroundings::complain);
      return ExitCode.BAD_INPUT;
    } catch (Refusal refusal) {
      refusal.lines().forEach(surroundings::complain);
      return refusal.code();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      surroundings.complain("stint: internal error: " + InternalErrors.summary(e));
      surroundings.complain("This is a bug in Stint. Again: " + InternalErrors.command(args));
      InternalErrors.trace(e, debug).forEach(surroundings::complain);
      return ExitCode.INTERNAL;
    }
  }

  private ExitCode version() {
    surroundings.print("stint " + Version.text() + "\n");
    return ExitCode.DONE;
  }

  private ExitCode parsed(String... args) {
    CommandLine line = Grammar.commandLine();
    ParseResult root = line.parseArgs(TimelineOutput.completed(SensitivityHow.completed(args)));
    if (root.hasMatchedOption("--version")) {
      return version();
    }
    ParseResult command = root.subcommand();
    if (command == null) {
      if (root.isUsageHelpRequested()) {
        return usage(line);
      }
      surroundings.complain(line.getUsageMessage(Ansi.OFF).stripTrailing());
      return ExitCode.BAD_INPUT;
    }
    String name = command.commandSpec().name();
    if (root.isUsageHelpRequested() || command.isUsageHelpRequested()) {
      return usage(line.getSubcommands().getOrDefault(name, line));
    }
    return switch (name) {
      case "run" -> new Simulate(surroundings, simulator, Simulate.Shape.RUN).execute(command);
      case "compare" ->
          new Simulate(surroundings, simulator, Simulate.Shape.COMPARE).execute(command);
      case "explain" -> new ExplainCommand(surroundings, simulator).execute(command);
      case "replay-check" -> new ReplayCheckCommand(surroundings).execute(command);
      case "import" -> new ImportCommand(surroundings).execute(command);
      case "observe" -> new ObserveCommand(surroundings).execute(command);
      case "validate" -> new ValidateCommand(surroundings).execute(command);
      case "bench" -> new BenchCommand(surroundings).execute(command);
      case "apply" -> new ApplyCommand(surroundings).execute(command);
      case "rollback" -> new RollbackCommand(surroundings).execute(command);
      case "status" -> new StatusCommand(surroundings).execute(command);
      case "doctor" -> new Doctor(surroundings).execute(command);
      case "completion" -> new Completion(surroundings).execute(command);
      case "help" -> help(line, command);
      default -> throw new IllegalStateException("no such command: " + name);
    };
  }

  private ExitCode help(CommandLine line, ParseResult help) {
    String topic = help.matchedPositionalValue(0, "");
    if (topic.isEmpty()) {
      return usage(line);
    }
    String word = topic.toLowerCase(Locale.ROOT);
    CommandLine command = line.getSubcommands().get(word);
    if (command != null) {
      return usage(command);
    }
    surroundings.print(HelpTopics.text(word));
    return ExitCode.DONE;
  }

  private ExitCode usage(CommandLine line) {
    boolean colour = Colour.AUTO.on(surroundings);
    surroundings.print(line.getUsageMessage(colour ? Ansi.ON : Ansi.OFF));
    return ExitCode.DONE;
  }
}
