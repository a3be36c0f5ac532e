package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.observe.ViewEntity.Kind;
import dev.stint.model.stats.Percentiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class MetricsTextTest {
  private static final Account ACCOUNT =
      new Account(10_000_000_000L, 1_500_000_000L, 2_000_000_001L, 0, 0, 6_499_999_999L, 0);

  private static final WakeLatency WAKES =
      new WakeLatency(
          new Percentiles(3, 60_000, 5_000, 5_000, 5_000, 50_000, 50_000, 50_000),
          List.of(2L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
          4,
          0);

  private static View view(ViewEntity... entities) {
    return new View(
        10_000_000_000L,
        List.of(entities),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        List.of());
  }

  private static ViewEntity group(String name) {
    return new ViewEntity(
        "host/cgroup:" + name,
        Kind.GROUP,
        Optional.empty(),
        ACCOUNT,
        Account.NONE,
        1,
        0,
        Optional.empty(),
        Optional.of(
            new ViewEntity.Limits(
                Optional.empty(),
                OptionalLong.of(7),
                OptionalLong.of(3),
                OptionalLong.of(4_500_000_000L),
                OptionalLong.empty())));
  }

  private static ViewEntity thread() {
    return new ViewEntity(
        "host/thread:gold/vcpu3",
        Kind.THREAD,
        Optional.empty(),
        ACCOUNT,
        ACCOUNT,
        9,
        2,
        Optional.of(WAKES),
        Optional.empty());
  }

  @Test
  void text_ofAVcpu_isInSeconds() {
    assertThat(MetricsText.of(view(thread())))
        .contains(
            "# HELP stint_vcpu_seconds_total ",
            "# TYPE stint_vcpu_seconds_total counter\n",
            "stint_vcpu_seconds_total{vm=\"gold\",vcpu=\"3\",state=\"run\"} 1.500000000\n",
            "stint_vcpu_seconds_total{vm=\"gold\",vcpu=\"3\",state=\"queue\"} 2.000000001\n",
            "stint_vcpu_dispatches_total{vm=\"gold\",vcpu=\"3\"} 9\n");
  }

  @Test
  void text_ofWakeUps_isAHistogramThatAddsUp() {
    String labels = "{vm=\"gold\",vcpu=\"3\"";
    assertThat(MetricsText.of(view(thread())))
        .contains(
            "# TYPE stint_vcpu_wake_latency_seconds histogram\n",
            "stint_vcpu_wake_latency_seconds_bucket" + labels + ",le=\"0.00001\"} 2\n",
            "stint_vcpu_wake_latency_seconds_bucket" + labels + ",le=\"0.0001\"} 3\n",
            "stint_vcpu_wake_latency_seconds_bucket" + labels + ",le=\"+Inf\"} 3\n",
            "stint_vcpu_wake_latency_seconds_sum" + labels + "} 0.000060000\n",
            "stint_vcpu_wake_latency_seconds_count" + labels + "} 3\n",
            "stint_vcpu_wakeups_unmeasured_total" + labels + "} 4\n");
  }

  @Test
  void text_ofWhatIsUnknown_hasNoSample() {
    String text = MetricsText.of(view(group("web")));
    assertThat(text)
        .contains("stint_cgroup_throttled_seconds_total{cgroup=\"/web\"} 4.500000000\n")
        .doesNotContain("stint_cgroup_pressure_waiting_seconds_total{");
  }

  @Test
  void label_withEveryAwkwardCharacter_isEscaped() {
    assertThat(MetricsText.label("cgroup", "a\\b\"c\nd")).isEqualTo("cgroup=\"a\\\\b\\\"c\\nd\"");
  }

  /// Every sample belongs to the family announced last, and no series occurs twice.
  @Test
  void text_anyLine_followsTheFormat() {
    String text = MetricsText.of(view(thread(), group("a\"\\\nb"), group("web")));
    String family = "";
    Map<String, Integer> families = new LinkedHashMap<>();
    List<String> series = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        assertThat(line).matches("# TYPE [a-z_]+ (counter|gauge|histogram)");
        assertThat(line.split(" ")[2]).isEqualTo(family);
      } else if (line.startsWith("# HELP ")) {
        family = line.split(" ")[2];
        families.merge(family, 1, Integer::sum);
      } else {
        assertThat(line)
            .matches(
                "[a-z_]+(\\{[a-z_]+=\"([^\"\\\\]|\\\\[\\\\n\"])*\""
                    + "(,[a-z_]+=\"([^\"\\\\]|\\\\[\\\\n\"])*\")*\\})? [0-9.]+");
        String name = line.split("[{ ]")[0];
        assertThat(name.replaceAll("_seconds_(bucket|sum|count)$", "_seconds")).isEqualTo(family);
        series.add(line.substring(0, line.lastIndexOf(' ')));
      }
    }
    assertThat(families.values()).containsOnly(1);
    assertThat(series).doesNotHaveDuplicates().hasSizeGreaterThan(10);
    assertThat(text).endsWith("\n");
  }
}
