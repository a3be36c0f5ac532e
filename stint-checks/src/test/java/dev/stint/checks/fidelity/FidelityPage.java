package dev.stint.checks.fidelity;

import dev.stint.checks.fidelity.GuestSection.Folder;
import dev.stint.checks.golden.FreedRun;
import dev.stint.checks.golden.GoldenFiles;
import dev.stint.host.figures.Figures;
import dev.stint.host.figures.MeasuredComparison.Tolerances;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// docs/fidelity.md: the model beside real kernels, figure by figure. Made anew it is the same,
/// byte by byte, until the model or the golden files change.
public final class FidelityPage {
  private static final String SMP1 = "guest-6.18.15_smp1";

  private static final List<Folder> GUESTS =
      List.of(
          new Folder(SMP1, "6.18.15", 1, OptionalLong.empty(), SMP1, Tolerances.ONE_CPU),
          new Folder(
              "guest-6.18.15_base1.4ms",
              "6.18.15",
              1,
              OptionalLong.of(1_400_000),
              SMP1,
              Tolerances.ONE_CPU),
          new Folder(
              "guest-6.12.107_smp1",
              "6.12.107",
              1,
              OptionalLong.empty(),
              "guest-6.12.107_smp1",
              Tolerances.ONE_CPU),
          new Folder(
              "guest-6.1.192_smp1",
              "6.1.192",
              1,
              OptionalLong.empty(),
              "guest-6.1.192_smp1",
              Tolerances.CFS),
          new Folder(
              "guest-6.18.15_smp2",
              "6.18.15",
              2,
              OptionalLong.empty(),
              "guest-6.18.15_smp2",
              Tolerances.SEVERAL_CPUS));

  private static final String FREE_RUN = "Free run against ";

  private FidelityPage() {}

  /// The sections, in order.
  ///
  /// @param golden the `golden` directory
  public static List<TableSection> sections(Path golden) throws IOException {
    GoldenFiles files = new GoldenFiles(golden);
    List<TableSection> sections = new ArrayList<>();
    for (Folder folder : GUESTS) {
      sections.add(
          new TableSection(
              FREE_RUN + folder.name(),
              FidelityTexts.guest(folder),
              new GuestSection(files, folder).rows()));
    }
    sections.add(
        new TableSection(
            FREE_RUN + "live-6.18.44", FidelityTexts.LIVE, new LiveSection(files).rows()));
    return sections;
  }

  /// The section of free runs from the state that replays of a folder's recordings have reached.
  ///
  /// @param golden the `golden` directory
  /// @param name of the folder
  /// @param runs by case
  /// @param freeRuns from the model's own start
  public static FreedSection freed(
      Path golden, String name, Map<String, FreedRun> runs, List<TableSection> freeRuns)
      throws IOException {
    Folder folder =
        GUESTS.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    TableSection plain =
        freeRuns.stream()
            .filter(section -> section.title().equals(FREE_RUN + name))
            .findFirst()
            .orElseThrow();
    return FreedSection.of(golden, name, folder.tolerances(), runs, plain.rows());
  }

  /// The page of these sections.
  public static String markdown(List<Section> sections) {
    StringBuilder page = new StringBuilder(FidelityTexts.HEAD);
    page.append("\n").append(FidelityTexts.FREED);
    page.append("\n| section | within tolerance | of |\n|---|---|---|\n");
    for (Section section : sections) {
      page.append(
          Figures.format(
              "| [%s](#%s) | %d | %d |%n".replace("%n", "\n"),
              section.title(),
              anchor(section.title()),
              section.passedCount(),
              section.checkedCount()));
    }
    for (Section section : sections) {
      page.append("\n## ").append(section.title()).append("\n\n").append(section.markdown());
    }
    return page.toString();
  }

  /// The anchor that a heading gets: lower case, blanks as hyphens, other signs dropped.
  private static String anchor(String title) {
    StringBuilder anchor = new StringBuilder();
    for (char letter : title.toCharArray()) {
      if (Character.isLetterOrDigit(letter) || letter == '-' || letter == '_') {
        anchor.append(Character.toLowerCase(letter));
      } else if (letter == ' ') {
        anchor.append('-');
      }
    }
    return anchor.toString();
  }
}
