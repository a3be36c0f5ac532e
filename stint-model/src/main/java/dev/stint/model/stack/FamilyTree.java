package dev.stint.model.stack;

import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskWeight;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.predict.Demand;
import dev.stint.model.stats.ReadyFamily;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A family as a tree of demands: one Linux, its cgroups, its tasks, and the VPs of the VMs whose
/// vCPU threads its cgroups hold.
final class FamilyTree {
  /// Says what the members ask for, once that is known.
  interface Asked {
    /// A task, given as a leaf that asks whenever it is ready.
    Demand task(Demand leaf, TaskSpec spec, int id);

    /// A VP of a VM, given as a leaf that asks whenever it is ready.
    Demand vp(Demand leaf, Guest vm, int id);

    /// A cgroup, given without its limit.
    Demand group(Demand group, Quota quota);
  }

  /// Everybody asks whenever it is ready; nothing is limited.
  private static final Asked ANYTHING =
      new Asked() {
        @Override
        public Demand task(Demand leaf, TaskSpec spec, int id) {
          return leaf;
        }

        @Override
        public Demand vp(Demand leaf, Guest vm, int id) {
          return leaf;
        }

        @Override
        public Demand group(Demand group, Quota quota) {
          return group;
        }
      };

  final Guest guest;
  final List<Guest> children;
  private final Stack stack;
  private final GroupCpus granted;

  FamilyTree(Stack stack, Guest guest) {
    this.stack = stack;
    this.guest = guest;
    children = stack.guests().stream().filter(g -> guest.spec.children().contains(g.spec)).toList();
    granted = guest.spec.groupCpus();
  }

  /// The tree; a root without children when nobody asks for anything.
  Demand demand(Asked asked) {
    return members(asked, "", guest.partition.path() + "/", 1, guest.spec.groups());
  }

  /// Whose readiness to follow; its leaves are in the tree's order.
  ReadyFamily ready(boolean supplied) {
    Demand root = demand(ANYTHING);
    List<Integer> leaves = new ArrayList<>();
    Map<String, List<Integer>> below = new LinkedHashMap<>();
    index(root, new ArrayDeque<>(), leaves, below);
    List<ReadyFamily.GroupQuota> quotas = new ArrayList<>();
    guest.groups.forEach((path, group) -> {
      String entity = stack.entities().path(group.id());
      Optional<Quota> quota = group.bandwidth().quota();
      if (quota.isPresent() && below.containsKey(entity)) {
        quotas.add(
            new ReadyFamily.GroupQuota(
                entity,
                below.getOrDefault(entity, List.of()),
                granted.span(path).count(),
                quota.get().quotaNs(),
                quota.get().periodNs(),
                quota.get().burstNs(),
                Math.min(
                    quota.get().quotaNs(),
                    granted.span(path).count() * guest.spec.linux().tickNs()),
                group.bandwidth().phaseNs()));
      }
    });
    List<Integer> cpus =
        supplied
            ? guest.partition.vps().subList(0, guest.spec.vps()).stream()
                .map(VirtualProcessor::id)
                .toList()
            : List.of();
    return new ReadyFamily(leaves, cpus, quotas);
  }

  private void index(
      Demand node, Deque<String> above, List<Integer> leaves, Map<String, List<Integer>> below) {
    if (node.children().isEmpty()) {
      int id = stack.entities().find(node.path());
      if (id >= 0) {
        above.forEach(
            group -> below.computeIfAbsent(group, _ -> new ArrayList<>()).add(leaves.size()));
        leaves.add(id);
      }
      return;
    }
    above.push(node.path());
    node.children().forEach(child -> index(child, above, leaves, below));
    above.pop();
  }

  private Demand members(
      Asked asked, String groupPath, String path, long weight, List<GroupSpec> groups) {
    List<Demand> members = new ArrayList<>();
    String prefix = groupPath.isEmpty() ? "" : groupPath + "/";
    for (GroupSpec spec : groups) {
      String below = prefix + spec.name();
      TaskGroup group = guest.group(below);
      Demand demand =
          members(
              asked,
              below,
              stack.entities().path(group.id()),
              Math.max(2, spec.weight().shares()),
              spec.groups());
      if (!demand.children().isEmpty()) {
        Demand limited = spec.quota().map(quota -> asked.group(demand, quota)).orElse(demand);
        members.add(limited.withCpus(granted.span(below)));
      }
    }
    CpuSet cpus = granted.tasks(groupPath);
    Sessions sessions = new Sessions(members, guest.autogroups() && groupPath.isEmpty());
    for (TaskSpec spec : guest.spec.tasks()) {
      if (spec.group().equals(groupPath)) {
        int id = guest.task(spec.name()).id();
        Demand leaf =
            Demand.hog(stack.entities().path(id), spec.attributes().userWeight())
                .withCpus(within(cpus, spec.affinity()));
        sessions.add(spec.ownSession(), asked.task(leaf, spec, id));
      }
    }
    for (Guest child : children) {
      if (child.spec.group().equals(groupPath)) {
        vps(asked, child, cpus)
            .forEach(thread -> sessions.add(StackBuilder.vmmSession(child), thread));
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

  /// A child VM in its group: its vCPU threads.
  private List<Demand> vps(Asked asked, Guest child, CpuSet cpus) {
    List<Demand> threads = new ArrayList<>();
    for (VirtualProcessor vp : child.partition.vps()) {
      Demand leaf = Demand.hog(stack.entities().path(vp.id()), TaskWeight.ofNice(0));
      List<CpuSet> affinity = child.spec.affinity();
      Optional<CpuSet> own =
          affinity.isEmpty() ? Optional.empty() : Optional.of(affinity.get(vp.index()));
      threads.add(asked.vp(leaf.withCpus(within(cpus, own)), child, vp.id()));
    }
    return threads;
  }

  /// The CPUs of a task: its group's that are in its affinity, or all of its group's.
  private static CpuSet within(CpuSet cpus, Optional<CpuSet> affinity) {
    CpuSet both = affinity.map(cpus::and).orElse(cpus);
    return both.isEmpty() ? cpus : both;
  }
}
