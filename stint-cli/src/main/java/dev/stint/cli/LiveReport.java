package dev.stint.cli;

import static dev.stint.cli.PlainText.format;

import dev.stint.host.live.HostMachine;
import dev.stint.host.live.LiveFigure;
import dev.stint.host.live.LiveValidation;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What came of running scenarios on this machine, for a terminal, as JSON and as Markdown.
final class LiveReport {
  private LiveReport() {}

  /// One scenario, for a terminal.
  static String text(LiveValidate.Judged judged) {
    LiveValidation.Outcome outcome = judged.outcome();
    PlainText text = new PlainText();
    text.line("%s on Linux %s beside the model", judged.scenario().name(), machine(outcome));
    outcome.host().notes().forEach(note -> text.line("note: %s", note));
    text.line("%s", noise(outcome));
    if (outcome.judged()) {
      List<List<String>> cells = new ArrayList<>();
      cells.add(List.of("figure", "live", "spread", "predicted", "error", "tolerance", ""));
      outcome.figures().forEach(figure -> cells.add(cells(figure)));
      text.table(cells);
    }
    text.line("%s", verdict(outcome));
    return text.line("").toString();
  }

  private static String machine(LiveValidation.Outcome outcome) {
    HostMachine host = outcome.host();
    OptionalLong slice = host.linux().baseSliceNs();
    return format(
        "%s (%d CPUs, HZ=%d, base slice %s)",
        host.release(),
        host.machine().lpCount(),
        host.linux().hz(),
        slice.isPresent() ? format("%.1f ms", slice.getAsLong() / 1e6) : "as the model scales it");
  }

  private static String noise(LiveValidation.Outcome outcome) {
    double foreign = 0;
    double steal = 0;
    int valid = 0;
    for (LiveValidation.Attempt attempt : outcome.attempts()) {
      valid += attempt.valid() ? 1 : 0;
      foreign = Math.max(foreign, attempt.foreignPercent());
      steal = Math.max(steal, attempt.stealPercent());
    }
    String bound =
        outcome.foreignJudged()
            ? format("at most %.1f %% is valid", LiveValidation.FOREIGN_MAX_PERCENT)
            : "not judged: the load leaves time to others";
    return format(
        "%d of %d runs valid; others ran up to %.2f %% (%s), steal up to %.2f %% (at most %.1f %%)",
        valid, outcome.attempts().size(), foreign, bound, steal, LiveValidation.STEAL_MAX_PERCENT);
  }

  private static String verdict(LiveValidation.Outcome outcome) {
    if (!outcome.judged()) {
      return "Not judged: too few valid runs on so busy a machine.";
    }
    return outcome.missed() == 0
        ? "All within tolerance."
        : outcome.missed() + " out of tolerance.";
  }

  private static List<String> cells(LiveFigure figure) {
    return List.of(
        figure.name(),
        value(figure, figure.median()),
        format("%.2f..%.2f", figure.least(), figure.most()),
        value(figure, figure.predicted()),
        format("%+.2f", figure.error()),
        figure.allowed() < 0
            ? "-"
            : format("%.2f%s", figure.allowed(), figure.tolerance().above() ? " or less" : ""),
        figure.verdict().name().toLowerCase(Locale.ROOT));
  }

  private static String value(LiveFigure figure, double value) {
    String unit =
        switch (figure.unit()) {
          case PERCENT -> "%";
          case PER_SECOND -> "/s";
          case MILLISECONDS -> "ms";
        };
    return format("%.2f %s", value, unit);
  }

  // --- Files ---

  /// All scenarios as one table.
  static void markdown(LiveValidate.Results results, OutputStream out) {
    List<LiveValidate.Judged> all = results.judged();
    PlainText text = new PlainText();
    if (!all.isEmpty()) {
      text.line("Linux %s.\n", machine(all.getFirst().outcome()));
    }
    text.line("| scenario | figure | live | spread | predicted | error | tolerance | verdict |");
    text.line("|---|---|---|---|---|---|---|---|");
    for (LiveValidate.Judged judged : all) {
      String name = judged.scenario().name();
      for (LiveFigure figure : judged.outcome().figures()) {
        text.line("| %s | %s |", name, String.join(" | ", cells(figure)));
      }
    }
    text.line("\n| scenario | machine meanwhile | verdict |\n|---|---|---|");
    for (LiveValidate.Judged judged : all) {
      LiveValidation.Outcome outcome = judged.outcome();
      text.line("| %s | %s | %s |", judged.scenario().name(), noise(outcome), verdict(outcome));
    }
    for (LiveValidate.NotRun one : results.notRun()) {
      text.line("| %s | not run: %s | Not judged. |", one.scenario().name(), one.why().reason());
    }
    text.writeTo(out);
  }

  /// All scenarios as JSON.
  static void json(LiveValidate.Results results, OutputStream out) {
    ObjectNode root = JsonMapper.builder().build().createObjectNode();
    root.put("stint", Version.text());
    ArrayNode scenarios = root.putArray("scenarios");
    for (LiveValidate.Judged judged : results.judged()) {
      LiveValidation.Outcome outcome = judged.outcome();
      ObjectNode scenario = scenarios.addObject();
      scenario.put("scenario", judged.scenario().name());
      scenario.put("duration_ns", judged.scenario().durationNs());
      scenario.put("kernel", outcome.host().release());
      scenario.put("cpus", outcome.host().machine().lpCount());
      scenario.put("hz", outcome.host().linux().hz());
      scenario.put("judged", outcome.judged());
      scenario.put("within_tolerance", outcome.judged() && outcome.missed() == 0);
      ArrayNode attempts = scenario.putArray("runs");
      for (LiveValidation.Attempt attempt : outcome.attempts()) {
        attempts
            .addObject()
            .put("foreign_percent", attempt.foreignPercent())
            .put("steal_percent", attempt.stealPercent())
            .put("valid", attempt.valid());
      }
      ArrayNode figures = scenario.putArray("figures");
      for (LiveFigure figure : outcome.figures()) {
        ObjectNode node = figures.addObject();
        node.put("figure", figure.name());
        node.put("unit", figure.unit().name().toLowerCase(Locale.ROOT));
        node.put("live_median", figure.median());
        node.put("live_least", figure.least());
        node.put("live_most", figure.most());
        node.put("predicted", figure.predicted());
        node.put("error", figure.error());
        if (figure.allowed() >= 0) {
          node.put("tolerance", figure.allowed());
        }
        node.put("verdict", figure.verdict().name().toLowerCase(Locale.ROOT));
      }
    }
    for (LiveValidate.NotRun one : results.notRun()) {
      scenarios
          .addObject()
          .put("scenario", one.scenario().name())
          .put("judged", false)
          .put("within_tolerance", false)
          .put("reason", one.why().reason());
    }
    new PlainText().line("%s", root.toPrettyString()).writeTo(out);
  }
}
