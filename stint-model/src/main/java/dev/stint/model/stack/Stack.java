package dev.stint.model.stack;

import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The layers of one run, assembled and ready to start.
///
/// @param guests all partitions, parents before children
/// @param threadOfVp the vCPU thread that stands for a VP, by entity id
/// @param notes what the assembly wants said
record Stack(
    Simulation simulation,
    Entities entities,
    TraceRelay trace,
    Hypervisor hypervisor,
    List<Guest> guests,
    Map<Integer, Integer> threadOfVp,
    List<String> notes) {
  private Set<LinuxKernel> kernels() {
    Set<LinuxKernel> kernels = new LinkedHashSet<>();
    for (Guest guest : guests) {
      kernels.add(guest.kernel);
    }
    return kernels;
  }

  /// Has every Linux keep also what only observers read.
  void observe() {
    kernels().forEach(LinuxKernel::observe);
  }

  /// Tells what processes inside the guests can read now.
  void read(GuestReader reader) {
    for (LinuxKernel kernel : kernels()) {
      reader.guest(kernel.path(), kernel.files());
    }
  }

  /// Checks the invariants of every layer.
  void audit() {
    hypervisor.checkInvariants(simulation.nowNs());
    for (Guest guest : guests) {
      LinuxKernel kernel = guest.kernel;
      kernel.audit();
    }
  }
}
