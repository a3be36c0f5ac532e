package dev.stint.model.linux;

import dev.stint.model.machine.Machine;

/// What a kernel's CPUs share, as it sees it: for every CPU, the number of its core, of its
/// last-level cache and of its NUMA node. CPUs of equal numbers share the thing.
///
/// @param coreOf the core of each CPU: CPUs of one core are SMT siblings
/// @param cacheOf the last-level cache of each CPU
/// @param nodeOf the NUMA node of each CPU
public record CpuTopology(int[] coreOf, int[] cacheOf, int[] nodeOf) {
  /// CPUs without SMT under these last-level caches, all in one node.
  public static CpuTopology ofCaches(int[] cacheOf) {
    return new CpuTopology(cores(cacheOf.length, 1), cacheOf, new int[cacheOf.length]);
  }

  /// CPUs in cores of `threadsPerCore`, all under one cache: what a VM is shown by default.
  public static CpuTopology flat(int cpus, int threadsPerCore) {
    return new CpuTopology(cores(cpus, threadsPerCore), new int[cpus], new int[cpus]);
  }

  /// The machine as it is, CPU i on LP i.
  public static CpuTopology of(Machine machine) {
    int count = machine.lpCount();
    int[] cores = new int[count];
    int[] caches = new int[count];
    int[] nodes = new int[count];
    for (int lp = 0; lp < count; lp++) {
      cores[lp] = machine.coreOf(lp);
      caches[lp] = machine.cacheOf(lp);
      nodes[lp] = machine.nodeOf(lp);
    }
    return new CpuTopology(cores, caches, nodes);
  }

  private static int[] cores(int cpus, int threadsPerCore) {
    int[] cores = new int[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      cores[cpu] = cpu / threadsPerCore;
    }
    return cores;
  }
}
