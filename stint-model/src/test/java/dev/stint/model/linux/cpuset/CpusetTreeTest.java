package dev.stint.model.linux.cpuset;

import static dev.stint.model.linux.cpuset.PartitionType.ISOLATED;
import static dev.stint.model.linux.cpuset.PartitionType.MEMBER;
import static dev.stint.model.linux.cpuset.PartitionType.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import org.junit.jupiter.api.Test;

class CpusetTreeTest {
  private final CpusetTree tree = new CpusetTree(CpuSet.range(0, 8), CpuSet.EMPTY);
  private final Cpuset root = tree.root();
  private final Cpuset a = tree.make("a", root);
  private final Cpuset b = tree.make("b", root);
  private final Cpuset inner = tree.make("inner", a);

  private static CpuSet cpus(int first, int last) {
    return CpuSet.range(first, last + 1);
  }

  private static void refused(CpusetResult result, Errno errno) {
    assertThat(result)
        .isInstanceOfSatisfying(
            CpusetResult.Refused.class, refused -> assertThat(refused.errno()).isEqualTo(errno));
  }

  private static void effective(Cpuset cpuset, String list) {
    assertThat(cpuset.effective()).hasToString(list);
  }

  @Test
  void member_withoutCpus_hasItsParents() {
    tree.writeCpus(a, cpus(2, 5));
    effective(inner, "2-5");
  }

  @Test
  void member_withCpusOutsideItsParent_hasTheCommonOnes() {
    tree.writeCpus(a, cpus(2, 5));
    assertThat(tree.writeCpus(inner, cpus(4, 7)).accepted()).isTrue();
    effective(inner, "4-5");
  }

  @Test
  void member_withNoCommonCpu_hasItsParents() {
    tree.writeCpus(inner, cpus(0, 1));
    assertThat(tree.writeCpus(a, cpus(2, 5)).accepted()).isTrue();
    effective(inner, "2-5");
  }

  @Test
  void writeCpus_ofAbsentCpu_isEinval() {
    refused(tree.writeCpus(a, cpus(7, 8)), Errno.EINVAL);
    refused(tree.writeExclusive(a, cpus(7, 8)), Errno.EINVAL);
  }

  @Test
  void writeCpus_ofTheRoot_isEacces() {
    refused(tree.writeCpus(root, cpus(0, 1)), Errno.EACCES);
    refused(tree.writePartition(root, MEMBER), Errno.EACCES);
  }

  @Test
  void writeCpus_emptyWithTasks_isEnospc() {
    tree.writeCpus(a, cpus(2, 3));
    tree.attach(inner);
    refused(tree.writeCpus(a, CpuSet.EMPTY), Errno.ENOSPC);
    effective(a, "2-3");
    assertThat(tree.writeCpus(inner, CpuSet.EMPTY).accepted()).as("it was empty").isTrue();
  }

  @Test
  void remove_withTasksOrGroups_isEbusy() {
    refused(tree.remove(a), Errno.EBUSY);
    tree.attach(inner);
    refused(tree.remove(inner), Errno.EBUSY);
    tree.detach(inner);
    assertThat(tree.remove(inner).accepted()).isTrue();
    assertThat(tree.remove(a).accepted()).isTrue();
  }

  @Test
  void localPartition_takesItsCpusFromParentAndSiblings() {
    tree.writeCpus(a, cpus(2, 3));
    tree.writePartition(a, ROOT);
    assertThat(a.partition()).isEqualTo("root");
    effective(a, "2-3");
    effective(root, "0-1,4-7");
    effective(b, "0-1,4-7");
    assertThat(a.exclusiveEffective()).hasToString("2-3");
  }

  @Test
  void localPartition_givenBack_returnsItsCpus() {
    tree.writeCpus(a, cpus(2, 3));
    tree.writePartition(a, ISOLATED);
    tree.writePartition(a, MEMBER);
    assertThat(a.partition()).isEqualTo("member");
    effective(root, "0-7");
  }

  @Test
  void partition_ofAMembersChild_isInvalidUntilTheParentIsOne() {
    tree.writeCpus(a, cpus(2, 4));
    tree.writeCpus(inner, cpus(2, 3));
    tree.writePartition(inner, ISOLATED);
    assertThat(inner.partition())
        .isEqualTo("isolated invalid (Invalid cpu list in cpuset.cpus.exclusive)");
    tree.writePartition(a, ROOT);
    assertThat(inner.partition()).isEqualTo("isolated");
    effective(a, "4");
    tree.writePartition(a, MEMBER);
    assertThat(inner.partition()).isEqualTo("isolated invalid (Parent is not a partition root)");
    effective(inner, "2-3");
  }

  @Test
  void partition_belowAnInvalidOne_isInvalid() {
    tree.writeCpus(inner, cpus(2, 3));
    tree.writePartition(a, ROOT);
    tree.writePartition(inner, ROOT);
    assertThat(a.partition())
        .isEqualTo("root invalid (cpuset.cpus and cpuset.cpus.exclusive are empty)");
    tree.writeCpus(b, cpus(0, 1));
    assertThat(inner.partition()).isEqualTo("root invalid (Parent is an invalid partition root)");
  }

  @Test
  void cpusWrite_overlappingASiblingPartition_invalidatesBoth() {
    tree.writeCpus(a, cpus(0, 1));
    tree.writePartition(a, ROOT);
    tree.writeCpus(b, cpus(2, 3));
    tree.writePartition(b, ROOT);
    assertThat(tree.writeCpus(a, cpus(0, 2)).accepted()).isTrue();
    String invalid = "root invalid (Cpu list in cpuset.cpus not exclusive)";
    assertThat(a.partition()).isEqualTo(invalid);
    assertThat(b.partition()).isEqualTo(invalid);
    effective(a, "0-2");
    effective(b, "2-3");
    tree.writeCpus(a, cpus(0, 1));
    assertThat(a.partition()).isEqualTo("root");
  }

  @Test
  void partition_thatLeavesTheRootNoCpu_isInvalid() {
    tree.writeCpus(a, cpus(0, 7));
    tree.writePartition(a, ROOT);
    assertThat(a.partition())
        .isEqualTo("root invalid (Parent unable to distribute cpu downstream)");
  }

  @Test
  void partition_withoutTasks_mayGiveAllItsCpusAway() {
    partitionWithChild();
    tree.writeCpus(inner, cpus(2, 3));
    assertThat(inner.partition()).isEqualTo("root");
    effective(a, "");
    refused(tree.attach(a), Errno.ENOSPC);
  }

  @Test
  void partition_withTasks_keepsACpu() {
    partitionWithChild();
    tree.attach(a);
    tree.writeCpus(inner, cpus(2, 3));
    assertThat(inner.partition())
        .isEqualTo("root invalid (Parent unable to distribute cpu downstream)");
    effective(a, "2-3");
    effective(inner, "2-3");
  }

  private void partitionWithChild() {
    tree.writeCpus(a, cpus(2, 3));
    tree.writePartition(a, ROOT);
    tree.writeCpus(inner, cpus(3, 3));
    tree.writePartition(inner, ROOT);
  }

  @Test
  void partition_whoseCpusGoOffline_losesItsTasksToTheParent() {
    partitionWithChild();
    tree.attach(inner);
    tree.setOnline(3, false);
    assertThat(inner.partition()).isEqualTo("root invalid (No cpu available due to hotplug)");
    effective(inner, "2");
    tree.setOnline(3, true);
    assertThat(inner.partition()).isEqualTo("root");
    effective(inner, "3");
  }

  @Test
  void partition_withoutTasks_staysValidWhenItsCpusGoOffline() {
    partitionWithChild();
    tree.setOnline(3, false);
    assertThat(inner.partition()).isEqualTo("root");
    effective(inner, "");
    assertThat(tree.taskCpus(inner)).hasToString("2");
  }

  @Test
  void member_whoseCpusGoOffline_inheritsAndGetsThemBack() {
    tree.writeCpus(a, cpus(6, 6));
    tree.attach(a);
    tree.setOnline(6, false);
    effective(a, "0-5,7");
    tree.setOnline(6, true);
    effective(a, "6");
  }

  @Test
  void setOnline_ofTheLastOrAbsentCpu_isRefused() {
    for (int cpu = 1; cpu < 8; cpu++) {
      assertThat(tree.setOnline(cpu, false).accepted()).isTrue();
    }
    refused(tree.setOnline(0, false), Errno.EBUSY);
    refused(tree.setOnline(8, true), Errno.EINVAL);
  }

  @Test
  void remotePartition_withExclusiveCpusDownToIt_isValid() {
    tree.writeExclusive(a, cpus(2, 3));
    tree.writeExclusive(inner, cpus(3, 3));
    tree.writePartition(inner, ISOLATED);
    assertThat(inner.partition()).isEqualTo("isolated");
    assertThat(inner.remotePartition()).isTrue();
    assertThat(inner.isolated()).isTrue();
    effective(a, "0-2,4-7");
    effective(inner, "3");
    assertThat(a.exclusiveEffective()).hasToString("2-3");
  }

  @Test
  void remotePartition_lost_comesBackOnlyWhenAskedForAgain() {
    tree.writeExclusive(a, cpus(3, 3));
    tree.writeExclusive(inner, cpus(3, 3));
    tree.attach(inner);
    tree.writePartition(inner, ROOT);
    tree.setOnline(3, false);
    assertThat(inner.partition()).isEqualTo("root invalid (No cpu available due to hotplug)");
    tree.setOnline(3, true);
    assertThat(inner.validPartition()).isFalse();
    tree.writePartition(inner, ROOT);
    assertThat(inner.partition()).isEqualTo("root");
  }

  @Test
  void localPartition_aboveARemoteOne_isInvalid() {
    tree.writeExclusive(a, cpus(2, 4));
    tree.writeExclusive(inner, cpus(3, 3));
    tree.writePartition(inner, ROOT);
    tree.writePartition(a, ROOT);
    assertThat(a.partition()).isEqualTo("root invalid (Have remote partition underneath)");
  }

  @Test
  void writeExclusive_overlappingASiblings_isEinval() {
    tree.writeExclusive(a, cpus(0, 3));
    refused(tree.writeExclusive(b, cpus(3, 5)), Errno.EINVAL);
  }

  @Test
  void writeExclusive_swallowingASiblingsCpus_isEinval() {
    tree.writeCpus(b, cpus(4, 5));
    refused(tree.writeExclusive(a, cpus(3, 5)), Errno.EINVAL);
    assertThat(tree.writeExclusive(a, cpus(5, 6)).accepted()).as("a part of them").isTrue();
  }

  @Test
  void writeExclusive_ofAValidPartitionsCpus_isEinval() {
    tree.writeCpus(a, cpus(0, 1));
    tree.writePartition(a, ROOT);
    refused(tree.writeExclusive(b, cpus(1, 2)), Errno.EINVAL);
  }

  @Test
  void rootPartition_withBootIsolatedCpus_isInvalidAndAnIsolatedOneIsNot() {
    CpusetTree booted = new CpusetTree(CpuSet.range(0, 4), cpus(3, 3));
    Cpuset group = booted.make("group", booted.root());
    booted.writeCpus(group, cpus(2, 3));
    booted.writePartition(group, ROOT);
    assertThat(group.partition())
        .isEqualTo("root invalid (partition config conflicts with housekeeping setup)");
    booted.writePartition(group, ISOLATED);
    assertThat(group.partition()).isEqualTo("isolated");
    booted.writePartition(group, MEMBER);
    assertThat(booted.balancedDomains()).hasToString("[0-2]");
  }

  @Test
  void balancedDomains_rootAndIsolatedPartitions_leaveOutTheIsolated() {
    tree.writeCpus(a, cpus(2, 5));
    tree.writePartition(a, ROOT);
    tree.writeCpus(b, cpus(6, 7));
    tree.writePartition(b, ISOLATED);
    tree.writeCpus(inner, cpus(4, 5));
    tree.writePartition(inner, ROOT);
    assertThat(tree.balancedDomains()).hasToString("[0-1, 2-3, 4-5]");
  }

  @Test
  void partition_removed_givesItsCpusBack() {
    tree.writeCpus(b, cpus(6, 7));
    tree.writePartition(b, ROOT);
    tree.remove(b);
    effective(root, "0-7");
  }

  @Test
  void partitions_thatTogetherEmptyTheParent_lastAskedForIsInvalid() {
    Cpuset other = tree.make("other", a);
    tree.writeCpus(a, cpus(2, 3));
    tree.writePartition(a, ROOT);
    tree.attach(a);
    tree.writeCpus(inner, cpus(2, 2));
    tree.writeCpus(other, cpus(3, 3));
    tree.writePartition(other, ROOT);
    tree.writePartition(inner, ROOT);
    assertThat(other.partition()).isEqualTo("root");
    assertThat(inner.partition())
        .isEqualTo("root invalid (Parent unable to distribute cpu downstream)");
  }
}
