package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Mutated scenarios are either read, and then written and read back, or refused in whole lines;
/// nothing is ever thrown.
final class ReaderFuzzTest {
  private static final int ROUNDS = 3_000;
  private static final String SPICE = "{}[]:,-&*!|>'\"%@`#?~\t\n\\ 0129azé\u0000\u2028<<";

  @Test
  void mutatedText_isReadOrRefused() throws IOException {
    List<String> seeds = new ArrayList<>();
    for (long seed = 0; seed < 300; seed++) {
      seeds.add(ScenarioWriter.write(new RandomScenario(seed).draw()));
    }
    for (Path file : MalformedCorpus.files()) {
      seeds.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(round);
      String text = mutate(seeds, random);
      try {
        read += check(text) ? 1 : 0;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("round " + round + ":\n" + text, e);
      }
    }
    assertThat(read).as("how many were read").isBetween(ROUNDS / 100, ROUNDS);
  }

  private static boolean check(String text) {
    return switch (ScenarioReader.read(text, "s.yaml")) {
      case ReadResult.Loaded(Scenario scenario, var _) -> {
        assertThat(ScenarioReader.read(ScenarioWriter.write(scenario), "s.yaml"))
            .as(text)
            .isInstanceOfSatisfying(
                ReadResult.Loaded.class, back -> assertThat(back.scenario()).isEqualTo(scenario));
        yield true;
      }
      case ReadResult.Refused(var errors) -> {
        assertThat(errors).isNotEmpty();
        for (Diagnostic error : errors) {
          assertThat(error.render()).matches("s\\.yaml(:\\d+:\\d+)?: [^\\p{Cntrl}]+ \\[S\\d{3}]");
        }
        yield false;
      }
    };
  }

  private static String mutate(List<String> seeds, SplittableRandom random) {
    StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
    for (int i = 1 + random.nextInt(2); i > 0 && !text.isEmpty(); i--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + 1 + random.nextInt(8));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, SPICE.charAt(random.nextInt(SPICE.length())));
        case 2 -> text.insert(random.nextInt(text.length()), text.substring(from, to));
        default -> text.setCharAt(from, SPICE.charAt(random.nextInt(SPICE.length())));
      }
    }
    return text.toString();
  }
}
