package dev.stint.model.stack;

import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Costs;
import java.util.List;

/// Everything that a run depends on, but for the assembly: machine, hypervisor, partitions,
/// workloads, seed, duration.
///
/// @param name for results and replay commands
/// @param description a sentence for people
/// @param seed of all random streams
/// @param durationNs simulated time
/// @param machine the LPs
/// @param hypervisor its assumed parameters
/// @param costs what scheduling costs
/// @param kvm the parameters of KVM, for its assembly
/// @param cpuGroups the hypervisor's CPU groups
/// @param partitions top-level partitions: at most one root
/// @param under the assemblies to compare, in order
public record Scenario(
    String name,
    String description,
    long seed,
    long durationNs,
    Machine machine,
    HypervisorConfig hypervisor,
    Costs costs,
    KvmConfig kvm,
    List<CpuGroupSpec> cpuGroups,
    List<PartitionSpec> partitions,
    List<Assembly> under) {
  /// One in which scheduling costs nothing, with KVM's defaults and without CPU groups.
  public Scenario(
      String name,
      String description,
      long seed,
      long durationNs,
      Machine machine,
      HypervisorConfig hypervisor,
      List<PartitionSpec> partitions,
      List<Assembly> under) {
    this(
        name,
        description,
        seed,
        durationNs,
        machine,
        hypervisor,
        Costs.NONE,
        KvmConfig.DEFAULT,
        List.of(),
        partitions,
        under);
  }

  /// Copies the lists.
  public Scenario {
    cpuGroups = List.copyOf(cpuGroups);
    partitions = List.copyOf(partitions);
    under = List.copyOf(under);
  }

  /// The same scenario at these costs.
  public Scenario withCosts(Costs other) {
    return new Scenario(
        name,
        description,
        seed,
        durationNs,
        machine,
        hypervisor,
        other,
        kvm,
        cpuGroups,
        partitions,
        under);
  }

  /// The same with another seed.
  public Scenario withSeed(long other) {
    return new Scenario(
        name,
        description,
        other,
        durationNs,
        machine,
        hypervisor,
        costs,
        kvm,
        cpuGroups,
        partitions,
        under);
  }

  /// The same for another simulated time.
  public Scenario withDuration(long otherNs) {
    return new Scenario(
        name,
        description,
        seed,
        otherNs,
        machine,
        hypervisor,
        costs,
        kvm,
        cpuGroups,
        partitions,
        under);
  }

  /// Whether settings are changed during the run, so that none holds for all of it.
  public boolean changesSettings() {
    return partitions.stream().anyMatch(PartitionSpec::changesAnything);
  }

  /// The same under a hypervisor with other parameters.
  public Scenario withHypervisor(HypervisorConfig other) {
    return new Scenario(
        name,
        description,
        seed,
        durationNs,
        machine,
        other,
        costs,
        kvm,
        cpuGroups,
        partitions,
        under);
  }
}
