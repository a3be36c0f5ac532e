package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The published schema accepts what the reader accepts, and refuses mistakes of structure as the
/// reader does (see the corpus's expected.txt for which).
final class ScenarioSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ScenarioSchema.text());
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static List<Path> scenarios() throws IOException {
    return ScenarioFilesTest.scenarios();
  }

  /// `refuses`, `accepts`, or `unreadable` for what is not one tree of values.
  static String verdict(Path file) {
    Problems problems = new Problems("s.yaml");
    Optional<List<Error>> errors =
        SourceText.read(file, problems).flatMap(ScenarioSchemaTest::validate);
    return errors.map(list -> list.isEmpty() ? "accepts" : "refuses").orElse("unreadable");
  }

  @Test
  void publishedSchema_isTheResource() throws IOException {
    assertThat(GoldenFile.root().resolve("docs/scenario.schema.json"))
        .hasContent(ScenarioSchema.text().stripTrailing());
    assertThat(Files.readString(GoldenFile.root().resolve("docs/scenario.schema.json")))
        .isEqualTo(ScenarioSchema.text());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void scenarioFile_isValid(Path path) throws IOException {
    assertThat(validate(Files.readString(path)).orElseThrow()).isEmpty();
  }

  @Test
  void writtenScenario_isValid() {
    for (long seed = 0; seed < 500; seed++) {
      String text = ScenarioWriter.write(new RandomScenario(seed).draw());
      assertThat(validate(text).orElseThrow()).as("seed %d:%n%s", seed, text).isEmpty();
    }
  }

  @Test
  void everyKey_ofTheReader_isInTheSchema() {
    String schema = ScenarioSchema.text();
    for (String key : WorkloadReader.KEYS) {
      assertThat(schema).contains('"' + key + "\": {");
    }
  }

  private static Optional<List<Error>> validate(String text) {
    return validate(SCHEMA, text);
  }

  /// What a schema says of YAML text; nothing where the text is not one tree of values.
  static Optional<List<Error>> validate(Schema schema, String text) {
    Problems problems = new Problems("s.yaml");
    Optional<Tree> tree =
        SourceText.check(text, problems).flatMap(body -> TreeParser.parse(body, problems));
    return problems.hasErrors() ? Optional.empty() : tree.map(root -> schema.validate(json(root)));
  }

  /// What a reader of the YAML core schema makes of a tree.
  private static JsonNode json(Tree tree) {
    return switch (tree) {
      case Tree.Scalar scalar -> json(scalar);
      case Tree.Sequence sequence ->
          JSON.arrayNode().addAll(sequence.items().stream().map(ScenarioSchemaTest::json).toList());
      case Tree.Mapping mapping -> {
        ObjectNode object = JSON.objectNode();
        mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
        yield object;
      }
    };
  }

  private static JsonNode json(Tree.Scalar scalar) {
    String text = scalar.text();
    if (!scalar.plain()) {
      return JSON.stringNode(text);
    }
    if (scalar.isNull()) {
      return JSON.nullNode();
    }
    if (text.matches("(?i)true|false")) {
      return JSON.booleanNode(text.equalsIgnoreCase("true"));
    }
    if (text.matches("[-+]?\\d+")) {
      return JSON.numberNode(new java.math.BigInteger(text));
    }
    if (text.matches("[-+]?(\\.\\d+|\\d+(\\.\\d*)?)([eE][-+]?\\d+)?")) {
      return JSON.numberNode(new java.math.BigDecimal(text));
    }
    return JSON.stringNode(text);
  }
}
