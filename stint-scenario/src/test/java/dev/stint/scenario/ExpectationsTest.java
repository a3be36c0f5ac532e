package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.EntityKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class ExpectationsTest {
  private static final RunResult RUN =
      new RunResult(
          "core",
          1_000,
          "d",
          1,
          List.of(entity("vm-a/vp0", 495), entity("vm-b/vp0", 520)),
          List.of(),
          Map.of(),
          List.of());

  @Test
  void figureWithinTolerance_passes_outsideFails() {
    List<Outcome> outcomes =
        load(one("assembly: core, path: vm-*/vp0, figure: steal, value: 50%, tolerance: 1pp"))
            .check(RUN);

    assertThat(outcomes).extracting(Outcome::path).containsExactly("vm-a/vp0", "vm-b/vp0");
    assertThat(outcomes).extracting(Outcome::pass).containsExactly(true, false);
    assertThat(outcomes.get(1).render())
        .isEqualTo("FAILED core vm-b/vp0 steal: 52.00%, expected 50.00% within 1.00% (theory)");
  }

  @Test
  void tolerance_atItsBound_passes() {
    String figure = "assembly: core, path: vm-a/vp0, figure: wait, value: 0.5, tolerance: ";

    assertThat(load(one(figure + "0.5pp")).check(RUN).getFirst().pass()).isTrue();
    assertThat(load(one(figure + "1% of value")).check(RUN).getFirst().pass()).isTrue();
    assertThat(load(one(figure + "0.4pp")).check(RUN).getFirst().pass()).isFalse();
  }

  @Test
  void everyFigureName_hasAValueOrNone_withoutFailing() {
    for (String name : Figure.names()) {
      Figure figure = Figure.named(name).orElseThrow();
      assertThat(figure.of(entity("a", 10))).as(name).isNotNull();
    }
    assertThat(value("throttled_ratio")).hasValue(0.5);
    assertThat(value("entitled_error").orElseThrow()).isCloseTo(0.25, within(1e-9));
    assertThat(value("run_ns")).hasValue(400);
    assertThat(value("wake_p99")).hasValue(7);
    assertThat(value("metric.response_ns.mean")).hasValue(5);
    assertThat(value("metric.miss_ns.p50")).isEmpty();
    assertThat(value("metric.miss_ns.count")).hasValue(0);
  }

  @Test
  void otherAssembly_isNotChecked_andMissingEntityFails() {
    String text =
        one("assembly: [core, root], path: nobody, figure: share, value: 1, tolerance: 0");

    List<Outcome> outcomes = load(text).check(RUN);

    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.getFirst().pass()).isFalse();
    assertThat(outcomes.getFirst().render()).contains("nobody share: nothing, expected");
  }

  @Test
  void mistakes_areRefused_withPlaceAndCode() {
    assertThat(refuse("- {assembly: core, path: a, figure: stael, value: 1, tolerance: 0}"))
        .containsExactly(
            "e.yaml:1:3: source is missing from this expected figure. Add `source:`. [S012]",
            "e.yaml:1:37: no figure is named \"stael\". Did you mean \"steal\"? [S052]");
    assertThat(refuse(one("assembly: core, path: a, figure: steal, value: 50%, tolerance: 1%")))
        .containsExactly(
            "e.yaml:1:67: tolerance \"1%\" does not fit figure steal. Write for example"
                + " `value: 50%`, `tolerance: 1pp` (percentage points) or"
                + " `tolerance: 5% of value`. [S051]");
    assertThat(refuse(one("assembly: core, path: a, figure: run_ns, value: 50, tolerance: 1ms")))
        .hasSize(1)
        .first()
        .asString()
        .endsWith("[S051]");
    assertThat(refuse("a: b")).hasSize(1).first().asString().endsWith("[S013]");
  }

  private static OptionalDouble value(String figure) {
    return Figure.named(figure).orElseThrow().of(entity("a", 10));
  }

  private static EntityResult entity(String path, long stolenNs) {
    Percentiles seven = new Percentiles(2, 10, 3, 3, 7, 7, 7, 7);
    return new EntityResult(
        path,
        EntityKind.VP,
        1_000,
        400,
        600 - stolenNs,
        0,
        Map.of(WaitReason.HYPERVISOR_WAIT, stolenNs),
        Map.of(),
        1,
        2,
        3,
        4,
        2,
        seven,
        0.5,
        OptionalDouble.of(0.4),
        Map.of("response_ns", seven),
        Optional.empty());
  }

  private static String one(String fields) {
    return "- {" + fields + ", source: theory}";
  }

  private static Expectations load(String text) {
    Expectations.Result result = Expectations.read(text, "e.yaml");
    assertThat(result).isInstanceOf(Expectations.Result.Loaded.class);
    return ((Expectations.Result.Loaded) result).expectations();
  }

  private static List<String> refuse(String text) {
    Expectations.Result result = Expectations.read(text, "e.yaml");
    assertThat(result).isInstanceOf(Expectations.Result.Refused.class);
    return ((Expectations.Result.Refused) result)
        .errors().stream().map(Diagnostic::render).toList();
  }
}
