package dev.stint.cli;

import dev.stint.host.figures.Row;
import dev.stint.host.kernel.CannotBoot;
import dev.stint.host.kernel.KernelComparison;
import dev.stint.host.kernel.KernelImage;
import dev.stint.host.kernel.KernelRun;
import dev.stint.model.stack.Scenario;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `validate --kernel`: the real kernel is one that Stint boots in an emulator.
final class KernelValidation {
  private static final long SECONDS_MAX = 600;
  private static final int HASH_SHOWN = 16;

  private final Surroundings surroundings;
  private final ParseResult parsed;

  KernelValidation(Surroundings surroundings, ParseResult parsed) {
    this.surroundings = surroundings;
    this.parsed = parsed;
  }

  ExitCode execute(String kernel, Scenario scenario) {
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    boolean jsonToOutput = json.filter("-"::equals).isPresent();
    Optional<AtomicFile> jsonFile = jsonToOutput ? Optional.empty() : file("--json", json);
    Optional<AtomicFile> traceFile =
        file("--trace", Optional.ofNullable(parsed.matchedOptionValue("--trace", null)));
    Optional<AtomicFile> markdownFile =
        file("--markdown", Optional.ofNullable(parsed.matchedOptionValue("--markdown", null)));
    try {
      Path cache = surroundings.cache();
      KernelImage image = KernelImage.find(kernel, surroundings.directory(), cache);
      KernelRun.Place place = new KernelRun.Place(cache, SECONDS_MAX);
      boolean twice = parsed.hasMatchedOption("--twice");
      KernelRun run = KernelRun.of(image, scenario, place, parsed.hasMatchedOption("--fresh"));
      Optional<KernelRun> second =
          twice ? Optional.of(KernelRun.of(image, scenario, place, true)) : Optional.empty();
      KernelComparison comparison = KernelComparison.of(run, scenario);
      boolean same = second.map(other -> other.digest().equals(run.digest())).orElse(true);
      Answer answer = new Answer(scenario, run, comparison, twice, same);
      traceFile.ifPresent(target -> target.write(out -> write(run.report().trace(), out)));
      markdownFile.ifPresent(target ->
          target.write(out -> write(markdown(answer).getBytes(StandardCharsets.UTF_8), out)));
      jsonFile.ifPresent(target -> target.write(out -> json(answer, out)));
      if (jsonToOutput) {
        json(answer, surroundings.out());
      } else if (!parsed.hasMatchedOption("--quiet")) {
        print(answer);
      }
      if (parsed.hasMatchedOption("--first-difference")) {
        firstDifference(run, scenario);
      }
      return comparison.within() && same ? ExitCode.DONE : ExitCode.NEGATIVE;
    } catch (CannotBoot e) {
      ExitCode code =
          switch (e.kind()) {
            case SCENARIO -> ExitCode.BAD_INPUT;
            case MACHINE -> ExitCode.NOT_HERE;
          };
      throw new Refusal(code, List.of("stint: " + e.reason() + "."));
    }
  }

  /// @param same whether a second run gave the same, if there was one
  private record Answer(
      Scenario scenario, KernelRun run, KernelComparison comparison, boolean twice, boolean same) {}

  private Optional<AtomicFile> file(String option, Optional<String> name) {
    return name.map(text -> new AtomicFile(option, surroundings.directory().resolve(text)));
  }

  // --- Terminal ---

  private void print(Answer answer) {
    KernelRun run = answer.run();
    PlainText text = new PlainText();
    text.line(
        "%s on Linux %s (rules: %s) beside the model",
        answer.scenario().name(), run.report().release(), answer.comparison().rules().text());
    text.line("%s, %s", run.emulator(), run.kept() ? "a kept run" : "run now");
    text.line(
        "run %s%s",
        run.digest().substring(0, HASH_SHOWN),
        !answer.twice()
            ? ""
            : answer.same() ? ", twice the same" : ", and ANOTHER the second time");
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("figure", "kernel", "predicted", "error", "tolerance", ""));
    for (Row row : answer.comparison().rows()) {
      cells.add(
          List.of(
              row.figure(),
              row.kernel(),
              row.model(),
              row.error(),
              row.tolerance(),
              row.verdict().name().toLowerCase(Locale.ROOT)));
    }
    text.line("");
    text.table(cells);
    answer.comparison().notes().forEach(note -> text.line("note: %s", note));
    long missed =
        answer.comparison().rows().stream()
            .filter(row -> row.verdict() == Row.Verdict.MISS)
            .count();
    text.line("");
    text.line(missed == 0 ? "All within tolerance." : "%d out of tolerance.", missed);
    surroundings.print(text.toString());
  }

  private void firstDifference(KernelRun run, Scenario scenario) throws CannotBoot {
    List<String> lines = KernelComparison.firstDifference(run, scenario);
    PlainText text = new PlainText();
    text.line("");
    text.line(
        lines.isEmpty() ? "No difference: turn by turn the same." : "The first difference is");
    lines.forEach(line -> text.line("%s", line));
    surroundings.print(text.toString());
  }

  /// Rows of a table: kernel, run, then what every row of figures has.
  private static String markdown(Answer answer) {
    KernelRun run = answer.run();
    String twice = !answer.twice() ? "" : answer.same() ? ", twice" : ", NOT TWICE";
    String head =
        "| "
            + run.report().release().replaceFirst("\\+.*", "")
            + " | "
            + run.digest().substring(0, HASH_SHOWN / 2)
            + twice
            + " ";
    StringBuilder rows = new StringBuilder();
    answer.comparison().rows().forEach(row -> rows.append(head).append(row.markdown()));
    return rows.toString();
  }

  // --- Files ---

  private static void write(byte[] bytes, OutputStream out) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void json(Answer answer, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().build();
    KernelRun run = answer.run();
    ObjectNode root = mapper.createObjectNode();
    root.put("stint", Version.text());
    root.put("scenario", answer.scenario().name());
    root.put("duration_ns", answer.scenario().durationNs());
    root.putObject("kernel")
        .put("release", run.report().release())
        .put("rules", answer.comparison().rules().text())
        .put("sha256", run.image().sha256());
    root.put("emulator", run.emulator());
    root.put("run_sha256", run.digest());
    if (answer.twice()) {
      root.put("twice_the_same", answer.same());
    }
    root.put("within_tolerance", answer.comparison().within());
    ArrayNode figures = root.putArray("figures");
    for (Row row : answer.comparison().rows()) {
      figures
          .addObject()
          .put("figure", row.figure())
          .put("kernel", row.kernel())
          .put("predicted", row.model())
          .put("error", row.error())
          .put("tolerance", row.tolerance())
          .put("verdict", row.verdict().name().toLowerCase(Locale.ROOT));
    }
    ArrayNode notes = root.putArray("notes");
    answer.comparison().notes().forEach(notes::add);
    write((root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8), out);
  }
}
