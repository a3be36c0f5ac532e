package dev.stint.cli;

import dev.stint.scenario.Wording;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.ParseResult;

/// `completion`: prints a shell's completion script.
final class Completion {
  private static final List<String> SHELLS = List.of("bash", "zsh");

  private final Surroundings surroundings;

  Completion(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    String shell = parsed.matchedPositionalValue(0, "");
    if (!SHELLS.contains(shell)) {
      throw Refusal.input(
          "there is no completion for "
              + Wording.quoted(shell)
              + ". "
              + Wording.didYouMean(shell, SHELLS));
    }
    // The script serves both: under zsh it switches bash's way of completing on by itself.
    surroundings.print(AutoComplete.bash("stint", Grammar.commandLine()));
    return ExitCode.DONE;
  }
}
