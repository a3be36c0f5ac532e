package dev.stint.model.mshv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.PartitionRequest;
import dev.stint.model.hypervisor.PartitionResult;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.hypervisor.hypercall.HypercallFaults;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetSystemProperty;
import dev.stint.model.hypervisor.hypercall.VmmCapabilities;
import dev.stint.model.machine.Machine;
import dev.stint.model.mshv.SchedulerDiscovery.Result;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The decision table of the driver's scheduler discovery.
class SchedulerDiscoveryTest {
  private static final long INTEGRATED = Property.VMM_ENABLE_INTEGRATED_SCHEDULER;
  private static final Result CORE =
      new Result.Found(SchedulerType.CORE_SMT, "Hypervisor using core scheduler");
  private static final Result ROOT =
      new Result.Found(SchedulerType.ROOT, "Hypervisor using root scheduler");

  private final List<HypercallRequest> asked = new ArrayList<>();

  private Result discover(SchedulerType type, PartitionRequest request, HypercallFaults faults) {
    Hypervisor hypervisor =
        new Hypervisor(
            new Simulation(1),
            new Entities(),
            new TraceDigest(),
            Machine.flat(2, 1),
            HypervisorConfig.DEFAULT,
            type);
    Partition partition =
        ((PartitionResult.Created) hypervisor.createPartition(request)).partition();
    hypervisor.injectFaults((caller, hypercall) -> {
      asked.add(hypercall);
      return faults.fault(caller, hypercall);
    });
    return SchedulerDiscovery.discover(hypervisor, partition);
  }

  private Result l1vh(long capabilities, boolean enabled, HypercallFaults faults) {
    PartitionRequest request = PartitionRequest.of("l1vh", Kind.L1VH, 2);
    return discover(SchedulerType.CORE_SMT, request.withVmm(capabilities, enabled), faults);
  }

  private Result root(SchedulerType type, HypercallFaults faults) {
    return discover(type, PartitionRequest.of("root", Kind.ROOT, 2), faults);
  }

  private static HypercallFaults failing(int property, HypercallStatus status) {
    return answering(property, new HypercallResult.Failure(status));
  }

  private static HypercallFaults answering(int property, HypercallResult result) {
    return (caller, request) -> {
      int asked =
          switch (request) {
            case GetSystemProperty get -> get.property();
            case GetPartitionPropertyEx get -> get.property();
            default -> -1;
          };
      return asked == property ? Optional.of(result) : Optional.empty();
    };
  }

  @Test
  void l1vh_capabilitiesFail_initFails() {
    Result result =
        l1vh(
            INTEGRATED,
            true,
            failing(Property.VMM_CAPABILITIES, HypercallStatus.INVALID_PARAMETER));
    assertThat(result)
        .isEqualTo(new Result.Failed("EINVAL", "VMM capabilities: HV_STATUS_INVALID_PARAMETER"));
  }

  @Test
  void l1vh_capabilityClear_coreWithoutAskingFurther() {
    assertThat(l1vh(0, true, HypercallFaults.NONE)).isEqualTo(CORE);
    assertThat(asked)
        .containsExactly(new GetPartitionPropertyEx(Property.SELF, Property.VMM_CAPABILITIES));
  }

  @Test
  void l1vh_onlyOtherCapabilities_core() {
    assertThat(l1vh(~INTEGRATED, true, HypercallFaults.NONE)).isEqualTo(CORE);
  }

  @Test
  void l1vh_propertyFails_initFails() {
    Result result =
        l1vh(
            INTEGRATED,
            true,
            failing(Property.INTEGRATED_SCHEDULER_ENABLED, HypercallStatus.UNKNOWN_PROPERTY));
    assertThat(result)
        .isEqualTo(new Result.Failed("EIO", "integrated scheduler: HV_STATUS_UNKNOWN_PROPERTY"));
  }

  @Test
  void l1vh_propertyZero_core() {
    assertThat(l1vh(INTEGRATED, false, HypercallFaults.NONE)).isEqualTo(CORE);
    assertThat(asked).hasSize(2);
  }

  @Test
  void l1vh_propertyOne_root() {
    assertThat(l1vh(INTEGRATED, true, HypercallFaults.NONE)).isEqualTo(ROOT);
  }

  @Test
  void l1vh_propertyAnyOtherValue_root() {
    HypercallFaults two =
        answering(Property.INTEGRATED_SCHEDULER_ENABLED, new HypercallResult.Success(2));
    assertThat(l1vh(INTEGRATED, false, two)).isEqualTo(ROOT);
  }

  @Test
  void root_capabilitiesFail_goesOn() {
    HypercallFaults faults = failing(Property.VMM_CAPABILITIES, HypercallStatus.UNKNOWN_PROPERTY);
    assertThat(root(SchedulerType.ROOT, faults)).isEqualTo(ROOT);
  }

  @Test
  void root_everyType_isLogged() {
    List<String> lines = new ArrayList<>();
    for (SchedulerType type : SchedulerType.values()) {
      if (root(type, HypercallFaults.NONE) instanceof Result.Found found) {
        assertThat(found.type()).isEqualTo(type);
        lines.add(found.logLine());
      }
    }
    assertThat(lines)
        .containsExactly(
            "Hypervisor using classic scheduler without SMT",
            "Hypervisor using classic scheduler with SMT",
            "Hypervisor using core scheduler",
            "Hypervisor using root scheduler");
  }

  @Test
  void root_unknownType_isNotSupported() {
    for (long value : new long[] {0, 5, -1, 1L << 32}) {
      HypercallFaults faults =
          answering(Property.SCHEDULER_TYPE, new HypercallResult.Success(value));
      assertThat(root(SchedulerType.ROOT, faults))
          .isEqualTo(
              new Result.Failed(
                  "EOPNOTSUPP",
                  "Hypervisor using unknown scheduler; unsupported scheduler " + value));
    }
  }

  @Test
  void root_typeFails_initFails() {
    HypercallFaults faults = failing(Property.SCHEDULER_TYPE, HypercallStatus.ACCESS_DENIED);
    assertThat(root(SchedulerType.CORE_SMT, faults))
        .isEqualTo(new Result.Failed("EIO", "scheduler type: HV_STATUS_ACCESS_DENIED"));
  }

  /* hyperv.md §9: what the capabilities say, what the property says, what comes of it. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "l1vh, fails, -, -, EIO",
        "l1vh, 0, -, 3, -",
        "l1vh, 64, fails, -, EIO",
        "l1vh, 64, 0, 3, -",
        "l1vh, 64, 1, 4, -",
        "l1vh, -65, 1, 3, -",
        "l1vh, -1, 4294967296, 4, -",
        "root, fails, 1, 1, -",
        "root, 64, 2, 2, -",
        "root, 0, 3, 3, -",
        "root, 64, 4, 4, -",
        "root, 64, 0, -, EOPNOTSUPP",
        "root, 64, 5, -, EOPNOTSUPP",
        "root, 64, fails, -, EIO"
      })
  void decisionTable(String kind, String bank, String second, String type, String errno) {
    boolean l1vh = kind.equals("l1vh");
    int property = l1vh ? Property.INTEGRATED_SCHEDULER_ENABLED : Property.SCHEDULER_TYPE;
    HypercallFaults capabilities = scripted(Property.VMM_CAPABILITIES, bank);
    HypercallFaults rest = second == null ? HypercallFaults.NONE : scripted(property, second);
    HypercallFaults both =
        (caller, request) -> {
          Optional<HypercallResult> first = capabilities.fault(caller, request);
          return first.isPresent() ? first : rest.fault(caller, request);
        };
    Result result = l1vh ? l1vh(0, false, both) : root(SchedulerType.ROOT, both);
    switch (result) {
      case Result.Found(SchedulerType found, String line) -> {
        assertThat(found.value()).hasToString(type);
        assertThat(line).isEqualTo("Hypervisor using " + found.text());
      }
      case Result.Failed(String name, String _) -> assertThat(name).isEqualTo(errno);
    }
  }

  private static HypercallFaults scripted(int property, String answer) {
    return answer.equals("fails")
        ? failing(property, HypercallStatus.ACCESS_DENIED)
        : answering(property, new HypercallResult.Success(Long.parseLong(answer)));
  }

  @Test
  void kdumpKernel_loadsNoDriver() {
    Hypervisor hypervisor =
        new Hypervisor(
            new Simulation(1),
            new Entities(),
            new TraceDigest(),
            Machine.flat(2, 1),
            HypervisorConfig.DEFAULT,
            SchedulerType.CORE_SMT);
    PartitionRequest request = PartitionRequest.of("l1vh", Kind.L1VH, 2);
    Partition partition =
        ((PartitionResult.Created) hypervisor.createPartition(request)).partition();
    assertThat(SchedulerDiscovery.discover(hypervisor, partition, true))
        .isEqualTo(new Result.Failed("ENODEV", "a kdump kernel"));
  }

  @Test
  void vmmCapabilities_lieInOneBankAfterAHeader() {
    VmmCapabilities written = new VmmCapabilities(INTEGRATED);
    assertThat(written.words()).containsExactly(1, 64);
    assertThat(VmmCapabilities.ofWords(1, 64)).isEqualTo(written);
    assertThat(VmmCapabilities.ofWords(0, 64)).isEqualTo(new VmmCapabilities(0));
    assertThat(written.has(VmmCapabilities.Bit.VMM_ENABLE_INTEGRATED_SCHEDULER)).isTrue();
    assertThat(written.has(VmmCapabilities.Bit.VP_AFFINITY_PROPERTY)).isFalse();
  }

  @Test
  void guest_isNoParent() {
    PartitionRequest request = PartitionRequest.of("vm", Kind.GUEST, 1);
    assertThat(discover(SchedulerType.CORE_SMT, request, HypercallFaults.NONE))
        .isEqualTo(new Result.Failed("ENODEV", "not a parent partition"));
    assertThat(asked).isEmpty();
  }
}
