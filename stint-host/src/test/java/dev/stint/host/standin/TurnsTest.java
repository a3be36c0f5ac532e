package dev.stint.host.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TurnsTest {
  private static String rows(int units, int slots, int turns) {
    Turns rotation = new Turns(units, slots);
    StringBuilder[] rows = new StringBuilder[rotation.slots()];
    for (int turn = 0; turn < turns; turn++) {
      for (int slot = 0; slot < rows.length; slot++) {
        rows[slot] = turn == 0 ? new StringBuilder() : rows[slot];
        rows[slot].append((char) ('A' + rotation.unit(slot)));
      }
      rotation.advance();
    }
    return String.join("|", rows);
  }

  @Test
  void turns_onOneSlot_goRound() {
    assertThat(rows(3, 1, 7)).isEqualTo("ABCABCA");
  }

  @Test
  void turns_threeOnTwoSlots_areThoseOfTheModelsPage() {
    assertThat(rows(3, 2, 6)).isEqualTo("AABBBA|BCCACC");
  }

  @Test
  void turns_asManySlotsAsUnits_change_nothing() {
    assertThat(rows(2, 4, 3)).isEqualTo("AAA|BBB");
  }

  /// The model's own core scheduler gives each VP as many slices.
  @ParameterizedTest
  @CsvSource({"3,1", "5,2", "7,3", "4,4", "3,2"})
  void turns_ofEqualUnits_giveWhatTheModelGives(int units, int slots) {
    StringBuilder text =
        new StringBuilder("duration: 700ms\nmachine: {cores: " + slots + "}\npartitions:\n");
    for (int unit = 0; unit < units; unit++) {
      text.append("  p").append(unit).append(": {vps: 1, tasks: {t: {busy: {}}}}\n");
    }
    RunResult result =
        switch (ScenarioReader.read(text.toString(), "turns")) {
          case ReadResult.Loaded(Scenario scenario, var _) -> run(scenario);
          case ReadResult.Refused(var errors) -> throw new AssertionError(errors.toString());
        };
    Turns rotation = new Turns(units, slots);
    long[] runNs = new long[units];
    for (int turn = 0; turn < 70; turn++) {
      for (int slot = 0; slot < rotation.slots(); slot++) {
        runNs[rotation.unit(slot)] += 10_000_000L;
      }
      rotation.advance();
    }
    for (int unit = 0; unit < units; unit++) {
      assertThat(result.entity("p" + unit + "/vp0").orElseThrow().runNs())
          .as("unit " + unit)
          .isEqualTo(runNs[unit]);
    }
  }

  private static RunResult run(Scenario scenario) {
    try {
      return Experiment.run(scenario, Assembly.CORE, RunOptions.DEFAULT);
    } catch (dev.stint.model.stack.CannotAssemble e) {
      throw new AssertionError(e);
    }
  }
}
