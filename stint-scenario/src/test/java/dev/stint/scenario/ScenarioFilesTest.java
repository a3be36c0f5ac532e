package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every directory under scenarios/ is complete and can be read without a warning.
final class ScenarioFilesTest {
  static List<Path> scenarios() throws IOException {
    Path root = Path.of(System.getProperty("stint.root", ".."));
    try (Stream<Path> paths = Files.walk(root.resolve("scenarios"))) {
      return paths.filter(path -> path.endsWith("scenario.yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void scenario_isReadable_andReadsBack(Path path) {
    Scenario scenario = load(path);

    assertThat(scenario.name()).isEqualTo(path.getParent().getFileName().toString());
    assertThat(scenario.description()).isNotBlank();
    assertThat(ScenarioReader.read(ScenarioWriter.write(scenario), "back.yaml"))
        .isEqualTo(new ReadResult.Loaded(scenario, List.of()));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void readme_isThere_withATitle(Path path) throws IOException {
    assertThat(Files.readString(path.resolveSibling("README.md"))).startsWith("# ");
  }

  /// Scenarios whose point is a comparison between runs have a test instead of expected figures.
  static List<Path> scenariosWithFigures() throws IOException {
    return scenarios().stream()
        .filter(path -> Files.exists(path.resolveSibling("expected.yaml")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("scenariosWithFigures")
  void expectedFigures_areReadable_andAboutAssembliesCompared(Path path) throws IOException {
    Path directory = path.getParent();
    Expectations.Result result = Expectations.read(directory.resolve("expected.yaml"));
    assertThat(result).as(result.toString()).isInstanceOf(Expectations.Result.Loaded.class);
    List<Expectation> list = ((Expectations.Result.Loaded) result).expectations().list();
    assertThat(list).isNotEmpty();
    assertThat(load(path).under())
        .containsAll(list.stream().map(Expectation::assembly).distinct().toList());
  }

  private static Scenario load(Path path) {
    ReadResult result = ScenarioReader.read(path);
    assertThat(result).as(result.toString()).isInstanceOf(ReadResult.Loaded.class);
    ReadResult.Loaded loaded = (ReadResult.Loaded) result;
    assertThat(loaded.warnings()).isEmpty();
    return loaded.scenario();
  }
}
