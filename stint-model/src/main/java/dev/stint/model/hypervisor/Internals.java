package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Failure;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;

/// What the hypercall handlers share.
///
/// @param simulation for the time
/// @param entities where partitions and VPs are registered
/// @param machine the hardware
/// @param config the assumptions
/// @param type which scheduler is in force
/// @param scheduler the scheduler
/// @param table all partitions
record Internals(
    Simulation simulation,
    Entities entities,
    Machine machine,
    HypervisorConfig config,
    SchedulerType type,
    HypervisorScheduler scheduler,
    PartitionTable table) {
  /// Whether the reserve of such a partition fits beside those of all others but `except`.
  boolean reserveFits(PartitionRequest request, Partition except) {
    long own = (long) request.vpCount() * request.controls().reserve();
    return table.reservedExcept(except) + own <= (long) machine.lpCount() * Controls.ONE_LP;
  }

  /// A success without output.
  static final HypercallResult DONE = new Success(0);

  static HypercallResult success(long value) {
    return new Success(value);
  }

  static HypercallResult refuse(HypercallStatus status) {
    return new Failure(status);
  }
}
