package dev.stint.model.stack;

import dev.stint.model.counters.CounterRules;
import dev.stint.model.counters.HypervisorCounters;
import dev.stint.model.counters.LpCounters;
import dev.stint.model.counters.VpCounters;
import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Costs;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.LiveState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;

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
  /// The hypervisor's counters, to be fed with the trace.
  HypervisorCounters counters(Machine machine, Costs costs) {
    HypervisorCounters counters =
        new HypervisorCounters(entities, machine, CounterRules.DEFAULT, !costs.free());
    threadOfVp.forEach(counters::carrier);
    return counters;
  }

  /// Tells the hypervisor's counters.
  void read(HypervisorCounters counters, CounterReader reader) {
    boolean root = hypervisor.partitions().stream().anyMatch(p -> p.kind() == Partition.Kind.ROOT);
    List<LpCounters> lps = new ArrayList<>();
    for (int lp = 0; lp < hypervisor.lpCount(); lp++) {
      lps.add(counters.lp(lp, root ? OptionalInt.of(lp) : OptionalInt.empty()));
    }
    List<VpCounters> vps = new ArrayList<>();
    for (Partition partition : hypervisor.partitions()) {
      partition.vps().forEach(vp -> vps.add(counters.vp(vp.id())));
    }
    reader.counters(lps, vps);
  }

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

  /// Tells the trace what the running tasks have lost up to now.
  void settleCosts() {
    kernels().forEach(kernel -> kernel.settleCosts(simulation.nowNs()));
  }

  /// Tells what processes inside the guests can read now.
  void read(GuestReader reader, Optional<HypervisorCounters> counters) {
    Optional<MshvFiles> mshv = counters.map(known -> new MshvFiles(hypervisor, known));
    Set<LinuxKernel> told = new LinkedHashSet<>();
    for (Guest guest : guests) {
      if (told.add(guest.kernel)) {
        SortedMap<String, String> files = guest.kernel.files();
        mshv.ifPresent(driver -> files.putAll(driver.of(guest.partition)));
        reader.guest(guest.kernel.path(), files);
      }
    }
  }

  /// What a debugger could read while the run goes on.
  LiveState state() {
    return new StackState(kernels());
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
