package dev.stint.report;

import dev.stint.report.Sensitivity.Impossible;
import dev.stint.report.Sensitivity.Range;
import dev.stint.report.Sensitivity.Robustness;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A [Sensitivity] for a terminal, at most 100 columns wide.
public final class SensitivityReport {
  private static final int BREAKS_MOST = 3;
  private static final int RANGES_MOST = 16;
  private static final int IMPOSSIBLE_MOST = 2;

  private final Sensitivity sensitivity;
  private final Style style;
  private final boolean all;
  private final StringBuilder out = new StringBuilder();

  private SensitivityReport(Sensitivity sensitivity, Style style, boolean all) {
    this.sensitivity = sensitivity;
    this.style = style;
    this.all = all;
  }

  /// The text.
  ///
  /// @param all whether to list every break and every figure
  public static String text(Sensitivity sensitivity, Style style, boolean all) {
    SensitivityReport report = new SensitivityReport(sensitivity, style, all);
    report.head();
    report.sentences();
    report.ranges();
    return report.out.toString();
  }

  private void head() {
    SensitivityPlan plan = sensitivity.plan();
    out.append(style.heading("Sensitivity: does the verdict rest on what is assumed?"));
    String how =
        plan.full()
            ? "all combinations"
            : "each parameter alone, then up to " + SensitivityPlan.SAMPLES + " drawn";
    Paragraph.write(
        out,
        "",
        Numbers.count(plan.combinations().size(), "combination") + " tried (" + how + ") of:",
        TerminalReport.WIDTH);
    for (Map.Entry<String, List<String>> parameter : plan.parameters().entrySet()) {
      String values = String.join(", ", parameter.getValue());
      Paragraph.write(out, "  ", parameter.getKey() + ": " + values, TerminalReport.WIDTH);
    }
    impossible();
    out.append('\n');
  }

  private void impossible() {
    List<Impossible> impossible = sensitivity.impossible();
    int shown = all ? impossible.size() : Math.min(IMPOSSIBLE_MOST, impossible.size());
    for (Impossible one : impossible.subList(0, shown)) {
      Paragraph.write(
          out,
          "not possible: ",
          one.combination().differenceFrom(base()) + ": " + one.reason(),
          TerminalReport.WIDTH);
    }
    if (shown < impossible.size()) {
      Paragraph.write(
          out,
          "not possible: ",
          Numbers.count(impossible.size() - shown, "other combination") + " (--all lists them)",
          TerminalReport.WIDTH);
    }
  }

  private Combination base() {
    return sensitivity.plan().combinations().getFirst();
  }

  private void sentences() {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("holds in", false),
                new Column("of", true),
                new Column("sentence of the verdict, whatever its numbers", false)));
    for (Robustness sentence : sensitivity.sentences()) {
      table.row(
          List.of(
              new Cell(sentence.word()),
              new Cell(sentence.holds() + "/" + sentence.of()),
              new Cell(sentence.sentence().opening())));
      breaks(sentence)
          .forEach(text ->
              table.row(List.of(new Cell(""), new Cell(""), new Cell(text, Style.Tone.FAINT))));
    }
    if (table.isEmpty()) {
      out.append("The verdict claims nothing about the schedulers.\n");
    } else {
      table.write(out, TerminalReport.WIDTH);
    }
  }

  /// First the values with which it never holds, then single combinations that these do not cover.
  private List<String> breaks(Robustness sentence) {
    List<String> lines = new ArrayList<>();
    List<Combination> left = new ArrayList<>(sentence.breaks());
    sensitivity
        .plan()
        .parameters()
        .forEach((name, values) -> {
          for (String value : values) {
            long with = possible().stream().filter(c -> value.equals(c.values().get(name))).count();
            long broken =
                sentence.breaks().stream().filter(c -> value.equals(c.values().get(name))).count();
            if (with > 1 && broken == with && broken < sentence.of()) {
              lines.add(
                  "never with "
                      + Combination.shortName(name)
                      + " "
                      + value
                      + " (0 of "
                      + with
                      + ")");
              left.removeIf(c -> value.equals(c.values().get(name)));
            }
          }
        });
    int shown = all ? left.size() : Math.min(BREAKS_MOST, left.size());
    for (Combination one : left.subList(0, shown)) {
      lines.add("not with " + one.differenceFrom(base()));
    }
    if (shown < left.size()) {
      lines.add("nor with " + (left.size() - shown) + " more (--all lists them)");
    }
    return lines;
  }

  private List<Combination> possible() {
    List<Combination> possible = new ArrayList<>(sensitivity.plan().combinations());
    sensitivity.impossible().forEach(one -> possible.remove(one.combination()));
    return possible;
  }

  private void ranges() {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("", false),
                new Column("under", false),
                new Column("figure", false),
                new Column("least", true),
                new Column("most", true)));
    int rows = 0;
    for (Range range : sensitivity.ranges()) {
      if (all || (range.least() != range.most() && rows < RANGES_MOST)) {
        rows++;
        table.row(
            List.of(
                new Cell(range.entity().orElse("")),
                new Cell(range.assembly().orElse("")),
                new Cell(range.name()),
                new Cell(value(range.name(), range.least())),
                new Cell(value(range.name(), range.most()))));
      }
    }
    if (!table.isEmpty()) {
      out.append(style.heading("Key figures over all combinations"));
      table.write(out, TerminalReport.WIDTH);
    }
  }

  private static String value(String name, double value) {
    if (name.endsWith("_ns")) {
      return Numbers.duration((long) value);
    }
    if (name.endsWith("_cpus")) {
      return Numbers.cpus(value);
    }
    return name.startsWith("largest") ? Numbers.percent(value) : Numbers.error(value);
  }
}
