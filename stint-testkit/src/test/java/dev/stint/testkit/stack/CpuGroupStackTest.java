package dev.stint.testkit.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Costs;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CpuGroupSpec;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.workload.WorkloadSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// A CPU group of a scenario: half of two LPs for two VMs.
final class CpuGroupStackTest {
  private static final long RUN_NS = 1_000_000_000L;

  private static PartitionSpec vm(String name) {
    TaskSpec spin =
        new TaskSpec(
            "t", "", 0, OptionalLong.empty(), Optional.empty(), 0, new WorkloadSpec.Busy());
    return new PartitionSpec(
        name,
        PartitionKind.GUEST,
        1,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LinuxConfig.DEFAULT,
        List.of(),
        List.of(spin),
        List.of());
  }

  private static RunResult run(Assembly assembly) {
    Scenario scenario =
        new Scenario(
            "test",
            "",
            1,
            RUN_NS,
            Machine.flat(2, 1),
            HypervisorConfig.DEFAULT,
            Costs.NONE,
            KvmConfig.DEFAULT,
            List.of(new CpuGroupSpec("half", Optional.empty(), 0x8000)),
            List.of(vm("a").withCpuGroup("half"), vm("b").withCpuGroup("half")),
            List.of(assembly));
    return Experiment.run(scenario, assembly, new RunOptions(true, Optional.empty(), _ -> {}));
  }

  @Test
  void underCore_itsVmsShareItsCap_andTheRuleIsBlamed() {
    RunResult result = run(Assembly.CORE);
    for (String vm : List.of("a", "b")) {
      EntityResult entity = result.entity(vm).orElseThrow();
      assertThat(entity.share()).isEqualTo(0.5);
      assertThat(entity.entitledShare().orElseThrow()).isCloseTo(0.5, within(0.001));
      assertThat(result.theft())
          .filteredOn(theft -> theft.victim().equals(vm + "/vp0"))
          .singleElement()
          .satisfies(theft -> {
            assertThat(theft.occupant()).isEqualTo("cpu-group:half");
            assertThat(theft.reason()).isEqualTo(WaitReason.HYPERVISOR_WAIT);
            assertThat(theft.ns()).isEqualTo(RUN_NS / 2);
          });
    }
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void underRootAndKvm_itHasNoEffectAndSaysSo() {
    for (Assembly assembly : List.of(Assembly.ROOT, Assembly.KVM)) {
      RunResult result = run(assembly);
      assertThat(result.entity("a").orElseThrow().share()).isEqualTo(1.0);
      assertThat(result.notes())
          .contains(
              "cpu-groups: no effect under " + assembly.text() + "; they are the hypervisor's");
    }
  }
}
