package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.sched.CostParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The table of docs/models/costs.md and the schema against the parameters themselves.
class CostsPageTest {
  @Test
  void page_hasEveryParameter_withItsTypicalValue() throws IOException {
    String page = Files.readString(Path.of("../docs/models/costs.md"));
    for (CostParameter parameter : CostParameter.values()) {
      assertThat(page).contains("| `" + parameter.text() + "` | " + typical(parameter) + " |");
    }
  }

  @Test
  void schema_hasEveryParameter_withItsTypicalValue() {
    for (CostParameter parameter : CostParameter.values()) {
      assertThat(ScenarioSchema.text())
          .contains("\"" + parameter.text() + "\": {")
          .contains("Typical " + typical(parameter) + ".");
    }
  }

  private static String typical(CostParameter parameter) {
    return parameter.typical().text();
  }
}
