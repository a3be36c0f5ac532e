package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class GuestReportTest {
  private static final String HEAD =
      """
      stint 1
      release 6.18.15-test
      loops 4000
      phase g 3572827716
      base-slice 700000
      task 0 119
      t0 5000000000
      stat begin g usage_usec 90 nr_periods 2 \s
      stat end g usage_usec 1019 nr_periods 22 nr_throttled 19 \s
      job 0 1000000 1025557 3061621
      """;

  private static GuestReport read(String text) throws CannotBoot {
    return GuestReport.read(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void read_aWholeReport_isItsParts() throws CannotBoot {
    GuestReport report = read(HEAD + "trace\n# tracer: nop\nend\n");
    assertThat(report.release()).isEqualTo("6.18.15-test");
    assertThat(report.baseSliceNs()).isEqualTo(700_000);
    assertThat(report.t0Ns()).isEqualTo(5_000_000_000L);
    assertThat(report.task(119)).contains(0);
    assertThat(report.task(120)).isEmpty();
    assertThat(report.phasesNs().get("g")).containsExactly(3_572_827_716L);
    assertThat(report.counted("g", "nr_periods")).isEqualTo(20);
    assertThat(report.counted("g", "nr_throttled")).isEqualTo(19);
    assertThat(report.jobs().getFirst())
        .containsExactly(new GuestReport.Job(1_000_000, 1_025_557, 3_061_621));
    assertThat(new String(report.trace(), StandardCharsets.US_ASCII)).isEqualTo("# tracer: nop\n");
  }

  @Test
  void read_whatTheKernelRefused_isTheScenariosFault() {
    assertThatThrownBy(() -> read("stint 1\nerror write cpuset.cpus: Invalid argument\nend\n"))
        .isInstanceOfSatisfying(
            CannotBoot.class,
            refused -> {
              assertThat(refused.kind()).isEqualTo(CannotBoot.Kind.SCENARIO);
              assertThat(refused.reason()).contains("write cpuset.cpus: Invalid argument");
            });
  }

  @Test
  void read_anyReportCutOff_isRefused() {
    String whole = HEAD + "trace\n# tracer: nop\nend\n";
    for (int length = 0; length < whole.length(); length++) {
      String part = whole.substring(0, length);
      assertThatThrownBy(() -> read(part)).as(part).isInstanceOf(CannotBoot.class);
    }
  }
}
