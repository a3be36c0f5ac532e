package dev.stint.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tables fit a terminal whatever the names are.
final class TerminalReportTest {
  private static final Style UNICODE = new Style(false, true);

  static Stream<Results> samples() {
    String longest = "x".repeat(30) + "-".repeat(10) + "y".repeat(20);
    return Stream.of(
        Samples.l1vh(),
        Samples.l1vh(longest + "a", longest + "b", "50000 100000"),
        Samples.guests(),
        Samples.quota());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyLine_fits(Results results) {
    for (Style style : List.of(Style.PLAIN, UNICODE)) {
      for (boolean all : new boolean[] {false, true}) {
        String text =
            TerminalReport.run(results, style, all) + TerminalReport.compare(results, style, all);
        assertThat(text.lines())
            .allSatisfy(line ->
                assertThat(line.codePointCount(0, line.length()))
                    .as(line)
                    .isLessThanOrEqualTo(TerminalReport.WIDTH))
            .noneMatch(line -> line.endsWith(" "));
      }
    }
  }

  @Test
  void ordinaryNames_areNotShortened() {
    Results results = Samples.l1vh("twenty-characters-ab", "bronze", "50000 100000");
    String text = TerminalReport.compare(results, UNICODE, false);
    assertThat(text)
        .contains("cgroup twenty-characters-ab  core", "its own members (")
        .doesNotContain("…");
  }

  @Test
  void asciiTerminal_getsAscii() {
    assertThat(TerminalReport.compare(Samples.l1vh(), Style.PLAIN, true)).isASCII();
  }

  @Test
  void sameResults_giveTheSameText() {
    assertThat(TerminalReport.compare(Samples.l1vh(), UNICODE, true))
        .isEqualTo(TerminalReport.compare(Samples.l1vh(), UNICODE, true));
  }

  @Test
  void colour_changesNothingButColour() {
    Results results = Samples.l1vh();
    String coloured = TerminalReport.compare(results, new Style(true, true), false);
    assertThat(coloured).contains("\033[1m");
    assertThat(coloured.replaceAll("\033\\[\\d*m", ""))
        .isEqualTo(TerminalReport.compare(results, UNICODE, false));
  }
}
