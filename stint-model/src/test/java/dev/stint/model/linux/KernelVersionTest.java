package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelVersionTest {
  @ParameterizedTest
  @CsvSource({
    "6.18, V6_18",
    "6.18.44, V6_18",
    "6.18.99-fc, V6_18",
    "6.18.43, V6_18_35",
    "6.18.15+deb13-cloud-amd64, V6_18_13",
    "6.18.0, V6_18_3",
    "6.12.107, V6_12",
    "6.12, V6_12",
    "6.1, V6_1",
    "6.1.192+deb12-cloud-amd64, V6_1",
    "6.18+rc1, V6_18",
  })
  void release_isModelled_byTheLastPointUpToIt(String release, KernelVersion version) {
    assertThat(KernelVersion.parse(release)).contains(version);
  }

  @Test
  void release_ofAnotherSeries_isUnknown() {
    assertThat(KernelVersion.parse("5.15.1")).isEmpty();
    assertThat(KernelVersion.parse("seven")).isEmpty();
  }

  @Test
  void text_parsesToItself() {
    for (KernelVersion version : KernelVersion.values()) {
      assertThat(KernelVersion.parse(version.text())).contains(version);
    }
  }
}
