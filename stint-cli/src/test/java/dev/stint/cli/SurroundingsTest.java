package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SurroundingsTest {
  private final ByteArrayOutputStream both = new ByteArrayOutputStream();

  private Surroundings surroundings(Map<String, String> environment) {
    return new Surroundings(
        InputStream.nullInputStream(),
        new Output(both),
        new Output(both),
        false,
        false,
        StandardCharsets.UTF_8,
        environment,
        Path.of("/tmp"),
        Path.of("/stint"),
        Path.of("/"),
        1);
  }

  @Test
  void complaint_comesAfterWhatWasPrintedBefore() {
    Surroundings surroundings = surroundings(Map.of());
    surroundings.print("plan\n");
    surroundings.complain("refused");
    assertThat(both.toString(StandardCharsets.UTF_8)).isEqualTo("plan\nrefused\n");
  }

  @Test
  void cache_isWhereTheUserSays_orBelowHome_orInTheCheckout() {
    assertThat(surroundings(Map.of("XDG_CACHE_HOME", "/c", "HOME", "/h")).cache())
        .isEqualTo(Path.of("/c/stint"));
    assertThat(surroundings(Map.of("HOME", "/h")).cache()).isEqualTo(Path.of("/h/.cache/stint"));
    assertThat(surroundings(Map.of()).cache()).isEqualTo(Path.of("/stint/stint"));
  }
}
