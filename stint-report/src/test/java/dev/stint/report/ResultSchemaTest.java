package dev.stint.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stats.WaitReason;
import dev.stint.scenario.trace.ImportedTrace;
import dev.stint.scenario.trace.TraceImport;
import dev.stint.scenario.trace.TraceSource;
import dev.stint.scenario.trace.TraceWindow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published schema and what is written say the same.
final class ResultSchemaTest {
  private static final Path FILE = Path.of("..", "docs", "result.schema.json");

  private static String schemaText() throws IOException {
    return Files.readString(FILE);
  }

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schemaText(), InputFormat.JSON);
  }

  private static String text(Results results) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.write(results, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyResult_fitsTheSchema() throws IOException {
    Schema schema = schema();
    for (Results results : List.of(Samples.l1vh(), Samples.guests(), Samples.quota())) {
      assertThat(schema.validate(text(results), InputFormat.JSON)).isEmpty();
    }
  }

  private record Live(Path file) implements TraceSource {
    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }

  @Test
  void recordedTrace_withUnknownTime_fitsTheSchema() throws Exception {
    Path file = Path.of("..", "golden", "traces", "a1_nice0_5_r6.ftrace.txt.gz");
    ImportedTrace trace = TraceImport.read(new Live(file), Optional.empty(), TraceWindow.ALL);
    String text = text(new Results("0.1.0", Samples.quota().scenario(), List.of(trace.result())));
    assertThat(text).contains("\"unknown_ns\"");
    assertThat(schema().validate(text, InputFormat.JSON)).isEmpty();
  }

  @Test
  void sensitivityAndReplications_fitTheSchema() throws IOException {
    Results results = Samples.l1vh();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.Extras extras =
        new JsonReport.Extras(
            Optional.of(SensitivityTest.sweep(results)),
            Optional.of(ReplicationsTest.replicated(results, 3)));
    JsonReport.write(results, extras, out);
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("\"sensitivity_tried\"", "\"half_width_95\"");
    assertThat(schema().validate(text, InputFormat.JSON)).isEmpty();
  }

  @Test
  void aResultWithAStrangeField_doesNotFit() throws IOException {
    String text = text(Samples.quota());
    String strange = text.replaceFirst("\"residual_ns\" *: *0", "\"residual_ns\": 1");
    assertThat(strange).isNotEqualTo(text);
    assertThat(schema().validate(strange, InputFormat.JSON)).isNotEmpty();
    assertThat(schema().validate(text.replace("\"digest\"", "\"hash\""), InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void everyReasonAndAssembly_isInTheSchema() throws IOException {
    JsonNode definitions = JsonMapper.shared().readTree(schemaText()).get("$defs");
    List<String> reasons =
        definitions
            .at("/theft/properties/reason/enum")
            .valueStream()
            .map(JsonNode::asString)
            .toList();
    assertThat(reasons)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(WaitReason.values()).map(WaitReason::text).toList());
    List<String> assemblies =
        definitions
            .at("/run/properties/assembly/enum")
            .valueStream()
            .map(JsonNode::asString)
            .toList();
    assertThat(assemblies)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(Assembly.values()).map(Assembly::text),
                    Stream.of(ImportedTrace.ASSEMBLY))
                .toList());
  }
}
