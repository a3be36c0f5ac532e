package dev.stint.cli;

import dev.stint.scenario.Wording;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is wrong with a command line: one line that says it, one that says where to read more.
final class UsageErrors {
  private final ParameterException error;
  private final CommandLine command;

  UsageErrors(ParameterException error) {
    this.error = error;
    command = error.getCommandLine();
  }

  List<String> lines() {
    boolean root = command.getParent() == null;
    String help = root ? "stint --help" : "stint " + command.getCommandName() + " --help";
    return List.of("stint: " + message(), "Try: " + help);
  }

  private String message() {
    if (error instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().getFirst());
    }
    if (error instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing(missing.getMissing().getFirst());
    }
    if (error instanceof OverwrittenOptionException twice) {
      return optionName(twice.getOverwritten()) + " is given twice.";
    }
    return String.valueOf(error.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }

  private String unmatched(String word) {
    String name = command.getCommandName();
    if (word.startsWith("-") && word.length() > 1) {
      String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      List<String> known = new ArrayList<>();
      for (OptionSpec spec : command.getCommandSpec().options()) {
        known.add(spec.longestName());
      }
      String where = command.getParent() == null ? "" : " of " + name;
      return "there is no option "
          + Wording.quoted(option)
          + where
          + ". "
          + Wording.didYouMean(option, known);
    }
    if (command.getParent() == null) {
      List<String> known = List.copyOf(command.getSubcommands().keySet());
      return "there is no command " + Wording.quoted(word) + ". " + Wording.didYouMean(word, known);
    }
    int most = command.getCommandSpec().positionalParameters().size();
    return name
        + " takes "
        + (most == 0 ? "no argument" : "one argument")
        + " besides its options; "
        + Wording.quoted(word)
        + (most == 0 ? " is one." : " is another.");
  }

  private String missing(ArgSpec missing) {
    if (missing instanceof OptionSpec) {
      return optionName(missing) + " needs a value, " + missing.paramLabel() + ".";
    }
    return command.getCommandName() + " needs an argument: " + missing.paramLabel() + ".";
  }

  private static String optionName(ArgSpec spec) {
    return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
  }
}
