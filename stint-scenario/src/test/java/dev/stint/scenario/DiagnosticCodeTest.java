package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DiagnosticCodeTest {
  private static final String BEGIN =
      "<!-- Scenario codes: generated from DiagnosticCode, do not edit. -->\n";
  private static final String END = "<!-- End of scenario codes. -->\n";

  @Test
  void codes_all_areNumberedWithoutGaps_andExplained() {
    DiagnosticCode[] codes = DiagnosticCode.values();
    for (int i = 0; i < codes.length; i++) {
      assertThat(codes[i].id()).isEqualTo("S%03d".formatted(i + 1));
      assertThat(codes[i].title()).isNotBlank().doesNotEndWith(".");
      assertThat(codes[i].why()).endsWith(".");
      assertThat(codes[i].fix()).endsWith(".");
    }
    assertThat(Arrays.stream(codes).map(DiagnosticCode::title)).doesNotHaveDuplicates();
  }

  /// The page has an entry for each code and each entry has its code, in the catalogue's words.
  @Test
  void page_ofDiagnostics_isTheCatalogue() throws IOException {
    Path page = GoldenFile.root().resolve("docs/diagnostics.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    assertThat(begin).isGreaterThanOrEqualTo(BEGIN.length());
    assertThat(end).isGreaterThanOrEqualTo(begin);

    GoldenFile.check(page, text.substring(0, begin) + entries() + text.substring(end));
  }

  private static String entries() throws IOException {
    Map<DiagnosticCode, String> examples = new TreeMap<>();
    for (Path file : MalformedCorpus.files()) {
      for (Diagnostic error : MalformedCorpus.errors(file)) {
        String line = error.render().replace(MalformedCorpus.directory() + "/", "");
        examples.putIfAbsent(error.code(), line);
      }
    }
    StringBuilder text = new StringBuilder();
    for (DiagnosticCode code : DiagnosticCode.values()) {
      String warning =
          switch (code.severity()) {
            case ERROR -> "";
            case WARNING -> " (warning)";
          };
      text.append("\n### ").append(code.id()).append(": ").append(code.title()).append(warning);
      text.append("\n\nWhy: ").append(code.why());
      text.append("\n\nFix: ").append(code.fix()).append('\n');
      if (examples.containsKey(code)) {
        text.append("\n```text\n").append(examples.get(code)).append("\n```\n");
      }
    }
    return text.append('\n').toString();
  }
}
