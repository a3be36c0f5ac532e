package dev.stint.model.linux.cpuset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules of cgroup v2 cpusets, said once more and slowly: from the files' contents alone, CPU
/// by CPU, every answer computed anew. The one thing it remembers between writes is which remote
/// partitions hold.
final class NaiveCpusets {
  final Set<Integer> possible = new TreeSet<>();
  final Set<Integer> online = new TreeSet<>();
  final List<Group> groups = new ArrayList<>();
  final Group top = new Group(null);
  private int clock;

  final class Group {
    final Group up;
    Set<Integer> cpus = new TreeSet<>();
    Set<Integer> exclusive = new TreeSet<>();
    int wanted;
    int since;
    boolean holdsRemote;
    int tasks;
    boolean gone;

    boolean inForce;
    Set<Integer> own = new TreeSet<>();
    Set<Integer> granted = new TreeSet<>();

    Group(Group up) {
      this.up = up;
      groups.add(this);
    }

    boolean under(Group other) {
      return this == other || (up != null && up.under(other));
    }

    Set<Integer> claim() {
      return exclusive.isEmpty() ? cpus : exclusive;
    }

    boolean claims(int cpu) {
      return claim().contains(cpu);
    }
  }

  NaiveCpusets(int cpuCount) {
    for (int cpu = 0; cpu < cpuCount; cpu++) {
      possible.add(cpu);
      online.add(cpu);
    }
    top.wanted = 1;
    look();
  }

  private List<Group> below(Group group) {
    return groups.stream().filter(g -> !g.gone && g.up == group).toList();
  }

  private boolean anyTask(Group group) {
    return groups.stream().anyMatch(g -> !g.gone && g.tasks > 0 && g.under(group));
  }

  private boolean clash(Group group, Set<Integer> claim) {
    return below(group.up).stream()
        .anyMatch(other -> other != group && claim.stream().anyMatch(other::claims));
  }

  Group make(Group up) {
    Group group = new Group(up);
    place();
    return group;
  }

  Errno remove(Group group) {
    if (group == top || group.tasks > 0 || !below(group).isEmpty()) {
      return Errno.EBUSY;
    }
    group.gone = true;
    group.holdsRemote = false;
    look();
    return null;
  }

  Errno cpus(Group group, Set<Integer> list) {
    if (group == top) {
      return Errno.EACCES;
    }
    if (!possible.containsAll(list)) {
      return Errno.EINVAL;
    }
    if (list.isEmpty() && !group.cpus.isEmpty() && anyTask(group)) {
      return Errno.ENOSPC;
    }
    group.cpus = list;
    look();
    return null;
  }

  Errno exclusive(Group group, Set<Integer> list) {
    if (group == top) {
      return Errno.EACCES;
    }
    if (!possible.containsAll(list)) {
      return Errno.EINVAL;
    }
    for (Group other : below(group.up)) {
      if (other == group) {
        continue;
      }
      boolean both = !list.isEmpty() && !other.exclusive.isEmpty();
      if (group.inForce || other.inForce || both) {
        Set<Integer> claim = list.isEmpty() ? group.cpus : list;
        if (claim.stream().anyMatch(other::claims)) {
          return Errno.EINVAL;
        }
      } else if (swallows(list, other.cpus) || swallows(other.exclusive, group.cpus)) {
        return Errno.EINVAL;
      }
    }
    group.exclusive = list;
    look();
    return null;
  }

  private static boolean swallows(Set<Integer> exclusive, Set<Integer> cpus) {
    return !exclusive.isEmpty() && !cpus.isEmpty() && exclusive.containsAll(cpus);
  }

  Errno partition(Group group, int wanted) {
    if (group == top) {
      return Errno.EACCES;
    }
    if (wanted != 0 && !group.inForce) {
      group.since = ++clock;
    }
    group.wanted = wanted;
    group.holdsRemote &= wanted != 0;
    look();
    if (wanted != 0 && !group.inForce && group.up != top) {
      boolean inside =
          groups.stream().anyMatch(g -> g != top && g != group && g.inForce && group.under(g));
      if (!inside) {
        group.holdsRemote = true;
        look();
      }
    }
    return null;
  }

  Errno attach(Group group) {
    if (group.own.isEmpty()) {
      return Errno.ENOSPC;
    }
    group.tasks++;
    return null;
  }

  Errno power(int cpu, boolean on) {
    if (!on && online.equals(Set.of(cpu))) {
      return Errno.EBUSY;
    }
    if (on) {
      online.add(cpu);
    } else {
      online.remove(cpu);
    }
    look();
    return null;
  }

  /// Who holds what, from the beginning.
  private void look() {
    groups.forEach(g -> g.inForce = g == top);
    top.granted = new TreeSet<>(possible);
    TreeMap<Integer, Group> remotes = new TreeMap<>();
    groups.stream().filter(g -> !g.gone && g.holdsRemote).forEach(g -> remotes.put(g.since, g));
    Set<Integer> spare = new TreeSet<>(online);
    Set<Integer> given = new TreeSet<>();
    for (Group group : remotes.values()) {
      Set<Integer> share = new TreeSet<>(group.claim());
      for (Group up = group.up; up != top; up = up.up) {
        share.retainAll(up.exclusive);
      }
      boolean fine = standsAlone(group, share) && share.stream().noneMatch(given::contains);
      fine &= spare.stream().anyMatch(cpu -> !share.contains(cpu));
      group.holdsRemote = fine;
      if (fine) {
        group.inForce = true;
        group.granted = share;
        given.addAll(share);
        spare.removeAll(share);
      }
    }
    decideBelow(top);
    place();
  }

  private boolean standsAlone(Group group, Set<Integer> share) {
    boolean lit = share.stream().anyMatch(online::contains);
    return !share.isEmpty() && !clash(group, group.claim()) && (lit || !anyTask(group));
  }

  private void decideBelow(Group holder) {
    TreeMap<Integer, Group> able = new TreeMap<>();
    for (Group group : below(holder)) {
      Set<Integer> share = new TreeSet<>(group.claim());
      share.retainAll(holder.granted);
      boolean remoteInside =
          groups.stream().anyMatch(g -> g != group && g.holdsRemote && g.under(group));
      if (group.wanted != 0 && standsAlone(group, share) && !remoteInside) {
        group.granted = share;
        able.put(group.since, group);
      }
    }
    boolean needs = holder == top || holder.tasks > 0;
    for (Group group : below(holder)) {
      needs |= !able.containsValue(group) && anyTask(group);
    }
    Set<Integer> spare = new TreeSet<>(online);
    spare.retainAll(holder.granted);
    groups.stream()
        .filter(g -> g.holdsRemote && holder == top)
        .forEach(g -> spare.removeAll(g.granted));
    for (Group group : able.values()) {
      Set<Integer> after = new TreeSet<>(spare);
      after.removeAll(group.granted);
      if (after.isEmpty() && needs) {
        continue;
      }
      group.inForce = true;
      spare.clear();
      spare.addAll(after);
    }
    for (Group group : groups) {
      if (!group.gone
          && group.inForce
          && group != top
          && group != holder
          && (group.up == holder || (holder == top && group.holdsRemote))) {
        decideBelow(group);
      }
    }
  }

  /// Where a CPU's time may go: every group's own CPUs.
  private void place() {
    for (Group group : groups) {
      if (group.gone) {
        continue;
      }
      if (!group.inForce) {
        group.granted = new TreeSet<>(group.exclusive);
        group.granted.retainAll(group.up.granted);
      }
      Set<Integer> own = new TreeSet<>();
      for (int cpu : online) {
        if (group.inForce
            ? keeps(group, cpu)
            : group.up.own.contains(cpu) && group.cpus.contains(cpu)) {
          own.add(cpu);
        }
      }
      group.own = own.isEmpty() && !group.inForce ? group.up.own : own;
    }
  }

  private boolean keeps(Group holder, int cpu) {
    return holder.granted.contains(cpu)
        && groups.stream()
            .noneMatch(g ->
                !g.gone && g != holder && g.inForce && g.under(holder) && g.granted.contains(cpu));
  }
}
