package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.PartitionRequest;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The root scheduler, and KVM: one Linux on all LPs runs every guest's VPs as threads.
///
/// A scenario with a root partition is built as it stands. In one written with an L1VH, the L1VH's
/// Linux takes the root partition's place on the L1VH's LPs, and its neighbours become guests
/// beside it; in one with guests only, an empty root partition is added. Families then compete as
/// cgroups whose weight is that of their VPs together, as they would in the hypervisor.
final class RootAssembly {
  /// Whose Linux it is.
  enum Host {
    /// The root partition's.
    ROOT("root", "the root partition"),
    /// A host without a hypervisor below it.
    KVM("host", "the host");

    private final String name;
    private final String noun;

    Host(String name, String noun) {
      this.name = name;
      this.noun = noun;
    }
  }

  private static final int WEIGHT_MAX = 10_000;

  private final Host host;
  private final StackBuilder builder;
  private final Scenario scenario;
  private final Machine machine;
  private final CpuSet allLps;

  RootAssembly(StackBuilder builder, Scenario scenario, Host host) {
    this.host = host;
    this.builder = builder;
    this.scenario = scenario;
    machine = scenario.machine();
    allLps = CpuSet.range(0, machine.lpCount());
  }

  void build() {
    if (!scenario.cpuGroups().isEmpty()) {
      builder.note("cpu-groups: no effect under " + under() + "; they are the hypervisor's");
    }
    List<PartitionSpec> roots = ofKind(PartitionKind.ROOT);
    List<PartitionSpec> l1vhs = ofKind(PartitionKind.L1VH);
    if (!l1vhs.isEmpty() && (!roots.isEmpty() || l1vhs.size() > 1)) {
      throw new CannotAssemble(
          "under "
              + under()
              + " the L1VH's Linux takes "
              + host.noun
              + "'s place, and scenario \""
              + scenario.name()
              + "\" has more than one candidate; use --under core or integrated");
    }
    if (!l1vhs.isEmpty()) {
      buildInPlaceOf(l1vhs.getFirst());
    } else {
      buildWithRoot(roots.isEmpty() ? emptyRoot() : roots.getFirst(), roots.isEmpty());
    }
  }

  private String under() {
    return (host == Host.ROOT ? Assembly.ROOT : Assembly.KVM).text();
  }

  private List<PartitionSpec> ofKind(PartitionKind kind) {
    return scenario.partitions().stream().filter(spec -> spec.kind() == kind).toList();
  }

  private PartitionSpec emptyRoot() {
    builder.note(
        switch (host) {
          case ROOT ->
              "root: an empty root partition was added; each guest has a cgroup of its own";
          case KVM -> "host: an empty host was added; each guest has a cgroup of its own";
        });
    return new PartitionSpec(
        host.name,
        PartitionKind.ROOT,
        machine.lpCount(),
        machine.threadsPerCore(),
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LinuxConfig.DEFAULT,
        List.of(),
        List.of(),
        List.of());
  }

  private void buildWithRoot(PartitionSpec spec, boolean added) {
    Partition partition = builder.createRoot(rootRequest(spec));
    LinuxKernel kernel = builder.boot(spec, partition);
    Guest root =
        builder.populate(
            new Guest(
                spec,
                partition,
                kernel,
                kernel.rootGroup(),
                StackBuilder.identity(machine.lpCount())));
    for (PartitionSpec guest : scenario.partitions()) {
      if (guest != spec) {
        TaskGroup holder =
            added ? familyGroup(root, guest, guest.name()) : root.group(guest.group());
        builder.addChild(guest, root, holder);
      }
    }
  }

  private void buildInPlaceOf(PartitionSpec l1vh) {
    CpuSet lps = l1vh.lps().orElse(allLps);
    if (l1vh.vps() > lps.count()) {
      throw new CannotAssemble(
          "under "
              + under()
              + " a partition has one VP per LP, and \""
              + l1vh.name()
              + "\" has "
              + l1vh.vps()
              + " VPs on "
              + lps.count()
              + " LPs; give it fewer VPs or more LPs");
    }
    int[] cpuOf = new int[l1vh.vps()];
    int lp = -1;
    for (int vp = 0; vp < cpuOf.length; vp++) {
      lp = lps.next(lp + 1);
      cpuOf[vp] = lp;
    }
    Partition partition = builder.createRoot(rootRequest(l1vh));
    LinuxKernel kernel = builder.boot(l1vh, partition);
    boolean alone = scenario.partitions().size() == 1 && cpuOf.length == machine.lpCount();
    TaskGroup top = kernel.rootGroup();
    if (!alone) {
      top =
          kernel.createGroup(
              "machine:" + l1vh.name(),
              kernel.rootGroup(),
              weightOf(l1vh),
              Optional.empty(),
              Optional.of(CpuSet.of(cpuOf)));
    }
    Guest root = builder.populate(new Guest(l1vh, partition, kernel, top, cpuOf));
    builder.note(l1vh.name() + ": its Linux stands in for " + host.noun + "'s");
    for (PartitionSpec child : l1vh.children()) {
      builder.addChild(child, root, root.group(child.group()));
    }
    for (PartitionSpec neighbour : scenario.partitions()) {
      if (neighbour != l1vh) {
        builder.addChild(
            neighbour, root, familyGroup(root, neighbour, "machine:" + neighbour.name()));
      }
    }
  }

  private PartitionRequest rootRequest(PartitionSpec spec) {
    return new PartitionRequest(
        spec.name(),
        Partition.Kind.ROOT,
        machine.lpCount(),
        machine.threadsPerCore(),
        Controls.DEFAULT,
        Optional.empty(),
        0,
        false);
  }

  /// The root Linux's cgroup for a neighbour: its weight is that of its VPs, its CPUs are its LPs.
  private TaskGroup familyGroup(Guest root, PartitionSpec neighbour, String name) {
    return root.kernel.createGroup(
        name, root.kernel.rootGroup(), weightOf(neighbour), Optional.empty(), neighbour.lps());
  }

  /// A partition's weight over all its VPs, scaled down where a cgroup's range (1 to 10,000) would
  /// be left.
  private int weightOf(PartitionSpec spec) {
    List<Long> totals = new ArrayList<>();
    for (PartitionSpec partition : scenario.partitions()) {
      totals.add((long) partition.controls().weight() * partition.vps());
    }
    long most = totals.stream().mapToLong(Long::longValue).max().orElse(WEIGHT_MAX);
    long own = (long) spec.controls().weight() * spec.vps();
    return (int) Math.max(1, most <= WEIGHT_MAX ? own : own * WEIGHT_MAX / most);
  }
}
