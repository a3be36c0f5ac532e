package dev.stint.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NumbersTest {
  @Test
  void parse_aNumber_isIt() {
    assertThat(Numbers.parse(" 42\n")).hasValue(42);
    assertThat(Numbers.parse("-1")).hasValue(-1);
    assertThat(Numbers.parse("999999999999999999")).hasValue(999_999_999_999_999_999L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "x", "1x", "0x10", "1.5", "1 2", "9999999999999999999", "٣"})
  void parse_anythingElse_isUnknown(String text) {
    assertThat(Numbers.parse(text)).isEmpty();
  }

  @Test
  void count_belowZero_isUnknown() {
    assertThat(Numbers.count("-1")).isEmpty();
  }

  @Test
  void scaled_aProductTooLarge_isUnknown() {
    assertThat(Numbers.scaled(OptionalLong.of(3), 1000)).hasValue(3000);
    assertThat(Numbers.scaled(OptionalLong.of(Long.MAX_VALUE / 999), 1000)).isEmpty();
  }

  @Test
  void keyed_garbageBetweenLines_isLeftOut() {
    assertThat(Numbers.keyed("a 1\nb\n c 2\nd x\ne -3\na 9\nf 4\n"))
        .isEqualTo(Map.of("a", 1L, "f", 4L));
  }

  @Test
  void cpuList_asTheKernelPrintsIt_isTheSet() {
    assertThat(CpuList.parse("0-2,5\n")).hasValue(CpuSet.of(0, 1, 2, 5));
    assertThat(CpuList.parse("\n")).hasValue(CpuSet.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1-", "-1", "2-1", "0-99999999", "1,,2", "0-1-2"})
  void cpuList_anythingElse_isUnknown(String text) {
    assertThat(CpuList.parse(text)).isEmpty();
  }
}
