package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.kernel.FirstDifference.Found;
import dev.stint.host.kernel.SwitchLog.Switch;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Turns of two runs, laid side by side.
final class FirstDifferenceTest {
  private static final FirstDifference DIFFERENCE = new FirstDifference(Set.of("a", "b"));

  private static Switch to(double atMs, String who) {
    return new Switch((long) (atMs * 1e6), 0, "x", false, who, "");
  }

  private static Found found(List<Switch> kernel, List<Switch> model) {
    return DIFFERENCE.of(kernel, model).orElseThrow();
  }

  @Test
  void turns_lateByASwitchAndCutByOthers_areTheSame() {
    List<Switch> kernel =
        List.of(to(0.03, "a"), to(4.01, "kworker"), to(4.03, "a"), to(8.02, "b"), to(12.01, "a"));
    List<Switch> model = List.of(to(0, "a"), to(8, "idle"), to(8, "b"), to(12, "a"));
    assertThat(DIFFERENCE.of(kernel, model)).isEmpty();
  }

  @Test
  void turn_endingATickLater_isFound() {
    List<Switch> kernel = List.of(to(0, "a"), to(8.01, "b"), to(12, "a"));
    List<Switch> model = List.of(to(0, "a"), to(4, "b"), to(8, "a"));
    assertThat(found(kernel, model).timeNs()).isEqualTo(4_000_000);
  }

  @Test
  void turn_ofAnother_isFoundAndShown() {
    List<Switch> kernel = List.of(to(0, "a"), to(4, "b"));
    List<Switch> model = List.of(to(0, "a"), to(4, "idle"), to(6, "b"));
    Found found = found(kernel, model);
    assertThat(found.text()).contains("turn 2 on CPU 0", "the kernel's is b", "the model's idle");
    assertThat(FirstDifference.around(found, kernel, model))
        .anyMatch(line -> line.matches(">\\s+4.000  x -> b\\s+>\\s+4.000  x -> idle"));
  }
}
