package dev.stint.model.mshv;

import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetSystemProperty;
import dev.stint.model.hypervisor.hypercall.VmmCapabilities;
import java.util.Optional;

/// What the mshv driver learns when it loads: which scheduler is in force for its partition (Linux
/// `drivers/hv/mshv_root_main.c`, init of the parent partition; facts: hyperv.md §1.2 and §1.3).
///
/// ```
/// read VMM capabilities of SELF ── fails ──▶ L1VH: init fails; root: as if all were 0
///   root: read system property SCHEDULER_TYPE ── fails ──▶ init fails
///         not 1 to 4 ──▶ EOPNOTSUPP
///   L1VH: bit 6 clear ──▶ CORE_SMT
///         set: read INTEGRATED_SCHEDULER_ENABLED of SELF ── fails ──▶ init fails
///         0 ──▶ CORE_SMT; else ROOT
/// ```
///
/// A partition that is no parent, and a kernel that only saves a crash dump, load no driver. The
/// answer is read once and holds until the driver is loaded again.
public final class SchedulerDiscovery {
  /// What the driver found out.
  public sealed interface Result {
    /// The driver goes on with this scheduler.
    ///
    /// @param type in force: under ROOT the driver dispatches its children's VPs
    /// @param logLine what it logs
    record Found(SchedulerType type, String logLine) implements Result {}

    /// The driver does not load.
    ///
    /// @param errno the name of the error, such as `EIO`
    /// @param message what went wrong
    record Failed(String errno, String message) implements Result {}
  }

  private SchedulerDiscovery() {}

  /// Asks `hypervisor` on behalf of the driver in `partition`.
  public static Result discover(Hypervisor hypervisor, Partition partition) {
    return discover(hypervisor, partition, false);
  }

  /// As [#discover], where `kdump` says that the kernel is there only to save a crash dump.
  public static Result discover(Hypervisor hypervisor, Partition partition, boolean kdump) {
    if (!partition.privileges().parent()) {
      return new Result.Failed("ENODEV", "not a parent partition");
    }
    if (kdump) {
      return new Result.Failed("ENODEV", "a kdump kernel");
    }
    long caller = partition.partitionId();
    HypercallResult capabilities =
        hypervisor.hypercall(
            caller, new GetPartitionPropertyEx(Property.SELF, Property.VMM_CAPABILITIES));
    if (partition.privileges().root()) {
      return rootScheduler(hypervisor, caller);
    }
    return switch (capabilities) {
      case HypercallResult.Success success -> l1vhScheduler(hypervisor, caller, success.value());
      case HypercallResult.Failure failure -> failed("VMM capabilities", failure.status());
    };
  }

  private static Result rootScheduler(Hypervisor hypervisor, long caller) {
    HypercallRequest request = new GetSystemProperty(Property.SCHEDULER_TYPE);
    return switch (hypervisor.hypercall(caller, request)) {
      case HypercallResult.Success success -> {
        Optional<SchedulerType> type = SchedulerType.of(success.value());
        yield type.isPresent()
            ? found(type.get())
            : new Result.Failed(
                "EOPNOTSUPP",
                logLine(success.value()) + "; unsupported scheduler " + success.value());
      }
      case HypercallResult.Failure failure -> failed("scheduler type", failure.status());
    };
  }

  private static Result l1vhScheduler(Hypervisor hypervisor, long caller, long capabilities) {
    if (!new VmmCapabilities(capabilities)
        .has(VmmCapabilities.Bit.VMM_ENABLE_INTEGRATED_SCHEDULER)) {
      return found(SchedulerType.CORE_SMT);
    }
    HypercallRequest request =
        new GetPartitionPropertyEx(Property.SELF, Property.INTEGRATED_SCHEDULER_ENABLED);
    return switch (hypervisor.hypercall(caller, request)) {
      case HypercallResult.Success success ->
          found(success.value() != 0 ? SchedulerType.ROOT : SchedulerType.CORE_SMT);
      case HypercallResult.Failure failure -> failed("integrated scheduler", failure.status());
    };
  }

  private static Result found(SchedulerType type) {
    return new Result.Found(type, logLine(type.value()));
  }

  /// What Linux logs about the type with this number.
  public static String logLine(long value) {
    return "Hypervisor using "
        + SchedulerType.of(value).map(SchedulerType::text).orElse("unknown scheduler");
  }

  private static Result failed(String what, HypercallStatus status) {
    return new Result.Failed(errnoOf(status), what + ": " + status.linuxName());
  }

  /// The error that Linux makes of a hypercall status (`drivers/hv/hv_common.c`,
  /// `hv_result_to_errno`); 0 is `0`.
  public static String errnoOf(HypercallStatus status) {
    return switch (status) {
      case SUCCESS -> "0";
      case INVALID_HYPERCALL_CODE,
          INVALID_PARAMETER,
          INVALID_PARTITION_ID,
          INVALID_VP_INDEX,
          INVALID_PORT_ID,
          INVALID_CONNECTION_ID ->
          "EINVAL";
      case INSUFFICIENT_MEMORY -> "ENOMEM";
      case ACCESS_DENIED,
          INVALID_PARTITION_STATE,
          OPERATION_DENIED,
          UNKNOWN_PROPERTY,
          PROPERTY_VALUE_OUT_OF_RANGE,
          INSUFFICIENT_BUFFERS,
          INVALID_VP_STATE,
          NO_RESOURCES,
          INVALID_LP_INDEX,
          INVALID_REGISTER_VALUE,
          INVALID_CPU_GROUP_ID,
          INVALID_CPU_GROUP_STATE ->
          "EIO";
    };
  }
}
