package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import org.junit.jupiter.api.Test;

final class GuestPlanTest {
  static Scenario scenario(String text) {
    return switch (ScenarioReader.read(text, "test.yaml")) {
      case ReadResult.Loaded(Scenario scenario, var _) -> scenario;
      case ReadResult.Refused(var errors) -> throw new AssertionError(errors);
    };
  }

  private static Scenario host(String machine, String rest) {
    return scenario(
        """
        name: t
        duration: 2s
        machine: %s
        under: [root]
        partitions:
          host:
            kind: root
        %s
        """
            .formatted(machine, rest.indent(4)));
  }

  @Test
  void plan_groupsAndTasks_isWrittenParentsFirst() throws CannotBoot {
    Scenario scenario =
        host(
            "{cores: 2}",
            """
            linux: {base-slice: 3ms}
            groups:
              a:
                cpu.weight: 200
                cpu.max: 50000 100000
                cpu.max.burst: 10000
                cpuset.cpus: 0-1
                groups:
                  idle: {cpu.idle: true}
            tasks:
              web: {group: a/idle, nice: 5, slice: 3ms, affinity: 1, start: 10ms, busy: {}}
              job: {policy: batch, periodic: {run: 2ms, period: 10ms, phase: 1ms}}
              pp: {count: 2, ping-pong: {exchange: x, work: 100us}}
            """);
    assertThat(GuestPlan.of(scenario).text())
        .isEqualTo(
            """
            put /sys/kernel/debug/sched/base_slice_ns 3000000
            group a
            write a cpu.weight 200
            write a cpuset.cpus 0-1
            write a cpu.max 50000 100000
            write a cpu.max.burst 10000
            phase a 100000000
            group a/idle
            write a/idle cpu.idle 1
            task web a/idle 0 5 3000000 1 10000000 busy 0 0 0
            task job / 3 0 0 - 0 periodic 2000000 10000000 1000000
            task pp-0 / 0 0 0 - 0 ping-pong 100000 0 0
            task pp-1 / 0 0 0 - 0 ping-pong 100000 0 1
            duration 2000000000
            """);
  }

  @Test
  void plan_whatAGuestCannotDo_saysSo() {
    assertRefused(host("{cores: 16}", "tasks: {t: {busy: {}}}"), "up to 8 CPUs");
    assertRefused(
        host("{cores: 1}", "tasks: {t: {count: 2, barrier: {name: b, work: 1ms}}}"),
        "knows no barrier");
    assertRefused(
        host("{cores: 1}", "linux: {autogroup: true}\ntasks: {t: {busy: {}}}"), "autogroup");
    assertRefused(
        scenario(
            """
            name: t
            machine: {cores: 1}
            partitions:
              vm: {vps: 1, tasks: {t: {busy: {}}}}
            """),
        "kind: root");
  }

  private static void assertRefused(Scenario scenario, String why) {
    assertThatThrownBy(() -> GuestPlan.of(scenario))
        .isInstanceOfSatisfying(
            CannotBoot.class,
            refused -> {
              assertThat(refused.kind()).isEqualTo(CannotBoot.Kind.SCENARIO);
              assertThat(refused.reason()).contains(why);
            });
  }
}
