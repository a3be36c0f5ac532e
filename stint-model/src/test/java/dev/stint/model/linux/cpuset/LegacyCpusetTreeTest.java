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

class LegacyCpusetTreeTest {
  private final LegacyCpusetTree tree = new LegacyCpusetTree(CpuSet.range(0, 8));
  private final Cpuset a = tree.make("a", tree.root());
  private final Cpuset b = tree.make("b", tree.root());
  private final Cpuset inner = tree.make("inner", a);

  private static CpuSet cpus(int first, int last) {
    return CpuSet.range(first, last + 1);
  }

  private static void refused(CpusetResult result, Errno errno) {
    assertThat(errno(result)).isEqualTo(errno);
  }

  private static @Nullable Errno errno(CpusetResult result) {
    return switch (result) {
      case CpusetResult.Accepted() -> null;
      case CpusetResult.Refused(Errno errno, String _) -> errno;
    };
  }

  @Test
  void newGroup_withoutCpus_holdsNoTask() {
    refused(tree.attach(a), Errno.ENOSPC);
    tree.writeCpus(a, cpus(0, 1));
    assertThat(tree.attach(a).accepted()).isTrue();
  }

  @Test
  void writeCpus_beyondTheParent_isEacces() {
    tree.writeCpus(a, cpus(0, 3));
    refused(tree.writeCpus(inner, cpus(3, 4)), Errno.EACCES);
    refused(tree.writeCpus(tree.root(), cpus(0, 3)), Errno.EACCES);
  }

  @Test
  void writeCpus_smallerThanAChild_isEbusy() {
    tree.writeCpus(a, cpus(0, 3));
    tree.writeCpus(inner, cpus(2, 3));
    refused(tree.writeCpus(a, cpus(0, 2)), Errno.EBUSY);
  }

  @Test
  void writeCpus_emptyWithTasks_isEnospc() {
    tree.writeCpus(a, cpus(0, 3));
    tree.attach(a);
    refused(tree.writeCpus(a, CpuSet.EMPTY), Errno.ENOSPC);
  }

  @Test
  void writeCpus_ofAbsentOrOfflineCpu_isEinval() {
    refused(tree.writeCpus(a, cpus(7, 8)), Errno.EINVAL);
    tree.setOnline(7, false);
    refused(tree.writeCpus(a, cpus(7, 7)), Errno.EINVAL);
  }

  @Test
  void exclusive_siblingsThatOverlap_areEinval() {
    tree.writeCpus(a, cpus(0, 3));
    tree.writeCpus(b, cpus(3, 4));
    refused(tree.writeCpuExclusive(a, true), Errno.EINVAL);
    tree.writeCpus(b, cpus(4, 5));
    assertThat(tree.writeCpuExclusive(a, true).accepted()).isTrue();
    refused(tree.writeCpus(b, cpus(3, 4)), Errno.EINVAL);
  }

  @Test
  void exclusive_withoutAnExclusiveParent_isEacces() {
    refused(tree.writeCpuExclusive(inner, true), Errno.EACCES);
    tree.writeCpuExclusive(a, true);
    assertThat(tree.writeCpuExclusive(inner, true).accepted()).isTrue();
    refused(tree.writeCpuExclusive(a, false), Errno.EBUSY);
  }

  @Test
  void offline_ofAGroupsLastCpu_movesItsTasksUpForGood() {
    tree.writeCpus(a, cpus(0, 1));
    tree.writeCpus(inner, cpus(1, 1));
    tree.attach(inner);
    tree.setOnline(1, false);
    assertThat(inner.taskCount()).isZero();
    assertThat(a.taskCount()).isOne();
    tree.setOnline(1, true);
    assertThat(inner.cpus().isEmpty()).isTrue();
    assertThat(a.cpus()).hasToString("0");
    assertThat(tree.root().cpus()).hasToString("0-7");
  }

  @Test
  void everyAnswer_onRandomOperations_keepsTheRules() {
    for (int hierarchy = 0; hierarchy < 500; hierarchy++) {
      new Walk(hierarchy).run(200);
    }
  }

  /// A random hierarchy beside the rules as predicates over sets: an operation is accepted exactly
  /// when all of them hold of what it would leave.
  private static final class Walk {
    private static final int CPUS = 5;
    private final RandomStream random;
    private final LegacyCpusetTree tree = new LegacyCpusetTree(CpuSet.range(0, CPUS));
    private final List<Cpuset> all = new ArrayList<>();

    Walk(int seed) {
      random = new Simulation(seed).random().stream("legacy");
      all.add(tree.root());
    }

    void run(int operations) {
      for (int i = 0; i < operations; i++) {
        Cpuset at = all.get((int) random.nextBelow(all.size()));
        switch ((int) random.nextBelow(6)) {
          case 0 -> {
            if (all.size() < 7) {
              all.add(tree.make("g" + i, at));
            }
          }
          case 1 -> write(at);
          case 2 -> exclusive(at);
          case 3 -> {
            boolean room = !at.cpus().isEmpty();
            assertThat(tree.attach(at).accepted()).isEqualTo(room);
          }
          case 4 -> {
            if (at.taskCount() > 0) {
              tree.detach(at);
            }
          }
          default -> {
            write(at);
          }
        }
        assertThat(broken()).as("after %s operations", i).isFalse();
      }
    }

    private void write(Cpuset at) {
      int from = (int) random.nextBelow(CPUS);
      CpuSet list = CpuSet.range(from, from + (int) random.nextBelow(CPUS + 1 - from));
      CpuSet before = at.cpus();
      at.cpus = list;
      boolean fine = at.parent != null && !broken() && !(emptied(before, list) && at.populated());
      at.cpus = before;
      assertThat(tree.writeCpus(at, list).accepted()).isEqualTo(fine);
      assertThat(at.cpus()).isEqualTo(fine ? list : before);
    }

    private static boolean emptied(CpuSet before, CpuSet after) {
      return after.isEmpty() && !before.isEmpty();
    }

    private void exclusive(Cpuset at) {
      boolean before = at.cpuExclusive;
      boolean wanted = random.nextBelow(2) == 0;
      at.cpuExclusive = wanted;
      boolean fine = !broken();
      at.cpuExclusive = before;
      assertThat(tree.writeCpuExclusive(at, wanted).accepted()).isEqualTo(fine);
    }

    private boolean broken() {
      for (Cpuset one : all) {
        Cpuset parent = one.parent;
        if (parent == null) {
          continue;
        }
        if (!members(parent).containsAll(members(one))
            || (one.cpuExclusive && !parent.cpuExclusive)) {
          return true;
        }
        for (Cpuset other : all) {
          Set<Integer> common = members(one);
          common.retainAll(members(other));
          boolean siblings = other != one && other.parent == parent;
          if (siblings && one.cpuExclusive && !common.isEmpty()) {
            return true;
          }
        }
      }
      return false;
    }

    private static Set<Integer> members(Cpuset cpuset) {
      Set<Integer> members = new TreeSet<>();
      for (int cpu : cpuset.cpus().toArray()) {
        members.add(cpu);
      }
      return members;
    }
  }
}
