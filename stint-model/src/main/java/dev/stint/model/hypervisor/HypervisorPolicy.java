package dev.stint.model.hypervisor;

import dev.stint.model.machine.Machine;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The schedulers that a hypervisor can have. A new one is a file that implements the scheduler, a
/// value here, and the assembly that names the value; nothing else asks which one is in force.
public enum HypervisorPolicy {
  /// Microsoft's classic scheduler: each LP for itself, without SMT one LP of each core.
  CLASSIC(
      machine -> machine.threadsPerCore() > 1 ? SchedulerType.LP_SMT : SchedulerType.LP,
      FairShareScheduler::new,
      HypervisorConfig::assumed,
      EnumSet.of(Trait.MICROSOFT, Trait.CONTROLS)),
  /// Microsoft's core scheduler: whole cores.
  CORE(
      _ -> SchedulerType.CORE_SMT,
      FairShareScheduler::new,
      HypervisorConfig::assumed,
      EnumSet.of(Trait.MICROSOFT, Trait.CONTROLS, Trait.WHOLE_CORES)),
  /// Microsoft's root scheduler: each LP is a VP of the root partition, its Linux does the rest.
  ROOT(
      _ -> SchedulerType.ROOT,
      (simulation, _, trace, _, _, _) -> new FixedScheduler(simulation, trace),
      _ -> Map.of(),
      EnumSet.of(Trait.MICROSOFT)),
  /// Xen's credit2: each LP for itself. The hypercall interface has no value for it.
  CREDIT2(
      _ -> SchedulerType.LP_SMT,
      (simulation, entities, trace, machine, _, _) ->
          new Credit2Scheduler(simulation, entities, trace, machine, Credit2Config.DEFAULT),
      _ -> Credit2Config.DEFAULT.assumed(),
      EnumSet.noneOf(Trait.class));

  private enum Trait {
    MICROSOFT,
    CONTROLS,
    WHOLE_CORES
  }

  /// Makes a scheduler once the LPs are registered.
  @FunctionalInterface
  private interface Factory {
    HypervisorScheduler make(
        Simulation simulation,
        Entities entities,
        LpTrace trace,
        Machine machine,
        HypervisorConfig config,
        SchedulerType type);
  }

  private final Function<Machine, SchedulerType> typeOf;
  private final Factory factory;
  private final Function<HypervisorConfig, Map<String, String>> assumed;
  private final Set<Trait> traits;

  HypervisorPolicy(
      Function<Machine, SchedulerType> typeOf,
      Factory factory,
      Function<HypervisorConfig, Map<String, String>> assumed,
      Set<Trait> traits) {
    this.typeOf = typeOf;
    this.factory = factory;
    this.assumed = assumed;
    this.traits = traits;
  }

  /// The policy that shows itself as this type.
  static HypervisorPolicy of(SchedulerType type) {
    return switch (type) {
      case LP, LP_SMT -> CLASSIC;
      case CORE_SMT -> CORE;
      case ROOT -> ROOT;
    };
  }

  /// The type that partitions are told.
  public SchedulerType type(Machine machine) {
    return typeOf.apply(machine);
  }

  /// What is assumed about it, by the name of the parameter.
  public Map<String, String> assumed(HypervisorConfig config) {
    return assumed.apply(config);
  }

  /// Whether it is Microsoft's, with its driver and its counters above.
  public boolean microsoft() {
    return traits.contains(Trait.MICROSOFT);
  }

  /// Whether time slice, caps, reserves and CPU groups mean anything to it.
  public boolean controls() {
    return traits.contains(Trait.CONTROLS);
  }

  /// Whether no core ever runs two partitions.
  public boolean wholeCores() {
    return traits.contains(Trait.WHOLE_CORES);
  }

  HypervisorScheduler make(
      Simulation simulation,
      Entities entities,
      LpTrace trace,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type) {
    return factory.make(simulation, entities, trace, machine, config, type);
  }
}
