package dev.stint.report.explain;

import dev.stint.model.stats.WaitReason;
import dev.stint.report.Numbers;
import dev.stint.report.Paragraph;
import dev.stint.report.Style;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// An [Explanation] for the terminal.
public final class ExplanationText {
  private static final int WIDTH = 100;

  private final Style style;
  private final StringBuilder out = new StringBuilder();

  private ExplanationText(Style style) {
    this.style = style;
  }

  /// The explanation as text.
  ///
  /// @param heading what was run: `core-vs-integrated under core, seed 1`
  public static String text(Explanation explanation, String heading, Style style) {
    ExplanationText text = new ExplanationText(style);
    text.write(explanation, heading);
    return text.out.toString();
  }

  private void write(Explanation explanation, String heading) {
    line(style.paint(explanation.entity(), Style.Tone.HEADING) + "  " + heading);
    String whose =
        explanation.members().size() == 1
            ? "It waited"
            : "Its " + explanation.members().size() + " members waited";
    paragraph(
        "",
        whose
            + " "
            + Numbers.count(explanation.waits(), "time")
            + ", "
            + Numbers.duration(explanation.waitedNs())
            + " in all, in "
            + Numbers.duration(explanation.durationNs())
            + " of run"
            + (explanation.unknownNs() == 0
                ? "."
                : "; for "
                    + Numbers.duration(explanation.unknownNs())
                    + " the recording does not tell what it did."));
    if (explanation.stories().isEmpty() && explanation.doings().isEmpty()) {
      line("There is no wait to explain.");
    }
    explanation.doings().forEach(this::doing);
    int number = 1;
    for (Explanation.Story story : explanation.stories()) {
      story(number++, story);
    }
  }

  private void doing(Explanation.Doing doing) {
    line("");
    paragraph(
        "",
        doing.entity()
            + " "
            + doing.state().past()
            + " from "
            + at(doing.fromNs())
            + " to "
            + at(doing.toNs())
            + ".");
    chain(doing.chain());
  }

  private void chain(List<String> chain) {
    for (int link = 0; link < chain.size(); link++) {
      line("     " + "  ".repeat(link) + style.paint(chain.get(link), Style.Tone.FAINT));
    }
  }

  private void story(int number, Explanation.Story story) {
    line("");
    String head =
        story.entity()
            + " waited "
            + Numbers.duration(story.durationNs())
            + " from "
            + at(story.fromNs())
            + ", "
            + story.beginning()
            + (story.ended() ? ", to " + at(story.toNs()) : ", to the end of the run")
            + ".";
    paragraph(number + ". ", head);
    List<String> shown = List.of();
    for (Explanation.Step step : story.steps()) {
      String first =
          String.format(
              Locale.ROOT,
              "   %-12s %8s  %-16s ",
              at(step.fromNs()),
              Numbers.duration(step.toNs() - step.fromNs()),
              step.reason().text());
      paragraph(first, step.sentence());
      shown = shown.isEmpty() ? step.chain() : shown;
    }
    if (story.leftOut() > 0) {
      line(
          "   and "
              + Numbers.count(story.leftOut(), "shorter part")
              + ", "
              + Numbers.duration(story.leftOutNs())
              + " together");
    }
    line("   below it when it began:");
    chain(shown);
    blame(story);
  }

  private void blame(Explanation.Story story) {
    for (Explanation.Blamed blamed : story.blame()) {
      paragraph(
          "   " + Numbers.part(blamed.ns(), story.durationNs()) + "  ",
          layer(blamed.reason()) + ": " + blamed.occupant());
    }
    Set<String> knobs = new TreeSet<>();
    story.blame().forEach(blamed -> knobs.add(blamed.knob()));
    knobs.forEach(knob -> paragraph("   knob: ", knob));
  }

  /// The layer to blame, as a noun.
  static String layer(WaitReason reason) {
    return switch (reason) {
      case GUEST_QUEUE -> "its own Linux ran another";
      case GUEST_THROTTLED -> "a limit in its own Linux";
      case VMM_QUEUE -> "the parent's Linux ran another";
      case VMM_THROTTLED -> "a limit in the parent's Linux";
      case HYPERVISOR_WAIT -> "the hypervisor ran another";
      case OVERHEAD_SIGNAL -> "a signal under way";
      case OVERHEAD_INTERCEPT -> "its VMM at work";
      case SMT -> "a sibling hardware thread";
    };
  }

  /// An instant, to the microsecond: `1.234567 s`.
  private static String at(long ns) {
    return String.format(Locale.ROOT, "%d.%06d s", ns / 1_000_000_000, ns / 1000 % 1_000_000);
  }

  private void paragraph(String first, String text) {
    Paragraph.write(out, first, text, WIDTH);
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
