package dev.stint.host.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupRefused;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.FreezerGroups;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.cgroup.LiveGroups;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.model.machine.CpuSet;
import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On this machine's kernel, where it lets us.
final class StandInRunTest {
  private final HostFiles files = HostFiles.ofThisMachine();
  private final Cgroups cgroups = Cgroups.of(files);
  private final List<String> complaints = new ArrayList<>();

  @BeforeEach
  void where() {
    Skip.unless(
        FreezerGroups.possible(cgroups) && cgroups.of("cpuset").isPresent(),
        "no cgroup2 beside cpu and cpuset of version 1");
    GroupMarker marker = GroupMarker.ofThisProcess(files);
    try (OwnedGroups owned = OwnedGroups.open(files, cgroups, CgroupWrites.KERNEL, marker);
        FreezerGroups freezers = FreezerGroups.open(files, cgroups, CgroupWrites.KERNEL, marker)) {
      owned.top().child("probe");
      freezers.child("probe");
    } catch (CgroupRefused refused) {
      throw LiveGroups.refused(refused);
    }
  }

  /// Whatever else the machine does, under core nobody gets three times what another gets, and
  /// under integrated somebody does.
  @Test
  void weights_underCore_areWithoutEffect_andLeaveNothing() throws Exception {
    StandInRepetition core = run(true);
    StandInRepetition integrated = run(false);
    assertThat(share(core, "gold")).isBetween(0.25, 0.42);
    assertThat(share(core, "bronze")).isBetween(0.25, 0.42);
    assertThat(share(integrated, "gold")).isBetween(0.52, 0.68);
    assertThat(share(integrated, "bronze")).isBetween(0.13, 0.27);
    assertThat(core.agent().turns()).isEqualTo(60);
    assertThat(left(GroupMarker.ofThisProcess(files).name())).isEmpty();
    assertThat(complaints).isEmpty();
  }

  private StandInRepetition run(boolean core) throws Exception {
    StandIn.Options options =
        TestAgent.options(_ -> () -> {}, complaints::add)
            .withCpus(CpuSet.range(0, Runtime.getRuntime().availableProcessors()));
    StandInPlan plan =
        StandInPlan.of(StandInPlanTest.scenario(StandInPlanTest.SMALL), StandInPlanTest.HOST);
    return new StandInRun(plan, files, options, core).run(300_000_000L, 600_000_000L);
  }

  private static double share(StandInRepetition made, String group) {
    return (double) made.runNs().getOrDefault(group, 0L) / made.totalNs();
  }

  @Test
  void killedRun_leavesNothingAfterTheNextStart() throws Exception {
    Process process = start();
    String marker = marker(process);
    process.destroyForcibly().waitFor();
    await(() -> !runs(marker), "VPs outlive their parent");
    OwnedGroups.sweep(files, cgroups, CgroupWrites.KERNEL);
    assertThat(left(marker)).isEmpty();
  }

  @Test
  void interruptedRun_leavesNothing() throws Exception {
    Process process = start();
    String marker = marker(process);
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(left(marker)).isEmpty();
    await(() -> !runs(marker), "VPs outlive their parent");
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OneStandIn.class.getName())
        .redirectErrorStream(true)
        .start();
  }

  /// Waits until VPs are frozen.
  private String marker(Process process) throws Exception {
    String prefix = "stint-" + process.pid() + "-";
    await(() -> frozen(prefix) || !process.isAlive(), "the run never began");
    assertThat(process.isAlive())
        .as(() -> process.inputReader().lines().toList().toString())
        .isTrue();
    String path = left(prefix).getFirst();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private boolean frozen(String prefix) {
    return left(prefix).stream()
        .map(path -> files.read(path + "/vm-gold-vp0/cgroup.freeze"))
        .anyMatch(
            text -> text instanceof HostFiles.Text.Read(String value) && value.strip().equals("1"));
  }

  private List<String> left(String marker) {
    return cgroups.all().stream()
        .map(Hierarchy::point)
        .flatMap(point -> files.list(point).stream().map(name -> point + "/" + name))
        .filter(path -> path.contains("/" + marker))
        .toList();
  }

  private boolean runs(String marker) {
    return files.list("proc").stream()
        .map(pid -> files.read("proc/" + pid + "/cmdline"))
        .anyMatch(text ->
            text instanceof HostFiles.Text.Read(String line) && line.contains("\0" + marker));
  }

  private static void await(BooleanSupplier condition, String otherwise) throws Exception {
    for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertThat(condition.getAsBoolean()).as(otherwise).isTrue();
  }
}
