package dev.stint.host.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostCpuGroupTest {
  private static final GroupMarker OWN = new GroupMarker(7, 70);

  @TempDir private Path root;
  private FakeHost host;

  @BeforeEach
  void start() {
    host = new FakeHost(root);
  }

  private OwnedGroups open() {
    return OwnedGroups.open(host.files, Cgroups.of(host.files), host, OWN);
  }

  @Test
  void version1_knobs_areTranslated() throws IOException {
    host.version1();
    CpuGroup gold = open().top().child("gold");
    host.written.clear();
    gold.weight(new GroupWeight.OfWeight(300));
    gold.quota(new Quota(50_000_000, 100_000_000, 20_000_000));
    gold.cpus(CpuSet.of(0, 1, 3));
    gold.addThread(99);
    String cpu = "sys/fs/cgroup/cpu,cpuacct/stint-7-70/gold/";
    String cpuset = "sys/fs/cgroup/cpuset/stint-7-70/gold/";
    assertThat(host.written)
        .containsExactly(
            cpu + "cpu.shares=3072",
            cpu + "cpu.cfs_period_us=100000",
            cpu + "cpu.cfs_quota_us=50000",
            cpu + "cpu.cfs_burst_us=20000",
            cpuset + "cpuset.cpus=0-1,3",
            cpu + "tasks=99",
            cpuset + "tasks=99");
  }

  @Test
  void version1_aNewCpuset_hasItsParentsCpusAndMemory() throws IOException {
    host.version1();
    open();
    assertThat(host.written)
        .containsExactly(
            "sys/fs/cgroup/cpuset/stint-7-70/cpuset.mems=0",
            "sys/fs/cgroup/cpuset/stint-7-70/cpuset.cpus=0-3");
  }

  @Test
  void version2_children_areThreadedAndHaveControllers() throws IOException {
    host.version2();
    CpuGroup gold = open().top().child("gold");
    gold.weight(new GroupWeight.OfWeight(300));
    gold.quota(new Quota(50_000_000, 100_000_000, 0));
    gold.addThread(99);
    String top = "sys/fs/cgroup/stint-7-70/";
    assertThat(host.written)
        .containsExactly(
            "sys/fs/cgroup/cgroup.subtree_control=+cpuset",
            top + "cgroup.subtree_control=+cpu",
            top + "cgroup.subtree_control=+cpuset",
            top + "gold/cgroup.type=threaded",
            top + "gold/cpu.weight=300",
            top + "gold/cpu.max=50000 100000",
            top + "gold/cgroup.threads=99");
  }

  @Test
  void write_toAFileThatIsNotThere_saysWhatAndWhy() throws IOException {
    host.version2();
    CpuGroup top = open().top();
    assertThatThrownBy(() -> top.weight(new GroupWeight.Idle()))
        .isInstanceOf(CgroupRefused.class)
        .hasMessage("write \"1\" to /sys/fs/cgroup/stint-7-70/cpu.idle: there is no such file");
  }

  @Test
  void child_aNameThatLeadsElsewhere_isRefused() throws IOException {
    host.version2();
    CpuGroup top = open().top();
    for (String name : new String[] {"", "..", "a/b", "."}) {
      assertThatThrownBy(() -> top.child(name)).isInstanceOf(CgroupRefused.class);
    }
  }

  @Test
  void open_withoutController_saysSo() {
    assertThatThrownBy(this::open)
        .hasMessage("there is no cgroup hierarchy with the cpu controller");
  }

  @Test
  void close_ofATree_leavesNothing() throws IOException {
    host.version1();
    try (OwnedGroups groups = open()) {
      groups.top().child("a").child("b");
    }
    assertThat(host.files.list("sys/fs/cgroup/cpuset"))
        .containsExactly("cpuset.cpus", "cpuset.mems");
    assertThat(host.files.list("sys/fs/cgroup/cpu,cpuacct")).containsExactly("a");
  }

  @Test
  void close_whileAProcessIsThere_movesItToTheParent() throws IOException {
    host.version2().with("sys/fs/cgroup/cgroup.procs", "");
    OwnedGroups groups = open();
    host.with("sys/fs/cgroup/stint-7-70/cgroup.procs", "123\n");
    host.written.clear();
    groups.close();
    assertThat(host.written).containsExactly("sys/fs/cgroup/cgroup.procs=123");
    assertThat(Files.exists(host.files.path("sys/fs/cgroup/stint-7-70"))).isFalse();
  }

  @Test
  void close_whileGroupsAreMade_noneIsMadeAfterwards() throws IOException {
    host.version1();
    OwnedGroups groups = open();
    CpuGroup child = groups.top().child("a");
    groups.close();
    assertThatThrownBy(() -> child.child("b")).hasMessageContaining("told to stop");
    assertThat(host.files.list("sys/fs/cgroup/cpu,cpuacct")).containsExactly("a");
  }

  @Test
  void open_refusedByTheSecondHierarchy_leavesNothingInTheFirst() throws IOException {
    host.version1();
    Files.delete(host.files.path("sys/fs/cgroup/cpuset/cpuset.cpus"));
    Files.delete(host.files.path("sys/fs/cgroup/cpuset/cpuset.mems"));
    Files.createFile(host.files.path("sys/fs/cgroup/cpuset/stint-7-70"));
    assertThatThrownBy(this::open).isInstanceOf(CgroupRefused.class);
    assertThat(host.files.list("sys/fs/cgroup/cpu,cpuacct")).containsExactly("a");
  }

  @Test
  void sweep_groupsOfTheDead_goAndThoseOfTheLivingStay() throws IOException {
    host.version2();
    host.with("proc/8/stat", stat(8, 80)).with("proc/9/stat", stat(9, 91));
    for (String name : new String[] {"stint-7-70", "stint-8-80", "stint-9-90", "stint-x", "web"}) {
      host.make(host.files.path("sys/fs/cgroup/" + name));
    }
    assertThat(OwnedGroups.sweep(host.files, Cgroups.of(host.files), host))
        .containsExactly("/sys/fs/cgroup/stint-7-70", "/sys/fs/cgroup/stint-9-90");
    assertThat(host.files.list("sys/fs/cgroup"))
        .contains("stint-8-80", "stint-x", "web")
        .doesNotContain("stint-7-70", "stint-9-90");
  }

  @Test
  void sweep_withoutProc_touchesNothing() throws IOException {
    host.version2();
    host.make(host.files.path("sys/fs/cgroup/stint-7-70"));
    Cgroups cgroups = Cgroups.of(host.files);
    host.with("proc/7/stat", "garbage");
    assertThat(OwnedGroups.sweep(host.files, cgroups, host)).isEmpty();
  }

  private static String stat(int pid, int startTicks) {
    return pid + " (a) b) S 1" + " 0".repeat(17) + " " + startTicks + " 0".repeat(30) + "\n";
  }

  @Test
  void cpuStat_version1And2_areTheSameFigures_andWhatIsMissingIsUnknown() {
    CpuStat two =
        CpuStat.ofVersion2(
            "usage_usec 5\nnr_periods 10\nnr_throttled 3\nthrottled_usec 7\nnr_bursts x\n");
    assertThat(two.usageNs()).hasValue(5_000);
    assertThat(two.throttledNs()).hasValue(7_000);
    assertThat(two.bursts()).isEmpty();
    CpuStat one =
        CpuStat.ofVersion1("nr_periods 10\nnr_throttled 3\nthrottled_time 7000\n", two.usageNs());
    assertThat(one).isEqualTo(two);
    assertThat(CpuStat.UNKNOWN.periods()).isEmpty();
  }
}
