package dev.stint.cli;

import dev.stint.report.bench.BenchReport;
import dev.stint.report.bench.BenchRequest;
import dev.stint.report.bench.BenchResult;
import dev.stint.report.bench.BenchRunner;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.ParseResult;

/// `bench`: says how fast the simulator is here.
final class BenchCommand {
  private final Surroundings surroundings;

  BenchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    boolean jsonToOutput = json.filter("-"::equals).isPresent();
    Optional<AtomicFile> file =
        jsonToOutput
            ? Optional.empty()
            : json.map(name -> new AtomicFile("--json", surroundings.directory().resolve(name)));
    BenchRequest request =
        new BenchRequest(
            parsed.hasMatchedOption("--quick"),
            only(parsed.matchedOptionValue("--only", "")),
            rounds(parsed.matchedOptionValue("--rounds", "")));
    BenchRunner runner =
        ServiceLoader.load(BenchRunner.class)
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    ExitCode.NOT_HERE,
                    List.of(
                        "stint: the benchmarks are in the module stint-bench, which is not here;"
                            + " ./stint bench builds it in a checkout.")));
    BenchResult result = runner.run(request, surroundings::complain);
    file.ifPresent(target -> target.write(out -> BenchReport.json(result, out)));
    if (jsonToOutput) {
      BenchReport.json(result, surroundings.out());
    } else if (parsed.hasMatchedOption("--markdown")) {
      surroundings.print(BenchReport.markdown(result));
    } else {
      surroundings.print(BenchReport.text(result));
    }
    return ExitCode.DONE;
  }

  private static OptionalInt rounds(String text) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!text.matches("[1-9]\\d{0,2}")) {
      throw Refusal.input("--rounds " + text + " is no number from 1 to 999.");
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  private static String only(String expression) {
    try {
      return Pattern.compile(expression).pattern();
    } catch (PatternSyntaxException e) {
      throw Refusal.input("--only " + expression + " is no regular expression: " + e.getMessage());
    }
  }
}
