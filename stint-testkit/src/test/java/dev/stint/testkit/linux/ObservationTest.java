package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// The files that a modelled Linux shows, by hand and against what the trace says.
final class ObservationTest {
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final KernelVersion[] VERSIONS = {
    KernelVersion.V6_1, KernelVersion.V6_12, KernelVersion.V6_18
  };
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();

  @Test
  void procStat_oneHogOfTwoCpus_showsUserAndIdle() {
    LinuxBox box = new LinuxBox(2);
    box.kernel().observe();
    box.task("hog", 0, BUSY);
    box.run(10 * SECOND);
    SortedMap<String, String> files = box.kernel().files();
    assertThat(files.get("proc/stat"))
        .isEqualTo(
            """
            cpu  1000 0 0 1000 0 0 0 0 0 0
            cpu0 1000 0 0 0 0 0 0 0 0 0
            cpu1 0 0 0 1000 0 0 0 0 0 0
            ctxt 1
            btime 0
            processes 1
            procs_running 1
            procs_blocked 0
            """);
    assertThat(files.get("proc/1000/schedstat")).isEqualTo("10000000000 0 1\n");
    assertThat(files.get("proc/1000/stat")).startsWith("1000 (hog) R 0 0 0 0 0 0 0 0 0 0 1000 0 ");
    assertThat(files.get("proc/pressure/cpu")).startsWith("some avg10=0.00");
  }

  @Test
  void procStat_positiveNice_goesToTheNiceColumn() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", 5, BUSY);
    box.run(SECOND);
    assertThat(box.kernel().files().get("proc/stat")).startsWith("cpu  0 100 0 0 0 0 0 0 0 0\n");
    assertThat(box.kernel().files().get("sys/fs/cgroup/cpu.stat"))
        .startsWith(
            "usage_usec 1000000\nuser_usec 1000000\nsystem_usec 0\nnice_usec 1000000\nnr_periods");
  }

  @Test
  void procStat_sleeperBetweenTicks_isNeverSampled() {
    LinuxBox box = new LinuxBox(1);
    TaskGroup group = box.group("g", 100);
    box.task("p", group, new WorkloadSpec.Periodic(MS, 4 * MS, MS));
    box.run(10 * SECOND);
    SortedMap<String, String> files = box.kernel().files();
    assertThat(files.get("proc/stat")).startsWith("cpu  0 0 0 750 0 0 0 0 0 0\n");
    assertThat(files.get("proc/1000/schedstat")).isEqualTo("2500000000 0 2501\n");
    assertThat(files.get("sys/fs/cgroup/g/cpu.stat"))
        .startsWith("usage_usec 2500000\nuser_usec 2500000\nsystem_usec 0\n");
  }

  @Test
  void pressure_quotaHalf_throttledTimeIsSomeAndFull() {
    LinuxBox box = new LinuxBox(1);
    box.kernel().observe();
    TaskGroup group = box.group("g", new Quota(50 * MS, 100 * MS, 0, OptionalLong.of(0)));
    box.task("hog", group, BUSY);
    box.run(100 * SECOND);
    SortedMap<String, String> files = box.kernel().files();
    String pressure = files.get("sys/fs/cgroup/g/cpu.pressure");
    assertThat(pressure).startsWith("some avg10=49.").contains("\nfull avg10=49.");
    assertThat(pressure).contains("total=50000000\nfull");
    assertThat(files.get("proc/pressure/cpu")).contains("full avg10=0.00 avg60=0.00 avg300=0.00");
    assertThat(files.get("proc/1000/schedstat")).startsWith("50000000000 50000000000 ");
  }

  @Test
  void pressure_twoHogsOneCpu_isSomeAlwaysAndFullHalfForEachGroup() {
    LinuxBox box = new LinuxBox(1);
    box.kernel().observe();
    box.task("a", box.group("x", 100), BUSY);
    box.task("b", box.group("y", 100), BUSY);
    box.run(400 * SECOND);
    SortedMap<String, String> files = box.kernel().files();
    assertThat(files.get("proc/pressure/cpu"))
        .isEqualTo(
            "some avg10=100.00 avg60=99.87 avg300=74.48 total=400000000\n"
                + "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    assertThat(files.get("sys/fs/cgroup/x/cpu.pressure")).contains("full avg10=49.");
    assertThat(files.get("proc/loadavg")).startsWith("2.00 1.48 0.71 2/2 ");
  }

  @Test
  void files_randomWorlds_equalWhatTheTraceSays() {
    long events = 0;
    for (int seed = 1; seed <= 6; seed++) {
      events += compare(seed);
    }
    assertThat(events).isGreaterThan(100_000);
  }

  private static long compare(int seed) {
    RandomStream random = new Simulation(seed).random().stream("world");
    int cpus = 1 + (int) random.nextBelow(4);
    int hz = random.nextBelow(2) == 0 ? 250 : 1000;
    LinuxConfig config =
        new LinuxConfig(VERSIONS[seed % VERSIONS.length], hz, OptionalLong.empty(), false);
    LinuxBox box = new LinuxBox(cpus, config, seed);
    box.kernel().observe();
    List<TaskGroup> groups = groups(box, random);
    int tasks = 2 + (int) random.nextBelow(8);
    for (int i = 0; i < tasks; i++) {
      TaskGroup group = groups.get((int) random.nextBelow(groups.size()));
      int nice = (int) random.nextBelow(40) - 20;
      long startNs = random.nextBelow(10 * SECOND);
      box.task(
          "t" + i, group, nice, OptionalLong.empty(), Optional.empty(), startNs, workload(random));
    }
    NaiveGuest naive = new NaiveGuest(box.entities());
    box.watch(naive);
    long untilNs = 40 * SECOND + random.nextBelow(10 * SECOND);
    box.run(untilNs);
    check(box, naive, groups, tasks, untilNs, hz);
    return naive.eventCount;
  }

  private static List<TaskGroup> groups(LinuxBox box, RandomStream random) {
    List<TaskGroup> groups = new ArrayList<>();
    groups.add(box.kernel().rootGroup());
    for (int i = 0; i < 5; i++) {
      TaskGroup parent = groups.get((int) random.nextBelow(groups.size()));
      String above = parent == box.kernel().rootGroup() ? "" : nameOf(parent) + "/";
      Optional<Quota> quota =
          random.nextBelow(2) == 0
              ? Optional.empty()
              : Optional.of(new Quota((5 + random.nextBelow(80)) * MS, 100 * MS, 0));
      groups.add(
          box.kernel()
              .createGroup(
                  above + "g" + i,
                  parent,
                  1 + (int) random.nextBelow(1000),
                  quota,
                  Optional.empty()));
    }
    return groups;
  }

  private static String nameOf(TaskGroup group) {
    return group.toString().substring("box/cgroup:".length());
  }

  private static WorkloadSpec workload(RandomStream random) {
    long periodNs = 2 * MS + random.nextBelow(40 * MS);
    return switch ((int) random.nextBelow(3)) {
      case 0 -> BUSY;
      case 1 ->
          new WorkloadSpec.Periodic(
              1 + random.nextBelow(periodNs / 2), periodNs, random.nextBelow(periodNs));
      default ->
          new WorkloadSpec.OnOff(
              1 + random.nextBelow(3 * SECOND), 1 + random.nextBelow(9 * SECOND), 0);
    };
  }

  private static void check(
      LinuxBox box, NaiveGuest naive, List<TaskGroup> groups, int tasks, long untilNs, int hz) {
    SortedMap<String, String> files = box.kernel().files();
    int cpus = box.kernel().cpuCount();
    for (TaskGroup group : groups) {
      boolean root = group == box.kernel().rootGroup();
      String path = root ? "proc/pressure/cpu" : "sys/fs/cgroup/" + nameOf(group) + "/cpu.pressure";
      var changes = naive.changes.getOrDefault(root ? Entities.NONE : group.id(), List.of());
      assertThat(files.get(path))
          .as(path)
          .isEqualTo(new NaivePressure(changes, cpus, hz).read(untilNs, root));
    }
    for (int i = 0; i < tasks; i++) {
      int id = box.entities().find("task:t" + i);
      assertThat(files.get("proc/" + (1000 + i) + "/schedstat"))
          .endsWith(" " + naive.runDelayNs.get(id) + " " + naive.arrivals.get(id) + "\n");
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      String line = files.get("proc/stat").lines().skip(1 + cpu).findFirst().orElseThrow();
      String[] columns = line.split(" ");
      assertThat(columns).hasSize(11);
      int lp = box.entities().find("cpu" + cpu);
      long idleNs = naive.idleNs(lp, untilNs);
      assertThat(columns[4]).isEqualTo("" + idleNs / 10_000_000);
    }
  }
}
