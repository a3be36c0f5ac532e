package dev.stint.report.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BenchReportTest {
  private static final BenchResult RESULT =
      new BenchResult(
          true,
          "a machine",
          List.of(new BenchResult.Floor(10, 11.5, 14.25, 415)),
          List.of(
              new BenchResult.Case(
                  "hogs",
                  "core",
                  10,
                  20,
                  40,
                  2,
                  1_000_000_000,
                  1000,
                  2000,
                  60,
                  66,
                  15,
                  4,
                  25_000,
                  0,
                  2_000_000),
              new BenchResult.Case(
                  "quiet",
                  "core",
                  10,
                  10,
                  10,
                  1,
                  1_000_000_000,
                  20,
                  2001,
                  3000,
                  3300,
                  15,
                  200,
                  50_000,
                  0,
                  1_000_000)),
          1 << 20);

  @Test
  void json_ofAResult_isTheContract() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BenchReport.json(RESULT, out);
    JsonNode root = JsonMapper.shared().readTree(out.toByteArray());
    assertThat(root.at("/floor/10/ns_per_event").doubleValue()).isEqualTo(14.25);
    JsonNode one = root.at("/cases/0");
    assertThat(one.get("name").stringValue()).isEqualTo("hogs");
    assertThat(one.get("events").longValue()).isEqualTo(1000);
    assertThat(one.get("ns_per_event").doubleValue()).isEqualTo(60);
    assertThat(one.get("ns_per_timer_event").doubleValue()).isEqualTo(30);
    assertThat(one.get("floor_ratio").doubleValue()).isEqualTo(4);
    assertThat(one.get("core_s_per_cpu_s").doubleValue()).isEqualTo(25_000);
    assertThat(one.get("bytes_per_event").doubleValue()).isZero();
    assertThat(one.get("peak_bytes").longValue()).isEqualTo(2_000_000);
  }

  @Test
  void result_withHardlyAnEvent_hasNoFiguresPerEvent() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BenchReport.json(RESULT, out);
    JsonNode quiet = JsonMapper.shared().readTree(out.toByteArray()).at("/cases/1");
    assertThat(quiet.get("ns_per_event").isNull()).isTrue();
    assertThat(quiet.get("floor_ratio").isNull()).isTrue();
    assertThat(quiet.get("ns_per_timer_event").doubleValue()).isCloseTo(29.985, offset(0.001));
    assertThat(BenchReport.markdown(RESULT))
        .contains("| `quiet` | 10 | 10 | 10 | 20 | - | - | 15.0 | - | 30.0 | 50,000 | - | 1.0 |");
  }

  @Test
  void markdown_ofAResult_hasALineForEachCase() {
    assertThat(BenchReport.markdown(RESULT).lines())
        .contains(
            "| 10 | 14.3 | 11.5 | 415 |",
            "| `hogs` | 10 | 20 | 40 | 1,000 | 60.0 | 66.0 | 15.0 | 4.00 | 30.0 | 25,000 | 0.000 |"
                + " 2.0 |");
  }

  @Test
  void text_ofAResult_hasNoLongLines() {
    assertThat(BenchReport.text(RESULT).lines()).allMatch(line -> line.length() <= 160);
  }
}
