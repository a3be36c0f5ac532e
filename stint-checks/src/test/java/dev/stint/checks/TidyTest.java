package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Widths, lengths and reminders in all sources.
final class TidyTest {
  /// How many exceptions there may be. It may only be lowered.
  private static final int MOST_EXCEPTIONS = 0;

  private static TidyExceptions exceptions() throws IOException {
    try (InputStream in = TidyTest.class.getResourceAsStream("/tidy-exceptions.txt")) {
      assertThat(in).as("tidy-exceptions.txt").isNotNull();
      return new TidyExceptions(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String method(int lines) {
    return "class A {\n  void m() {\n" + "    n();\n".repeat(lines - 2) + "  }\n}\n";
  }

  @Test
  void sources_all_areTidy() throws IOException {
    List<TidyRules.Finding> findings = new ArrayList<>();
    List<Path> sources = Checkout.files(Checkout.root(), ".java");
    assertThat(sources).hasSizeGreaterThan(20);
    for (Path source : sources) {
      findings.addAll(TidyRules.ofJava(Checkout.name(source), Checkout.read(source)));
    }
    assertThat(exceptions().remaining(findings)).isEmpty();
  }

  @Test
  void exceptions_count_onlyShrinks() throws IOException {
    assertThat(exceptions().size()).isLessThanOrEqualTo(MOST_EXCEPTIONS);
  }

  @Test
  void line_tooWide_isFound() {
    assertThat(TidyRules.ofJava("A.java", "// " + "x".repeat(98) + "\nclass A {}\n"))
        .extracting(TidyRules.Finding::text)
        .containsExactly("A.java:1: 101 columns; at most 100");
  }

  @Test
  void line_tooWideForItsLink_isFine() {
    String link = "/// https://example.org/" + "x".repeat(100) + "\nclass A {}\n";
    assertThat(TidyRules.ofJava("A.java", link)).isEmpty();
  }

  @Test
  void method_atTheBound_isFine() {
    assertThat(TidyRules.ofJava("A.java", method(60))).isEmpty();
  }

  @Test
  void method_tooLong_isFound() {
    assertThat(TidyRules.ofJava("A.java", method(61)))
        .extracting(TidyRules.Finding::text)
        .containsExactly("A.java:2: m 61 lines; at most 60");
  }

  @Test
  void file_tooLong_isFound() {
    assertThat(TidyRules.ofJava("A.java", "class A {}\n" + "\n".repeat(500)))
        .extracting(TidyRules.Finding::rule)
        .containsExactly("file-lines");
  }

  @Test
  void reminder_withoutIssue_isFound() {
    String word = "TO" + "DO";
    assertThat(TidyRules.ofText("a.md", "one\n" + word + " two\n" + word + "(#7) three\n"))
        .extracting(TidyRules.Finding::text)
        .containsExactly("a.md:2: %s without an issue; write %s(#123)".formatted(word, word));
  }

  @Test
  void skip_inSilence_isFound() {
    String source = "import static org.junit.jupiter.api.Assumptions.assumeTrue;\n\nclass A {}\n";
    assertThat(TidyRules.ofJava("A.java", source))
        .extracting(TidyRules.Finding::text)
        .containsExactly(
            "A.java:1: Assumptions skips in silence; use Skip, which prints the reason");
  }

  @Test
  void exception_coversItsSizeAndNoMore() {
    List<TidyRules.Finding> findings = TidyRules.ofJava("A.java", method(61));
    assertThat(new TidyExceptions("method-lines A.java#m 61").remaining(findings)).isEmpty();
    assertThat(new TidyExceptions("method-lines A.java#m 60").remaining(findings)).hasSize(1);
  }

  @Test
  void exception_thatNothingNeeds_isFound() {
    assertThat(new TidyExceptions("file-lines B.java 700").remaining(List.of()))
        .containsExactly("exception no longer needed, remove it: file-lines B.java");
  }
}
