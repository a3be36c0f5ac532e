package dev.stint.cli;

import picocli.CommandLine.ParseResult;

final class Doctor {
  private final Surroundings surroundings;

  Doctor(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    throw Refusal.input("not yet " + surroundings + parsed);
  }
}
