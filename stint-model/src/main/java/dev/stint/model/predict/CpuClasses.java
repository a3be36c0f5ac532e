package dev.stint.model.predict;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The CPUs merged into classes that no cpuset tells apart: a flow need not either.
final class CpuClasses {
  private final int[] cpuCount;
  private final int[][] classesOfSet;
  private final int[] classOfCpu;

  /// Classes of CPUs 0 to `cpus` - 1 under these distinct sets. A CPU in no set has no class.
  CpuClasses(List<CpuSet> sets, int cpus) {
    BitSet[] memberOf = new BitSet[cpus];
    Arrays.setAll(memberOf, cpu -> new BitSet());
    for (int set = 0; set < sets.size(); set++) {
      for (int cpu = sets.get(set).next(0); cpu >= 0; cpu = sets.get(set).next(cpu + 1)) {
        memberOf[cpu].set(set);
      }
    }
    Map<BitSet, Integer> classes = new LinkedHashMap<>();
    classOfCpu = new int[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      classOfCpu[cpu] = memberOf[cpu].isEmpty() ? -1 : index(classes, memberOf[cpu]);
    }
    cpuCount = new int[classes.size()];
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (classOfCpu[cpu] >= 0) {
        cpuCount[classOfCpu[cpu]]++;
      }
    }
    List<List<Integer>> listed = new ArrayList<>();
    sets.forEach(set -> listed.add(new ArrayList<>()));
    classes.forEach((members, id) -> members.stream().forEach(set -> listed.get(set).add(id)));
    classesOfSet = new int[sets.size()][];
    for (int set = 0; set < classesOfSet.length; set++) {
      classesOfSet[set] = listed.get(set).stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private static int index(Map<BitSet, Integer> classes, BitSet members) {
    Integer known = classes.putIfAbsent(members, classes.size());
    return known == null ? classes.size() - 1 : known;
  }

  /// The number of classes.
  int count() {
    return cpuCount.length;
  }

  /// The number of CPUs that any set has.
  int cpuCount() {
    return Arrays.stream(cpuCount).sum();
  }

  /// The number of CPUs in a class.
  int cpuCount(int id) {
    return cpuCount[id];
  }

  /// The classes that make up a set.
  int[] classesOf(int set) {
    return classesOfSet[set];
  }

  /// The sum of what the CPUs of each class supply.
  long[] capacityNs(long[] cpuCapacityNs) {
    long[] capacityNs = new long[count()];
    for (int cpu = 0; cpu < classOfCpu.length; cpu++) {
      if (classOfCpu[cpu] >= 0) {
        capacityNs[classOfCpu[cpu]] += cpuCapacityNs[cpu];
      }
    }
    return capacityNs;
  }
}
