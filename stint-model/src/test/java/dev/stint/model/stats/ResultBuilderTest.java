package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultBuilderTest {
  private final Entities entities =
      TraceScript.entities(
          """
          lp lp0
          partition l1vh
          partition l1vh/gold l1vh
          group l1vh/cgroup:a l1vh
          group l1vh/cgroup:a/b l1vh/cgroup:a
          vp l1vh/vp0 l1vh
          vp l1vh/gold/vp0 l1vh/gold
          thread l1vh/thread:gold0 l1vh l1vh/cgroup:a/b
          task l1vh/task:A l1vh l1vh/cgroup:a
          task l1vh/gold/task:W l1vh/gold
          rule quota:l1vh/cgroup:a
          """);
  private final Ledger ledger = new Ledger(entities);
  private final ResultBuilder results;

  ResultBuilderTest() {
    ledger.carrier(entities.find("l1vh/gold/vp0"), entities.find("l1vh/thread:gold0"));
    TraceScript.play(
        entities,
        ledger,
        """
        0 switch lp0 - l1vh/vp0
        0 ready l1vh/task:A l1vh/vp0
        0 switch l1vh/vp0 - l1vh/task:A
        2 ready l1vh/gold/task:W l1vh/gold/vp0
        2 ready l1vh/gold/vp0 -
        2 ready l1vh/thread:gold0 l1vh/vp0
        6 switch l1vh/vp0 l1vh/task:A l1vh/thread:gold0 ready
        6 enter l1vh/thread:gold0 l1vh/gold/vp0
        6 switch l1vh/gold/vp0 - l1vh/gold/task:W
        """);
    ledger.sample(9, Metric.RESPONSE, entities.find("l1vh/task:A"), 77);
    ledger.finish(10);
    results =
        new ResultBuilder(ledger)
            .periods(entities.find("l1vh/cgroup:a"), 8, 3)
            .entitledShare(entities.find("l1vh/cgroup:a/b"), 0.25);
  }

  private EntityResult entity(String path) {
    return results.entities().stream().filter(e -> e.path().equals(path)).findFirst().orElseThrow();
  }

  @Test
  void everyEntityButRules_hasAnAccountInOrder() {
    assertThat(results.entities().stream().map(EntityResult::path))
        .containsExactlyElementsOf(
            entities.all().stream()
                .filter(e -> e.kind() != EntityKind.RULE)
                .map(Entities.Entity::path)
                .toList());
    assertThat(results.entities()).allSatisfy(e -> assertThat(e.residualNs()).isZero());
  }

  @Test
  void group_countsAVpForItsThreadAndIncludesNestedGroups() {
    EntityResult inner = entity("l1vh/cgroup:a/b");
    assertThat(inner.wallNs()).isEqualTo(10);
    assertThat(inner.runNs()).isEqualTo(4);
    assertThat(inner.waitNs()).isEqualTo(Map.of(WaitReason.VMM_QUEUE, 4L));
    assertThat(inner.entitledShare()).isEqualTo(OptionalDouble.of(0.25));
    assertThat(inner.group()).isEqualTo(Optional.of("l1vh/cgroup:a"));
    EntityResult outer = entity("l1vh/cgroup:a");
    assertThat(outer.wallNs()).isEqualTo(20);
    assertThat(outer.runNs()).isEqualTo(10);
    assertThat(outer.share()).isEqualTo(1.0);
    assertThat(outer.blockedNs()).isEqualTo(2);
    assertThat(outer.periods()).isEqualTo(8);
    assertThat(outer.throttledPeriods()).isEqualTo(3);
    assertThat(outer.wakeLatency().count()).isEqualTo(2);
    assertThat(outer.wakeLatency().maxNs()).isEqualTo(4);
    assertThat(outer.metrics().get("response_ns").sumNs()).isEqualTo(77);
    assertThat(outer.group()).isEmpty();
  }

  @Test
  void partition_sumsItsOwnVps() {
    assertThat(entity("l1vh").runNs()).isEqualTo(10);
    assertThat(entity("l1vh/gold").runNs()).isEqualTo(4);
    assertThat(entity("l1vh/gold").wallNs()).isEqualTo(10);
  }

  @Test
  void vp_belongsToTheGroupOfItsThread() {
    assertThat(entity("l1vh/gold/vp0").group()).isEqualTo(Optional.of("l1vh/cgroup:a/b"));
    assertThat(entity("l1vh/vp0").group()).isEmpty();
  }

  @Test
  void theft_isOrderedAndSummedForGroupsAndPartitions() {
    assertThat(results.theft())
        .isEqualTo(
            List.of(
                new Theft("l1vh/gold", WaitReason.VMM_QUEUE, "l1vh/task:A", 4),
                new Theft("l1vh/cgroup:a", WaitReason.GUEST_QUEUE, "l1vh/thread:gold0", 4),
                new Theft("l1vh/cgroup:a", WaitReason.VMM_QUEUE, "l1vh/task:A", 4),
                new Theft("l1vh/cgroup:a/b", WaitReason.VMM_QUEUE, "l1vh/task:A", 4),
                new Theft("l1vh/gold/vp0", WaitReason.VMM_QUEUE, "l1vh/task:A", 4),
                new Theft("l1vh/thread:gold0", WaitReason.VMM_QUEUE, "l1vh/task:A", 4),
                new Theft("l1vh/task:A", WaitReason.GUEST_QUEUE, "l1vh/thread:gold0", 4),
                new Theft("l1vh/gold/task:W", WaitReason.VMM_QUEUE, "l1vh/task:A", 4)));
  }
}
