package dev.stint.checks.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.checks.Checkout;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/studies/integrated-scheduler.md says what the model does now. `.ci/study` rewrites it.
final class StudyPageTest {
  @Test
  void page_madeAnew_isTheOneInDocs() throws IOException {
    String page = page(cases());
    Path file = Checkout.root().resolve("docs/studies/integrated-scheduler.md");
    if (System.getProperty("study", "").equals("update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, page);
    }
    assertThat(Files.readString(file)).as(file + "; run .ci/study").isEqualTo(page);
  }

  private static String page(List<StudySeeds> cases) {
    return new StudyPage(cases, cases.stream().map(c -> StudySensitivity.of(c.first())).toList())
        .markdown();
  }

  private static List<StudySeeds> cases() throws IOException {
    try (Stream<Path> directories = Files.list(Checkout.root().resolve("scenarios/study"))) {
      return directories.sorted().map(StudyPageTest::seeds).toList();
    }
  }

  private static StudySeeds seeds(Path directory) {
    String name = directory.getFileName().toString();
    return new StudySeeds(
        StudySeeds.seeded(read(directory)).parallelStream()
            .map(scenario -> StudyCase.run(name, scenario))
            .toList());
  }

  private static Scenario read(Path directory) {
    return switch (ScenarioReader.read(directory.resolve("scenario.yaml"))) {
      case ReadResult.Loaded loaded -> loaded.scenario();
      case ReadResult.Refused refused -> throw new AssertionError(refused.errors().toString());
    };
  }
}
