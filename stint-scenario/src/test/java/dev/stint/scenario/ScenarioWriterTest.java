package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Scenario;
import org.junit.jupiter.api.Test;

final class ScenarioWriterTest {
  @Test
  void randomScenarios_written_readBackEqual() {
    for (long seed = 0; seed < 1_000; seed++) {
      Scenario scenario = new RandomScenario(seed).draw();
      String text = ScenarioWriter.write(scenario);

      ReadResult result = ScenarioReader.read(text, "s.yaml");

      assertThat(result).as("seed %d:%n%s", seed, text).isInstanceOf(ReadResult.Loaded.class);
      Scenario back = ((ReadResult.Loaded) result).scenario();
      assertThat(back).as("seed %d:%n%s", seed, text).isEqualTo(scenario);
      assertThat(ScenarioWriter.write(back)).isEqualTo(text);
    }
  }

  @Test
  void smallScenario_isWrittenWithoutDefaults() {
    String text =
        """
        name: two
        seed: 1
        duration: 10s
        machine:
          cores: 2
        under: [core]
        partitions:
          vm:
            vps: 2
            groups:
              gold:
                cpu.max: 13000 100000
              "on": {}
            tasks:
              web:
                group: gold
                count: 3
                busy: {}
              tick:
                periodic:
                  run: 1.5ms
                  period: 10ms
        """;
    ReadResult.Loaded loaded = (ReadResult.Loaded) ScenarioReader.read(text, "s.yaml");

    assertThat(ScenarioWriter.write(loaded.scenario())).isEqualTo(text);
  }
}
