package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad files are refused in whole sentences, one line each, at the right place.
final class MalformedCorpusTest {
  private static final String LINE = "[^\\p{Cntrl}]+?(:\\d+:\\d+)?: [^\\p{Cntrl}]+[.?] \\[S\\d{3}]";

  /// What only the state of a directory, a size or a warning can show.
  private static final Set<DiagnosticCode> ELSEWHERE =
      Set.of(
          DiagnosticCode.UNREADABLE,
          DiagnosticCode.TOO_LARGE,
          DiagnosticCode.TOO_MUCH,
          DiagnosticCode.TOLERANCE,
          DiagnosticCode.UNKNOWN_FIGURE,
          DiagnosticCode.POLICY_PATH);

  static List<Path> files() throws IOException {
    return MalformedCorpus.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void brokenFile_isRefused_inLocatedLines(Path file) {
    assertThat(MalformedCorpus.lines(file))
        .hasSizeBetween(1, 20)
        .allSatisfy(line -> assertThat(line).matches(LINE));
  }

  @Test
  void messages_ofAllFiles_areThoseReviewed() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files()) {
      String verdict = ScenarioSchemaTest.verdict(file);
      all.append(String.format(Locale.ROOT, "# %s (schema: %s)%n", file.getFileName(), verdict));
      MalformedCorpus.lines(file).forEach(line -> all.append(line).append('\n'));
    }
    GoldenFile.check(MalformedCorpus.directory().resolve("expected.txt"), all.toString());
  }

  @Test
  void errorCodes_all_areInTheCorpus() throws IOException {
    Set<DiagnosticCode> missing = new TreeSet<>(Set.of(DiagnosticCode.values()));
    missing.removeIf(code -> code.severity() == Severity.WARNING || ELSEWHERE.contains(code));
    for (Path file : files()) {
      MalformedCorpus.errors(file).forEach(error -> missing.remove(error.code()));
    }
    assertThat(files()).hasSizeGreaterThan(60);
    assertThat(missing).isEmpty();
  }

  @Test
  void directoryAndMissingFile_areRefused(@TempDir Path directory) {
    assertThat(refuse(directory)).endsWith("is a directory. Name the scenario.yaml in it. [S001]");
    assertThat(refuse(directory.resolve("no.yaml")))
        .endsWith("no.yaml: does not exist. Check the path. [S001]");
    assertThat(refuse(Path.of("/dev/zero"))).endsWith("[S001]");
  }

  private static String refuse(Path path) {
    List<Diagnostic> errors = MalformedCorpus.errors(path);
    assertThat(errors).hasSize(1);
    return errors.getFirst().render();
  }
}
