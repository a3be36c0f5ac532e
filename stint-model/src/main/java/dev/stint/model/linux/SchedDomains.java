package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A kernel's scheduling domains: for every CPU the chain from its core's threads out to all nodes,
/// as far as each level adds CPUs (`build_sched_domains`; facts: linux.md §5.1).
final class SchedDomains {
  /*
   * A level whose span equals that of the level below, or is one CPU, is dropped. Groups are made
   * per span, in circular order from the CPU's own, and shared by the span's CPUs; a group is
   * flagged with the level that remains below it.
   */
  private final LinuxKernel kernel;
  final CpuTopology topology;
  private final int[][] siblings;
  private final boolean smtActive;
  private final @Nullable SchedDomain[] lowest;
  private final @Nullable SharedCache[] caches;

  SchedDomains(LinuxKernel kernel, CpuTopology topology) {
    this.kernel = kernel;
    this.topology = topology;
    int count = topology.cacheOf().length;
    lowest = new SchedDomain[count];
    caches = new SharedCache[count];
    siblings = new int[count][];
    boolean smt = false;
    CpuSet[] cores = sharing(topology.coreOf(), CpuSet.range(0, count));
    for (int cpu = 0; cpu < count; cpu++) {
      siblings[cpu] = cores[cpu].toArray();
      smt |= siblings[cpu].length > 1;
    }
    smtActive = smt;
  }

  /// Builds all domains anew: CPUs balance among those of their own partition only; CPUs of no
  /// partition are not balanced at all (`partition_sched_domains`).
  void rebuild(List<CpuSet> partitions) {
    for (int cpu = 0; cpu < lowest.length; cpu++) {
      lowest[cpu] = null;
      caches[cpu] = null;
    }
    for (CpuSet partition : partitions) {
      build(partition, new RootDomain());
    }
    for (int cpu = 0; cpu < lowest.length; cpu++) {
      kernel.runqueue(cpu).balance.hasDomain = lowest[cpu] != null;
    }
  }

  /// The lowest domain of a CPU, null when it is balanced with no other.
  @Nullable SchedDomain lowest(int cpu) {
    return lowest[cpu];
  }

  /// What the CPU's last-level cache shares; null when it has a single CPU.
  @Nullable SharedCache cache(int cpu) {
    return caches[cpu];
  }

  /// How many CPUs share the CPU's last-level cache, itself included.
  int cacheSize(int cpu) {
    SharedCache cache = caches[cpu];
    return cache == null ? 1 : cache.size;
  }

  boolean shareCache(int cpuA, int cpuB) {
    return cpuA == cpuB || (caches[cpuA] != null && caches[cpuA] == caches[cpuB]);
  }

  /// The CPUs of a CPU's core, itself included, in ascending order.
  int[] siblings(int cpu) {
    return siblings[cpu];
  }

  boolean sameNode(int cpuA, int cpuB) {
    return topology.nodeOf()[cpuA] == topology.nodeOf()[cpuB];
  }

  /// Whether any core has more than one thread.
  boolean smtActive() {
    return smtActive;
  }

  private void build(CpuSet partition, RootDomain root) {
    Spans spans = new Spans(partition);
    Map<String, List<SchedGroup>> groups = new TreeMap<>();
    Map<Integer, SharedCache> cacheByFirst = new TreeMap<>();
    for (int cpu = partition.next(0); cpu >= 0; cpu = partition.next(cpu + 1)) {
      SchedDomain below = null;
      for (SchedLevel level : SchedLevel.values()) {
        CpuSet span = spans.of(level, cpu);
        if (span.count() <= (below == null ? 1 : below.cpuCount)) {
          continue;
        }
        List<SchedGroup> shared =
            groups.computeIfAbsent(level + " " + span.next(0), _ -> groupsOf(level, span, spans));
        SchedDomain domain =
            new SchedDomain(level, span, from(cpu, shared), root, kernel.runqueue(cpu));
        domain.child = below;
        if (below == null) {
          lowest[cpu] = domain;
        } else {
          below.parent = domain;
        }
        below = domain;
      }
      setNumaImbalance(cpu);
      CpuSet cache = spans.of(SchedLevel.MC, cpu);
      if (cache.count() > 1) {
        caches[cpu] = cacheByFirst.computeIfAbsent(cache.next(0), _ -> new SharedCache(cache));
      }
    }
  }

  /// The CPUs of each level around each CPU of a partition.
  private final class Spans {
    private final CpuSet partition;
    private final CpuSet[] cores;
    private final CpuSet[] caches;
    private final CpuSet[] nodes;

    Spans(CpuSet partition) {
      this.partition = partition;
      cores = sharing(topology.coreOf(), partition);
      caches = sharing(topology.cacheOf(), partition);
      nodes = sharing(topology.nodeOf(), partition);
    }

    CpuSet of(SchedLevel level, int cpu) {
      return switch (level) {
        case SMT -> cores[cpu];
        case MC -> caches[cpu];
        case PKG -> nodes[cpu];
        case NUMA -> partition;
      };
    }

    /// The level of the domain that remains below `level` for a CPU.
    @Nullable SchedLevel below(SchedLevel level, int cpu) {
      SchedLevel found = null;
      int size = 1;
      for (SchedLevel lower : SchedLevel.values()) {
        if (lower == level) {
          break;
        }
        int count = of(lower, cpu).count();
        if (count > size) {
          found = lower;
          size = count;
        }
      }
      return found;
    }
  }

  /// For every CPU of a partition, the CPUs there with the same number.
  private static CpuSet[] sharing(int[] number, CpuSet partition) {
    Map<Integer, CpuSet> sets = new TreeMap<>();
    for (int cpu = partition.next(0); cpu >= 0; cpu = partition.next(cpu + 1)) {
      sets.merge(number[cpu], CpuSet.range(cpu, cpu + 1), CpuSet::or);
    }
    CpuSet[] of = new CpuSet[number.length];
    for (int cpu = 0; cpu < of.length; cpu++) {
      of[cpu] =
          partition.contains(cpu) ? sets.getOrDefault(number[cpu], CpuSet.EMPTY) : CpuSet.EMPTY;
    }
    return of;
  }

  /// The groups of a span: the spans of the next lower level that has more than one CPU.
  private List<SchedGroup> groupsOf(SchedLevel level, CpuSet span, Spans spans) {
    List<SchedGroup> groups = new ArrayList<>();
    CpuSet left = span;
    while (!left.isEmpty()) {
      int first = left.next(0);
      SchedLevel below = spans.below(level, first);
      CpuSet members = below == null ? CpuSet.range(first, first + 1) : spans.of(below, first);
      groups.add(new SchedGroup(members, coreCount(members), below));
      left = left.minus(members);
    }
    return groups;
  }

  private int coreCount(CpuSet members) {
    int cores = 0;
    CpuSet left = members;
    while (!left.isEmpty()) {
      cores++;
      left = left.minus(CpuSet.of(siblings[left.next(0)]));
    }
    return cores;
  }

  private static List<SchedGroup> from(int cpu, List<SchedGroup> shared) {
    int at = 0;
    while (!shared.get(at).span.contains(cpu)) {
      at++;
    }
    List<SchedGroup> rotated = new ArrayList<>(shared.subList(at, shared.size()));
    rotated.addAll(shared.subList(0, at));
    return List.copyOf(rotated);
  }

  /// Nodes may differ by as many tasks as the first level above the caches has caches, or by an
  /// eighth of its CPUs when that is one cache; at least by 1.
  private void setNumaImbalance(int cpu) {
    int allowed = 0;
    for (SchedDomain domain = lowest[cpu]; domain != null; domain = domain.parent) {
      SchedDomain below = domain.child;
      if (!domain.level.sharesCache() && below != null && below.level.sharesCache()) {
        int caches = domain.cpuCount / below.cpuCount;
        allowed = Math.max(1, caches == 1 ? domain.cpuCount >> 3 : caches);
      }
      domain.numaImbalanceCount = allowed;
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int cpu = 0; cpu < lowest.length; cpu++) {
      text.append("cpu").append(cpu);
      for (SchedDomain domain = lowest[cpu]; domain != null; domain = domain.parent) {
        text.append(' ').append(domain.level).append(domain.groups);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
