package dev.stint.testkit.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.trace.Entities;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.ledger.NaiveReadiness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Entitled shares of random small stacks against a division at every instant, in doubles: an L1VH
/// whose VMs come and go, under every assembly.
final class EntitledAtEveryInstantTest {
  private static final long MS = 1_000_000L;
  private static final long DURATION_NS = 400 * MS;
  private static final int SEEDS = 40;
  private static final List<Assembly> ASSEMBLIES =
      List.of(Assembly.CORE, Assembly.INTEGRATED, Assembly.ROOT);

  @Test
  void randomStacks_everyAssembly_matchTheDivisionAtEveryInstant() {
    int changing = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Scenario scenario = scenario(seed);
      for (Assembly assembly : ASSEMBLIES) {
        changing += compare(scenario, assembly) > 4 ? 1 : 0;
      }
    }
    assertThat(changing).isGreaterThan(SEEDS);
  }

  private static int compare(Scenario scenario, Assembly assembly) {
    PartitionSpec l1vh = scenario.partitions().getFirst();
    Map<String, String> leaves = new LinkedHashMap<>();
    for (TaskSpec task : l1vh.tasks()) {
      leaves.put("l1vh/task:" + task.name(), task.group());
    }
    for (PartitionSpec child : l1vh.children()) {
      for (int vp = 0; vp < child.vps(); vp++) {
        leaves.put("l1vh/" + child.name() + "/vp" + vp, child.group());
      }
    }
    NaiveReadiness[] naive = new NaiveReadiness[1];
    RunWatcher watcher =
        run -> {
          Entities entities = run.entities();
          int[] ids = leaves.keySet().stream().mapToInt(entities::find).toArray();
          int[] cpus = new int[l1vh.vps()];
          for (int vp = 0; vp < cpus.length; vp++) {
            cpus[vp] = entities.find("l1vh/vp" + vp);
          }
          naive[0] = new NaiveReadiness(entities, run.threadOfVp(), ids, cpus);
          return Watch.events(naive[0]);
        };
    RunResult result =
        Experiment.run(scenario, assembly, new RunOptions(false, Optional.of(watcher), _ -> {}));
    List<NaiveReadiness.Sum> sums = naive[0].finish(scenario.durationNs());
    Map<String, Double> expected = new LinkedHashMap<>();
    for (NaiveReadiness.Sum sum : sums) {
      divide(l1vh, List.copyOf(leaves.values()), sum, assembly, expected);
    }
    for (EntityResult entity : result.entities()) {
      if (entity.path().startsWith("l1vh/cgroup:")) {
        String group = entity.path().substring("l1vh/cgroup:".length());
        assertThat(entity.entitledShare().orElse(0))
            .as("%s of %s under %s", group, scenario.description(), assembly)
            .isCloseTo(expected.getOrDefault(group, 0.0) / DURATION_NS, within(1e-6));
      }
    }
    return sums.size();
  }

  /// Adds what the groups would have had of this set's time: their leaves weigh the same.
  private static void divide(
      PartitionSpec l1vh,
      List<String> groupOfLeaf,
      NaiveReadiness.Sum sum,
      Assembly assembly,
      Map<String, Double> shares) {
    Map<String, Integer> ready = new LinkedHashMap<>();
    for (int leaf = 0; leaf < groupOfLeaf.size(); leaf++) {
      ready.merge(groupOfLeaf.get(leaf), sum.ready().get(leaf) ? 1 : 0, Integer::sum);
    }
    double whole = (double) sum.durationNs() * l1vh.vps();
    double supply =
        assembly == Assembly.INTEGRATED
            ? whole - sum.waitedNs()
            : Math.min(whole, sum.receivedNs());
    double low = 0;
    double high = 1e12;
    for (int i = 0; i < 200; i++) {
      double level = (low + high) / 2;
      double used = 0;
      for (GroupSpec group : l1vh.groups()) {
        used += atLevel(group, ready, level, sum);
      }
      if (used < supply) {
        low = level;
      } else {
        high = level;
      }
    }
    for (GroupSpec group : l1vh.groups()) {
      shares.merge(group.name(), atLevel(group, ready, high, sum), Double::sum);
    }
  }

  private static double atLevel(
      GroupSpec group, Map<String, Integer> ready, double level, NaiveReadiness.Sum sum) {
    double most = (double) ready.getOrDefault(group.name(), 0) * sum.durationNs();
    return Math.min(most, level * group.weight().shares());
  }

  private static Scenario scenario(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<GroupSpec> groups = new ArrayList<>();
    List<PartitionSpec> children = new ArrayList<>();
    List<TaskSpec> own = new ArrayList<>();
    for (int g = 0; g < 2 + random.nextInt(2); g++) {
      String name = "g" + g;
      GroupWeight weight = new GroupWeight.OfWeight(50 + random.nextInt(400));
      groups.add(new GroupSpec(name, weight, Optional.empty(), Optional.empty(), List.of()));
      for (int vm = 0; vm < 1 + random.nextInt(2); vm++) {
        List<TaskSpec> tasks = new ArrayList<>();
        for (int t = 0; t < 1 + random.nextInt(3); t++) {
          tasks.add(task(random, "t" + t, ""));
        }
        int vps = 1 + random.nextInt(2);
        children.add(partition("vm" + g + vm, PartitionKind.GUEST, vps, name, tasks));
      }
      own.add(task(random, "own" + g, name));
    }
    int lps = 2 + random.nextInt(2);
    PartitionSpec l1vh =
        new PartitionSpec(
            "l1vh",
            PartitionKind.L1VH,
            1 + random.nextInt(lps),
            1,
            Controls.DEFAULT,
            Optional.empty(),
            "",
            List.of(),
            LinuxConfig.DEFAULT,
            groups,
            own,
            children);
    List<TaskSpec> beside = List.of(task(random, "beside", ""));
    return new Scenario(
        "entitled",
        "seed " + seed,
        seed,
        DURATION_NS,
        Machine.flat(lps, 1),
        HypervisorConfig.DEFAULT,
        List.of(l1vh, partition("neighbour", PartitionKind.GUEST, 1, "", beside)),
        ASSEMBLIES);
  }

  private static PartitionSpec partition(
      String name, PartitionKind kind, int vps, String group, List<TaskSpec> tasks) {
    return new PartitionSpec(
        name,
        kind,
        vps,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        group,
        List.of(),
        LinuxConfig.DEFAULT,
        List.of(),
        tasks,
        List.of());
  }

  /// A task that asks whenever it is ready.
  private static TaskSpec task(SplittableRandom random, String name, String group) {
    WorkloadSpec workload =
        random.nextInt(3) == 0
            ? new WorkloadSpec.Busy()
            : new WorkloadSpec.OnOff(
                (1 + random.nextInt(40)) * MS,
                (1 + random.nextInt(40)) * MS,
                random.nextInt(40) * MS);
    return new TaskSpec(name, group, 0, OptionalLong.empty(), Optional.empty(), 0, workload);
  }
}
