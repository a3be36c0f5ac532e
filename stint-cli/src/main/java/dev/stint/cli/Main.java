package dev.stint.cli;

import dev.stint.model.stack.Experiment;

/// The entry point of `./stint`.
public final class Main {
  private Main() {}

  /// Runs the command line and ends the process with its exit code.
  public static void main(String[] args) {
    System.exit(new Cli(Surroundings.ofProcess(), Experiment::run).run(args).status());
  }
}
