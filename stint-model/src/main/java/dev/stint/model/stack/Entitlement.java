package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskWeight;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.predict.Demand;
import dev.stint.model.predict.EntitledShare;
import dev.stint.model.stats.LatencyHistogram;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each cgroup, VM and task of a run was entitled to: the weighted max-min fair part of the
/// time its family received, given weights, quotas, cpusets and actual demand. For an L1VH the
/// family is the L1VH and its children, whoever scheduled them. Partitions outside are entitled to
/// their fair part of the machine by the hypervisor's weights and caps.
final class Entitlement {
  private final Scenario scenario;
  private final Assembly assembly;
  private final Stack stack;
  private final Ledger ledger;
  private final long durationNs;
  private final Map<String, Double> shares = new LinkedHashMap<>();

  Entitlement(Scenario scenario, Assembly assembly, Stack stack, Ledger ledger) {
    this.scenario = scenario;
    this.assembly = assembly;
    this.stack = stack;
    this.ledger = ledger;
    durationNs = scenario.durationNs();
  }

  /// Entitled share by entity path: 1.0 is one whole processor. Nothing where settings change
  /// during the run: it is unknown then.
  Map<String, Double> shares() {
    if (scenario.changesSettings()) {
      return shares;
    }
    for (Guest guest : stack.guests()) {
      boolean topLevel = scenario.partitions().contains(guest.spec);
      if (topLevel) {
        solveFamily(guest);
      }
    }
    solvePartitions();
    return shares;
  }

  // --- Families: one Linux, its tasks, and the VMs whose vCPU threads its cgroups hold ---

  private void solveFamily(Guest guest) {
    int cpus = guest.spec.vps();
    List<Guest> children = children(guest);
    GroupCpus granted = guest.spec.groupCpus();
    Demand root =
        members(guest, children, granted, "", guest.partition.path() + "/", 1, guest.spec.groups());
    if (root.children().isEmpty()) {
      return;
    }
    Map<String, Long> entitled =
        assembly == Assembly.INTEGRATED && guest.spec.kind() == PartitionKind.L1VH
            ? EntitledShare.solve(root, suppliedNs(guest), durationNs)
            : EntitledShare.solveWithTotal(root, cpus, durationNs, receivedNs(guest, children));
    entitled.forEach((path, ns) -> {
      if (stack.entities().find(path) >= 0) {
        shares.put(path, (double) ns / durationNs);
      }
    });
    for (Guest child : children) {
      double total = 0;
      for (VirtualProcessor vp : child.partition.vps()) {
        total += shares.getOrDefault(stack.entities().path(vp.id()), 0.0);
      }
      shares.put(child.partition.path(), total);
    }
  }

  private List<Guest> children(Guest guest) {
    return stack.guests().stream().filter(g -> guest.spec.children().contains(g.spec)).toList();
  }

  /// What each VP of an L1VH could have given to its Linux: all but its waits for an LP.
  private long[] suppliedNs(Guest guest) {
    long[] supplied = new long[guest.spec.vps()];
    for (int cpu = 0; cpu < supplied.length; cpu++) {
      int vp = guest.partition.vp(cpu).id();
      supplied[cpu] = durationNs - ledger.waitNs(vp, WaitReason.HYPERVISOR_WAIT);
    }
    return supplied;
  }

  private long receivedNs(Guest guest, List<Guest> children) {
    long received = 0;
    for (var task : guest.tasks.values()) {
      received += ledger.heldNs(task.id());
    }
    for (Guest child : children) {
      received += runNs(child);
    }
    return received;
  }

  private long runNs(Guest guest) {
    long run = 0;
    for (VirtualProcessor vp : guest.partition.vps()) {
      run += ledger.heldNs(vp.id());
    }
    return run;
  }

  private Demand members(
      Guest guest,
      List<Guest> children,
      GroupCpus granted,
      String groupPath,
      String path,
      long weight,
      List<GroupSpec> groups) {
    List<Demand> members = new ArrayList<>();
    String prefix = groupPath.isEmpty() ? "" : groupPath + "/";
    for (GroupSpec spec : groups) {
      String below = prefix + spec.name();
      TaskGroup group = guest.group(below);
      Demand demand =
          members(
              guest,
              children,
              granted,
              below,
              stack.entities().path(group.id()),
              Math.max(2, spec.weight().shares()),
              spec.groups());
      if (!demand.children().isEmpty()) {
        members.add(withLimit(demand, spec.quota()).withCpus(granted.span(below)));
      }
    }
    CpuSet cpus = granted.tasks(groupPath);
    Sessions sessions = new Sessions(members, guest.autogroups() && groupPath.isEmpty());
    for (TaskSpec spec : guest.spec.tasks()) {
      if (spec.group().equals(groupPath)) {
        int id = guest.task(spec.name()).id();
        Demand leaf =
            Demand.leaf(
                stack.entities().path(id), spec.attributes().userWeight(), demandNs(spec, id));
        sessions.add(spec.ownSession(), leaf.withCpus(within(cpus, spec.affinity())));
      }
    }
    for (Guest child : children) {
      if (child.spec.group().equals(groupPath)) {
        vps(child, cpus).forEach(thread -> sessions.add(StackBuilder.vmmSession(child), thread));
      }
    }
    sessions.close(path);
    return Demand.group(path, weight, members);
  }

  /// The members of a cgroup that are tasks: each for itself, or, with autogroups, those of a
  /// session together.
  private static final class Sessions {
    private final List<Demand> members;
    private final boolean grouped;
    private final Map<String, List<Demand>> bySession = new LinkedHashMap<>();

    Sessions(List<Demand> members, boolean grouped) {
      this.members = members;
      this.grouped = grouped;
    }

    void add(String session, Demand task) {
      if (grouped) {
        bySession.computeIfAbsent(session, _ -> new ArrayList<>()).add(task);
      } else {
        members.add(task);
      }
    }

    void close(String path) {
      long shares = GroupWeight.DEFAULT.shares();
      bySession.forEach((session, tasks) ->
          members.add(Demand.group(path + "autogroup:" + session, shares, tasks)));
    }
  }

  /// A child VM in its group: its vCPU threads, which share what its tasks want.
  private List<Demand> vps(Guest child, CpuSet cpus) {
    List<Demand> threads = new ArrayList<>();
    long wanted = wantedNs(child);
    int count = child.spec.vps();
    for (VirtualProcessor vp : child.partition.vps()) {
      Demand leaf =
          Demand.leaf(
              stack.entities().path(vp.id()),
              TaskWeight.ofNice(0),
              Math.min(durationNs, Math.ceilDiv(wanted, count)));
      List<CpuSet> affinity = child.spec.affinity();
      Optional<CpuSet> own =
          affinity.isEmpty() ? Optional.empty() : Optional.of(affinity.get(vp.index()));
      threads.add(leaf.withCpus(within(cpus, own)));
    }
    return threads;
  }

  /// The CPUs of a task: its group's that are in its affinity, or all of its group's.
  private static CpuSet within(CpuSet cpus, Optional<CpuSet> affinity) {
    CpuSet both = affinity.map(cpus::and).orElse(cpus);
    return both.isEmpty() ? cpus : both;
  }

  private Demand withLimit(Demand demand, Optional<Quota> quota) {
    return quota.map(q -> demand.withLimit(quotaNs(q))).orElse(demand);
  }

  private long quotaNs(Quota quota) {
    return (long) ((double) durationNs / quota.periodNs() * quota.quotaNs());
  }

  // --- Demand ---

  /// The processor time that a task would have used, had it never waited; where its own progress
  /// decides that (it waits for others), what it did use.
  private long demandNs(TaskSpec spec, int id) {
    long span = durationNs - spec.startNs();
    long demand =
        switch (spec.workload()) {
          case WorkloadSpec.Busy() -> span;
          case WorkloadSpec.Batch batch -> batch.workNs();
          case WorkloadSpec.Periodic p -> Math.ceilDiv(span, p.periodNs()) * p.runNs();
          case WorkloadSpec.OnOff o -> (long) ((double) span / (o.onNs() + o.offNs()) * o.onNs());
          case WorkloadSpec.Requests _ -> offeredNs(id);
          case WorkloadSpec.PingPong _, WorkloadSpec.Barrier _ -> ledger.heldNs(id);
        };
    return Math.clamp(demand, 0, Math.max(0, span));
  }

  private long offeredNs(int id) {
    LatencyHistogram offered = ledger.metric(id, Metric.OFFERED);
    return offered.sumNs();
  }

  /// What a whole guest wants: its tasks' demand, within its cgroups' quotas and its VPs.
  private long wantedNs(Guest guest) {
    long wanted = groupWantedNs(guest, "", guest.spec.groups());
    for (Guest child : children(guest)) {
      wanted += wantedNs(child);
    }
    return Math.min(wanted, durationNs * guest.spec.vps());
  }

  private long groupWantedNs(Guest guest, String groupPath, List<GroupSpec> groups) {
    long wanted = 0;
    for (TaskSpec spec : guest.spec.tasks()) {
      if (spec.group().equals(groupPath)) {
        wanted += demandNs(spec, guest.task(spec.name()).id());
      }
    }
    String prefix = groupPath.isEmpty() ? "" : groupPath + "/";
    for (GroupSpec spec : groups) {
      long below = groupWantedNs(guest, prefix + spec.name(), spec.groups());
      long limit = spec.quota().map(this::quotaNs).orElse(Long.MAX_VALUE);
      wanted += Math.min(below, limit);
    }
    return wanted;
  }

  // --- Partitions under the hypervisor's own controls ---

  private void solvePartitions() {
    CpuGroupDemands members = new CpuGroupDemands(scenario);
    for (Guest guest : stack.guests()) {
      if (!scenario.partitions().contains(guest.spec)) {
        continue;
      }
      int vps = guest.spec.vps();
      long wantedPerVp = Math.ceilDiv(wantedNs(guest), vps);
      Controls controls = guest.spec.controls();
      long capNs = (long) ((double) durationNs * controls.cap() / Controls.ONE_LP);
      List<Demand> leaves = new ArrayList<>();
      for (VirtualProcessor vp : guest.partition.vps().subList(0, vps)) {
        Demand leaf =
            Demand.leaf(
                stack.entities().path(vp.id()),
                controls.weight(),
                Math.min(Math.min(wantedPerVp, capNs), durationNs));
        leaves.add(members.lps(guest.spec).map(leaf::withCpus).orElse(leaf));
      }
      long weight = (long) controls.weight() * vps;
      members.add(guest.spec, Demand.group(guest.partition.path(), weight, leaves), weight);
    }
    long[] capacity = new long[scenario.machine().lpCount()];
    Arrays.fill(capacity, durationNs);
    Map<String, Long> entitled =
        EntitledShare.solve(Demand.group("machine", 1, members.all()), capacity, durationNs);
    for (Guest guest : stack.guests()) {
      Long ns = entitled.get(guest.partition.path());
      if (ns != null && guest.spec.kind() == PartitionKind.GUEST) {
        shares.put(guest.partition.path(), (double) ns / durationNs);
      }
    }
  }
}
