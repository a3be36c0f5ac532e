package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.PartitionRequest;
import dev.stint.model.hypervisor.PartitionResult;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.kvm.KvmRun;
import dev.stint.model.linux.CpuTopology;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.SchedulingAttributes;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskParameters;
import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.mshv.DispatchLoop;
import dev.stint.model.mshv.OutsideVmm;
import dev.stint.model.mshv.RunVpSleep;
import dev.stint.model.mshv.SchedulerDiscovery;
import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.CostSource;
import dev.stint.model.sched.Costs;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.workload.Workloads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Joins the layers for one assembly. The three L1VH assemblies differ only in the hypervisor's
/// scheduler and in what the L1VH is told; everything above is built by the same code.
final class StackBuilder {
  private final Scenario scenario;
  private final Assembly assembly;
  private final Simulation simulation;
  private final Entities entities = new Entities();
  private final TraceRelay trace = new TraceRelay();
  private final Hypervisor hypervisor;
  private final List<Guest> guests = new ArrayList<>();
  private final Map<Integer, Integer> threadOfVp = new LinkedHashMap<>();
  private final Map<String, Long> cpuGroups = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  private StackBuilder(Scenario scenario, Assembly assembly) {
    this.scenario = scenario;
    this.assembly = assembly;
    simulation = new Simulation(scenario.seed());
    hypervisor = hypervisor();
  }

  private Hypervisor hypervisor() {
    return new Hypervisor(
        simulation, entities, trace, scenario.machine(), scenario.hypervisor(), assembly.policy());
  }

  /// Builds the stack; [CannotAssemble] when the scenario makes no sense under the assembly.
  static Stack build(Scenario scenario, Assembly assembly) {
    StackBuilder builder = new StackBuilder(scenario, assembly);
    if (scenario.changesSettings()) {
      builder.note("settings change during the run: entitled shares are not known");
    }
    switch (assembly.children()) {
      case HYPERVISOR, L1VH_LINUX -> builder.buildOverHypervisor();
      case ROOT_LINUX -> new RootAssembly(builder, scenario, RootAssembly.Host.ROOT).build();
      case HOST_LINUX -> new RootAssembly(builder, scenario, RootAssembly.Host.KVM).build();
    }
    builder.hypervisor.charge(builder.simulation, scenario.costs());
    return new Stack(
        builder.simulation,
        builder.entities,
        builder.trace,
        builder.hypervisor,
        List.copyOf(builder.guests),
        builder.threadOfVp,
        Collections.unmodifiableList(builder.notes));
  }

  private void noteWithoutControls() {
    if (assembly.policy().controls()) {
      return;
    }
    if (!scenario.cpuGroups().isEmpty()) {
      note("cpu-groups: no effect under " + assembly.text());
    }
    if (scenario.partitions().stream().anyMatch(StackBuilder::limited)) {
      note("cap, reserve: no effect under " + assembly.text());
    }
  }

  private static boolean limited(PartitionSpec spec) {
    return spec.controls().cap() < Controls.ONE_LP
        || spec.controls().reserve() > 0
        || spec.children().stream().anyMatch(StackBuilder::limited);
  }

  void note(String text) {
    notes.add(text);
  }

  /// The hypervisor's CPU groups, by name; none under schedulers that know none.
  private void makeCpuGroups() {
    if (!assembly.policy().controls()) {
      return;
    }
    for (CpuGroupSpec spec : scenario.cpuGroups()) {
      CpuSet lps = spec.lps().orElse(CpuSet.range(0, scenario.machine().lpCount()));
      switch (hypervisor.createCpuGroup(spec.name(), lps, spec.cap())) {
        case HypercallResult.Success(long id) -> cpuGroups.put(spec.name(), id);
        case HypercallResult.Failure(var status) ->
            throw new CannotAssemble(
                "the hypervisor refuses CPU group \"" + spec.name() + "\" (" + status + ")");
      }
    }
  }

  private long cpuGroup(PartitionSpec spec) {
    if (spec.cpuGroup().isEmpty() || !assembly.policy().controls()) {
      return 0;
    }
    Long id = cpuGroups.get(spec.cpuGroup());
    if (id == null) {
      throw new CannotAssemble(spec.name() + " is in no known CPU group: " + spec.cpuGroup());
    }
    return id;
  }

  /// Classic, core, integrated: every top-level partition is the hypervisor's.
  private void buildOverHypervisor() {
    if (assembly == Assembly.INTEGRATED && !hasL1vh()) {
      throw new CannotAssemble(
          "the integrated scheduler is an L1VH's, and scenario \""
              + scenario.name()
              + "\" has none; use --under core, classic or root");
    }
    noteWithoutControls();
    makeCpuGroups();
    @Nullable Guest root = null;
    for (PartitionSpec spec : scenario.partitions()) {
      if (spec.kind() == PartitionKind.ROOT) {
        root = addTopLevel(spec);
      }
    }
    for (PartitionSpec spec : scenario.partitions()) {
      if (spec.kind() == PartitionKind.ROOT) {
        continue;
      }
      Guest guest = addTopLevel(spec);
      if (root != null) {
        addThreads(guest, root, root.group(spec.group()));
      } else {
        guest.partition.vps().forEach(vp -> OutsideVmm.serve(simulation, vp));
      }
      for (PartitionSpec child : spec.children()) {
        addChild(child, guest, guest.group(child.group()));
      }
    }
  }

  private boolean hasL1vh() {
    return scenario.partitions().stream().anyMatch(spec -> spec.kind() == PartitionKind.L1VH);
  }

  private Guest addTopLevel(PartitionSpec spec) {
    Partition partition = created(hypervisor.createPartition(request(spec, spec.name())));
    LinuxKernel kernel = boot(spec, partition);
    Guest guest = new Guest(spec, partition, kernel, kernel.rootGroup(), identity(spec.vps()));
    return populate(guest);
  }

  /// A partition that `parent`'s VMM made; `holder` is the parent's group for its vCPU threads.
  Guest addChild(PartitionSpec spec, Guest parent, TaskGroup holder) {
    String path =
        parent.spec.kind() == PartitionKind.L1VH && parent.spec.children().contains(spec)
            ? parent.spec.name() + "/" + spec.name()
            : spec.name();
    Partition partition =
        created(hypervisor.createPartition(parent.partition, request(spec, path)));
    LinuxKernel kernel = boot(spec, partition);
    Guest guest = new Guest(spec, partition, kernel, kernel.rootGroup(), identity(spec.vps()));
    populate(guest);
    addThreads(guest, parent, holder);
    return guest;
  }

  static int[] identity(int count) {
    int[] cpus = new int[count];
    for (int i = 0; i < count; i++) {
      cpus[i] = i;
    }
    return cpus;
  }

  PartitionRequest request(PartitionSpec spec, String path) {
    boolean l1vh = spec.kind() == PartitionKind.L1VH;
    return new PartitionRequest(
        path,
        switch (spec.kind()) {
          case ROOT -> Partition.Kind.ROOT;
          case L1VH -> Partition.Kind.L1VH;
          case GUEST -> Partition.Kind.GUEST;
        },
        spec.vps(),
        spec.threadsPerCore(),
        spec.controls(),
        hypervisor.schedulerType() == SchedulerType.ROOT ? Optional.empty() : spec.lps(),
        l1vh ? Property.VMM_ENABLE_INTEGRATED_SCHEDULER : 0,
        l1vh && assembly == Assembly.INTEGRATED,
        cpuGroup(spec));
  }

  Partition created(PartitionResult result) {
    return switch (result) {
      case PartitionResult.Created(Partition partition) -> partition;
      case PartitionResult.Refused(var status, String reason) ->
          throw new CannotAssemble(
              "the hypervisor refuses a partition: " + reason + " (" + status + ")");
    };
  }

  Partition createRoot(PartitionRequest request) {
    return created(hypervisor.createPartition(request));
  }

  /// Starts a Linux on all VPs of a partition.
  LinuxKernel boot(PartitionSpec spec, Partition partition) {
    List<Processor> processors = new ArrayList<>();
    for (VirtualProcessor vp : partition.vps()) {
      processors.add(vp.processor());
    }
    CpuTopology topology =
        partition.scheduling() == Partition.Scheduling.FIXED
            ? CpuTopology.of(scenario.machine())
            : CpuTopology.flat(processors.size(), spec.coresHidden() ? 1 : spec.threadsPerCore());
    long tickNs = spec.linux().tickNs();
    long phaseNs =
        spec.kind() == PartitionKind.ROOT
            ? 0
            : simulation.random().stream("tick-phase/" + partition.path()).nextBelow(tickNs);
    LinuxKernel kernel =
        new LinuxKernel(
            simulation,
            entities,
            trace,
            linux(spec, partition),
            new LinuxKernel.Place(partition.id(), partition.path(), processors, topology, phaseNs));
    kernel.charge(assembly == Assembly.KVM ? withoutFlags(scenario.costs()) : scenario.costs());
    return kernel;
  }

  /// The flags that skip flushes are those of DISPATCH_VP.
  private static Costs withoutFlags(Costs costs) {
    return costs
        .with(CostParameter.FLUSH_VP, Cost.ZERO)
        .with(CostParameter.FLUSH_CALLER, Cost.ZERO)
        .with(CostParameter.FLUSH_CALLER_USER, Cost.ZERO);
  }

  /// Every guest of KVM has a steal clock, whatever the scenario says of other hypervisors.
  private LinuxConfig linux(PartitionSpec spec, Partition partition) {
    boolean kvmGuest =
        assembly == Assembly.KVM && partition.scheduling() == Partition.Scheduling.DISPATCHED;
    return kvmGuest ? spec.linux().withStealClock() : spec.linux();
  }

  /// Makes a guest's cgroups and tasks.
  Guest populate(Guest guest) {
    guests.add(guest);
    for (GroupSpec spec : guest.spec.groups()) {
      addGroup(guest, guest.top, "", spec);
    }
    guest.spec.groups().forEach(spec -> divide(guest, "", spec));
    Workloads workloads = new Workloads(simulation, scenario.hypervisor().longSpinNs());
    for (TaskSpec spec : guest.spec.tasks()) {
      String path = guest.partition.path() + "/task:" + spec.name();
      Program program = workloads.program(spec.workload(), path, spec.startNs());
      TaskParameters parameters =
          new TaskParameters(
              path,
              EntityKind.TASK,
              spec.attributes(),
              spec.affinity().map(guest::cpus),
              spec.ownSession());
      TaskControl task =
          guest.kernel.createTask(parameters, guest.group(spec.group()), program, spec.startNs());
      guest.tasks.put(spec.name(), task);
    }
    new TimedChanges(guest, this::note).schedule(simulation);
    return guest;
  }

  private void addGroup(Guest guest, TaskGroup parent, String above, GroupSpec spec) {
    String path = above + spec.name();
    TaskGroup group =
        guest.kernel.createGroup(
            path, parent, spec.weight(), spec.quota(), spec.cpus().map(guest::cpus));
    guest.groups.put(path, group);
    if (!spec.exclusive().isEmpty()) {
      CpuSet exclusive = guest.cpus(spec.exclusive());
      CpusetResult.require(guest.kernel.cpusets().writeExclusive(group, exclusive));
    }
    if (spec.cpuExclusive()
        && guest.kernel.cpusets().writeCpuExclusive(group, true)
            instanceof CpusetResult.Refused refused) {
      note(group + ": cpuset.cpu_exclusive: " + refused);
    }
    for (GroupSpec child : spec.groups()) {
      addGroup(guest, group, path + "/", child);
    }
  }

  /// Makes the partitions of its CPUs; one that is not valid behaves as a member, and is noted.
  private void divide(Guest guest, String above, GroupSpec spec) {
    String path = above + spec.name();
    if (spec.partition() != PartitionType.MEMBER) {
      TaskGroup group = guest.group(path);
      CpusetResult.require(guest.kernel.cpusets().writePartition(group, spec.partition()));
      if (!group.cpuset().validPartition()) {
        note(group + ": cpuset.cpus.partition: " + group.cpuset().partition());
      }
    }
    spec.groups().forEach(child -> divide(guest, path + "/", child));
  }

  /// Makes the vCPU threads of a guest in its parent's Linux: dispatching or sleeping, as the
  /// parent's driver found at its start.
  void addThreads(Guest guest, Guest parent, TaskGroup holder) {
    Function<VirtualProcessor, Program> programOf = programs(parent);
    List<CpuSet> affinity = guest.spec.affinity();
    for (VirtualProcessor vp : guest.partition.vps()) {
      String path = parent.partition.path() + "/thread:" + guest.spec.name() + "/vcpu" + vp.index();
      Optional<CpuSet> cpus =
          affinity.isEmpty() ? Optional.empty() : Optional.of(affinity.get(vp.index()));
      TaskControl thread =
          parent.kernel.createTask(
              new TaskParameters(
                  path,
                  EntityKind.THREAD,
                  SchedulingAttributes.DEFAULT,
                  cpus.map(parent::cpus),
                  vmmSession(guest)),
              holder,
              programOf.apply(vp),
              0);
      threadOfVp.put(vp.id(), thread.id());
    }
  }

  /// What the vCPU threads of a parent's guests do.
  private Function<VirtualProcessor, Program> programs(Guest parent) {
    if (assembly == Assembly.KVM) {
      return vp -> new KvmRun(trace, vp.processor(), scenario.kvm());
    }
    CostSource signal =
        CostSource.of(simulation, scenario.costs(), CostParameter.SIGNAL, parent.partition.path());
    return assembly.mshv() && driverDispatches(parent)
        ? vp -> new DispatchLoop(simulation, trace, vp, signal::nextNs)
        : vp -> new RunVpSleep(simulation, vp, signal::nextNs);
  }

  /// A VMM is a session of its own, which no task's session can be.
  static String vmmSession(Guest guest) {
    return "vm:" + guest.spec.name();
  }

  private boolean driverDispatches(Guest parent) {
    return switch (SchedulerDiscovery.discover(hypervisor, parent.partition)) {
      case SchedulerDiscovery.Result.Found(SchedulerType type, String line) -> {
        String note = parent.partition.path() + ": mshv: " + line;
        if (!notes.contains(note)) {
          notes.add(note);
        }
        yield type == SchedulerType.ROOT;
      }
      case SchedulerDiscovery.Result.Failed(String errno, String message) ->
          throw new CannotAssemble(
              "the mshv driver of "
                  + parent.partition.path()
                  + " fails to load: "
                  + message
                  + " ("
                  + errno
                  + ")");
    };
  }
}
