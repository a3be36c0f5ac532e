package dev.stint.cli;

import java.util.List;

/// A command cannot be carried out; the lines say why and what would help.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;
  private final transient List<String> lines;

  Refusal(ExitCode code, List<String> lines) {
    super(String.join("; ", lines));
    this.code = code;
    this.lines = List.copyOf(lines);
  }

  /// Bad usage or input, in one line.
  static Refusal input(String line) {
    return new Refusal(ExitCode.BAD_INPUT, List.of("stint: " + line));
  }

  ExitCode code() {
    return code;
  }

  /// For the standard error stream, as they are.
  List<String> lines() {
    return lines;
  }
}
