package dev.stint.model.linux.cpuset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// [CpusetTree] against [NaiveCpusets]: the same answer to every write, and the same files after
/// it.
class CpusetTreeOracleTest {
  private static final int CPUS = 6;
  private static final int HIERARCHIES = 1_500;
  private static final int OPERATIONS = 80;

  private RandomStream random = new Simulation(1).random().stream("cpusets");
  private CpusetTree tree = new CpusetTree(CpuSet.range(0, CPUS), CpuSet.EMPTY);
  private NaiveCpusets naive = new NaiveCpusets(CPUS);
  private final List<Cpuset> cpusets = new ArrayList<>();
  private final List<NaiveCpusets.Group> groups = new ArrayList<>();
  private int validCount;
  private int remoteCount;
  private int invalidCount;
  private int refusedCount;

  @Test
  void everyAnswer_onRandomOperations_isTheNaiveOne() {
    for (int hierarchy = 0; hierarchy < HIERARCHIES; hierarchy++) {
      random = new Simulation(hierarchy).random().stream("cpusets");
      tree = new CpusetTree(CpuSet.range(0, CPUS), CpuSet.EMPTY);
      naive = new NaiveCpusets(CPUS);
      cpusets.clear();
      groups.clear();
      cpusets.add(tree.root());
      groups.add(naive.top);
      StringBuilder story = new StringBuilder("hierarchy " + hierarchy);
      for (int i = 0; i < OPERATIONS; i++) {
        step(story);
        compare(story);
      }
    }
    assertThat(HIERARCHIES * OPERATIONS).isGreaterThanOrEqualTo(100_000);
    assertThat(validCount).as("valid partitions seen").isGreaterThan(20_000);
    assertThat(remoteCount).as("remote partitions seen").isGreaterThan(2_000);
    assertThat(invalidCount).as("invalid partitions seen").isGreaterThan(50_000);
    assertThat(refusedCount).as("refusals seen").isGreaterThan(5_000);
  }

  private void step(StringBuilder story) {
    int at = (int) random.nextBelow(cpusets.size());
    Cpuset cpuset = cpusets.get(at);
    NaiveCpusets.Group group = groups.get(at);
    int what = (int) random.nextBelow(100);
    CpusetResult result;
    Errno expected;
    story.append('\n').append(cpuset).append(' ');
    if (what < 12 && cpusets.size() < 9) {
      cpusets.add(tree.make("g" + random.nextBelow(1_000), cpuset));
      groups.add(naive.make(group));
      story.append("mkdir ").append(cpusets.getLast());
      return;
    } else if (what < 15) {
      result = tree.remove(cpuset);
      expected = naive.remove(group);
      story.append("rmdir");
      if (result.accepted()) {
        cpusets.remove(at);
        groups.remove(at);
      }
    } else if (what < 40) {
      CpuSet list = someCpus();
      story.append("cpus ").append(list);
      result = tree.writeCpus(cpuset, list);
      expected = naive.cpus(group, set(list));
    } else if (what < 60) {
      CpuSet list = someCpus();
      story.append("exclusive ").append(list);
      result = tree.writeExclusive(cpuset, list);
      expected = naive.exclusive(group, set(list));
    } else if (what < 80) {
      int type = (int) random.nextBelow(3);
      story.append("partition ").append(type);
      result = tree.writePartition(cpuset, PartitionType.values()[type]);
      expected = naive.partition(group, type);
    } else if (what < 86) {
      story.append("attach");
      result = tree.attach(cpuset);
      expected = naive.attach(group);
    } else if (what < 92) {
      story.append("detach");
      if (cpuset.taskCount() > 0) {
        tree.detach(cpuset);
        group.tasks--;
      }
      return;
    } else {
      int cpu = (int) random.nextBelow(CPUS);
      boolean on = random.nextBelow(5) < 3;
      story.append("cpu").append(cpu).append(on ? " on" : " off");
      result = tree.setOnline(cpu, on);
      expected = naive.power(cpu, on);
    }
    refusedCount += result.accepted() ? 0 : 1;
    assertThat(errno(result)).as("%s", story).isEqualTo(expected);
  }

  private static @Nullable Errno errno(CpusetResult result) {
    return switch (result) {
      case CpusetResult.Accepted() -> null;
      case CpusetResult.Refused(Errno errno, String _) -> errno;
    };
  }

  private void compare(StringBuilder story) {
    for (int i = 0; i < cpusets.size(); i++) {
      Cpuset cpuset = cpusets.get(i);
      NaiveCpusets.Group group = groups.get(i);
      check(cpuset.validPartition(), group.inForce, "valid", cpuset, story);
      check(set(cpuset.effective()), group.own, "effective", cpuset, story);
      check(set(cpuset.exclusiveEffective()), group.granted, "exclusive", cpuset, story);
      boolean invalid = group.wanted != 0 && !group.inForce;
      check(cpuset.invalidReason().isPresent(), invalid, "reason", cpuset, story);
      if (i > 0) {
        validCount += cpuset.validPartition() ? 1 : 0;
        remoteCount += cpuset.remotePartition() ? 1 : 0;
        invalidCount += cpuset.invalidReason().isPresent() ? 1 : 0;
      }
    }
  }

  private static void check(
      Object actual, Object expected, String what, Cpuset cpuset, StringBuilder story) {
    if (!actual.equals(expected)) {
      assertThat(actual).as("%s of %s%n%s", what, cpuset, story).isEqualTo(expected);
    }
  }

  private CpuSet someCpus() {
    int from = (int) random.nextBelow(CPUS);
    int length = (int) random.nextBelow(CPUS);
    return CpuSet.range(from, Math.min(CPUS + (length == 5 ? 1 : 0), from + length));
  }

  private static Set<Integer> set(CpuSet cpus) {
    Set<Integer> members = new TreeSet<>();
    for (int cpu : cpus.toArray()) {
      members.add(cpu);
    }
    return members;
  }
}
