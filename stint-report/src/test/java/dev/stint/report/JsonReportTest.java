package dev.stint.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The contract of the JSON results.
final class JsonReportTest {
  private static String text(Results results) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.write(results, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode json(Results results) {
    return JsonMapper.shared().readTree(text(results));
  }

  private static List<String> names(JsonNode node) {
    return List.copyOf(node.propertyNames());
  }

  @Test
  void document_hasThePromisedFields() {
    JsonNode json = json(Samples.l1vh());
    assertThat(names(json))
        .contains("stint", "scenario", "seed", "duration_ns", "digest", "runs", "verdict")
        .contains("assumed");
    assertThat(json.get("runs")).hasSize(2);
    for (JsonNode run : json.get("runs")) {
      assertThat(names(run))
          .contains("assembly", "digest", "entities", "theft", "verdict", "assumed");
      assertThat(names(run.get("verdict"))).containsExactly("text", "findings");
      assertThat(run.get("assumed").has("hypervisor.time-slice")).isTrue();
    }
  }

  @Test
  void everyEntity_hasAnAccountThatLeavesNothingOver() {
    for (Results results : List.of(Samples.l1vh(), Samples.guests(), Samples.quota())) {
      for (JsonNode run : json(results).get("runs")) {
        for (JsonNode entity : run.get("entities")) {
          assertThat(names(entity))
              .contains("path", "kind", "wall_ns", "run_ns", "blocked_ns", "wait_ns")
              .contains("overhead_ns", "dispatches", "switches", "migrations", "share")
              .contains("throttled_periods", "periods", "wake_latency_ns", "entitled_share")
              .contains("metrics");
          assertThat(entity.get("kind").asString())
              .isIn("lp", "vp", "thread", "group", "task", "partition");
          assertThat(names(entity.get("wake_latency_ns")))
              .contains("count", "p50", "p90", "p99", "p999", "max");
          long sumNs = entity.get("run_ns").asLong() + entity.get("blocked_ns").asLong();
          for (JsonNode ns : entity.get("wait_ns")) {
            sumNs += ns.asLong();
          }
          for (JsonNode ns : entity.get("overhead_ns")) {
            sumNs += ns.asLong();
          }
          assertThat(sumNs).as(entity.toString()).isEqualTo(entity.get("wall_ns").asLong());
        }
      }
    }
  }

  @Test
  void theft_sumsToTheWait() {
    JsonNode run = json(Samples.guests()).get("runs").get(0);
    long theftNs = 0;
    for (JsonNode theft : run.get("theft")) {
      assertThat(names(theft)).containsExactly("victim", "occupant", "reason", "ns");
      if (theft.get("victim").asString().equals("vm-a/vp0")) {
        theftNs += theft.get("ns").asLong();
      }
    }
    for (JsonNode entity : run.get("entities")) {
      if (entity.get("path").asString().equals("vm-a/vp0")) {
        assertThat(theftNs)
            .isPositive()
            .isEqualTo(entity.get("wait_ns").get("hypervisor.wait").asLong());
      }
    }
  }

  @Test
  void whatIsNotKnown_isNull() {
    for (JsonNode entity : json(Samples.guests()).get("runs").get(0).get("entities")) {
      if (entity.get("kind").asString().equals("lp")) {
        assertThat(entity.get("entitled_share").isNull()).isTrue();
        assertThat(entity.get("wake_latency_ns").get("p99").isNull()).isTrue();
      }
    }
  }

  @Test
  void sameRuns_giveTheSameBytes() {
    assertThat(text(Samples.l1vh())).isEqualTo(text(Samples.l1vh())).endsWith("}\n");
  }
}
