package dev.stint.host.standin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupRefused;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.FreezerGroups;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.LiveGroups;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.host.live.RunElsewhere;
import dev.stint.model.machine.CpuSet;
import dev.stint.testkit.Skip;
import java.util.ArrayList;
import java.util.List;
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
    assertThat(RunElsewhere.left(GroupMarker.ofThisProcess(files).name())).isEmpty();
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
    start().assertKilledLeavesNothingToTheNext();
  }

  @Test
  void interruptedRun_leavesNothing() throws Exception {
    start().assertInterruptedLeavesNothing();
  }

  private RunElsewhere start() throws Exception {
    return RunElsewhere.start(OneStandIn.class, this::frozen);
  }

  /// Whether a VP is frozen.
  private boolean frozen(String prefix) {
    return RunElsewhere.left(prefix).stream()
        .map(path -> files.read(path + "/vm-gold-vp0/cgroup.freeze"))
        .anyMatch(
            text -> text instanceof HostFiles.Text.Read(String value) && value.strip().equals("1"));
  }
}
