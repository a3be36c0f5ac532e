package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.counters.VpCounters;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.EntityKind;
import dev.stint.scenario.Expectations;
import dev.stint.scenario.Outcome;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every scenario directory, run under its assemblies with all invariants checked: expected
/// figures, the accounting identity, theft rows, and the claims that the project makes about its
/// own scenarios.
final class ScenarioCorpusTest {
  private static final Map<String, Map<Assembly, RunResult>> RUNS = new LinkedHashMap<>();
  private static final Map<String, List<VpCounters>> COUNTERS = new TreeMap<>();

  static List<Path> directories() throws IOException {
    try (Stream<Path> files = Files.walk(Checkout.root().resolve("scenarios"))) {
      return files
          .filter(file -> file.endsWith("scenario.yaml"))
          .map(Path::getParent)
          .sorted()
          .toList();
    }
  }

  private static Scenario read(Path directory) {
    ReadResult result = ScenarioReader.read(directory.resolve("scenario.yaml"));
    return switch (result) {
      case ReadResult.Loaded loaded -> loaded.scenario();
      case ReadResult.Refused refused -> throw new AssertionError(refused.errors().toString());
    };
  }

  private static Map<Assembly, RunResult> runs(Path directory) {
    return RUNS.computeIfAbsent(
        directory.toString(),
        _ -> {
          Scenario scenario = read(directory);
          Map<Assembly, RunResult> results = new TreeMap<>();
          for (Assembly assembly : scenario.under()) {
            RunOptions options =
                new RunOptions(
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of((_, vps) -> COUNTERS.put(directory + " " + assembly.text(), vps)),
                    _ -> {});
            results.put(assembly, Experiment.run(scenario, assembly, options));
          }
          return results;
        });
  }

  private static Map<Assembly, RunResult> runs(String name) {
    return runs(Checkout.root().resolve("scenarios").resolve(name));
  }

  @ParameterizedTest
  @MethodSource("directories")
  void scenario_underItsAssemblies_meetsItsExpectedFigures(Path directory) {
    Path file = directory.resolve("expected.yaml");
    if (!Files.exists(file)) {
      return;
    }
    Expectations.Result read = Expectations.read(file);
    assertThat(read).isInstanceOf(Expectations.Result.Loaded.class);
    Expectations expectations = ((Expectations.Result.Loaded) read).expectations();
    for (RunResult run : runs(directory).values()) {
      for (Outcome outcome : expectations.check(run)) {
        if (directory.getParent().endsWith("live")) {
          System.out.println(outcome.render());
        }
        assertThat(outcome.pass()).as(outcome.toString()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("directories")
  void scenario_everyVp_countsWhatTheLedgerCounts(Path directory) {
    runs(directory)
        .forEach((assembly, run) -> {
          for (VpCounters vp :
              COUNTERS.getOrDefault(directory + " " + assembly.text(), List.of())) {
            EntityResult entity = run.entity(vp.path()).orElseThrow();
            // The hypervisor counts all time on an LP, what was lost there included.
            long smtNs = entity.waitNs().getOrDefault(WaitReason.SMT, 0L);
            assertThat(vp.runNs())
                .as(vp.path())
                .isEqualTo(entity.runNs() + entity.totalOverheadNs() + smtNs);
            assertThat(vp.idleNs()).as(vp.path()).isGreaterThanOrEqualTo(entity.blockedNs());
            assertThat(vp.dispatches()).as(vp.path()).isEqualTo(entity.dispatches());
            assertThat(vp.waitNs() + vp.suspendedNs() + vp.cappedNs() + vp.idleNs())
                .as(vp.path())
                .isEqualTo(entity.totalWaitNs() - smtNs + entity.blockedNs());
            boolean byHypervisor = assembly == Assembly.CORE || assembly == Assembly.CLASSIC;
            if (byHypervisor && vp.idleNs() == entity.blockedNs()) {
              assertThat(vp.waitNs() + vp.cappedNs())
                  .as(vp.path())
                  .isEqualTo(entity.waitNs().getOrDefault(WaitReason.HYPERVISOR_WAIT, 0L));
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("directories")
  void scenario_everyEntity_obeysTheIdentityAndItsTheftRows(Path directory) {
    for (RunResult run : runs(directory).values()) {
      Map<String, Long> thefts = new TreeMap<>();
      for (Theft theft : run.theft()) {
        assertThat(theft.ns()).isPositive();
        thefts.merge(theft.victim() + " " + theft.reason(), theft.ns(), Long::sum);
      }
      for (EntityResult entity : run.entities()) {
        assertThat(entity.residualNs()).as(entity.path()).isZero();
        for (WaitReason reason : WaitReason.values()) {
          long wait = entity.waitNs().getOrDefault(reason, 0L);
          assertThat(thefts.getOrDefault(entity.path() + " " + reason, 0L)).isEqualTo(wait);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("directories")
  void scenario_hasAReadme(Path directory) {
    assertThat(directory.resolve("README.md")).isRegularFile();
  }

  @Test
  void coreVsIntegrated_underIntegratedAndRoot_everyCgroupGetsItsEntitledShare() {
    Map<Assembly, RunResult> runs = runs("l1vh/core-vs-integrated");
    for (Assembly assembly : List.of(Assembly.INTEGRATED, Assembly.ROOT)) {
      for (String group : List.of("gold", "bronze", "agent")) {
        EntityResult entity = entity(runs.get(assembly), "l1vh/cgroup:" + group);
        double entitled = entity.entitledShare().orElseThrow();
        assertThat(entity.share())
            .as("%s under %s", group, assembly)
            .isCloseTo(entitled, within(entitled * 0.01));
      }
    }
    EntityResult gold = entity(runs.get(Assembly.CORE), "l1vh/cgroup:gold");
    assertThat(gold.share()).isLessThan(gold.entitledShare().orElseThrow() * 0.8);
  }

  @Test
  void neighbourUnharmed_coreAndIntegrated_giveOutsidersTheSame() {
    Map<Assembly, RunResult> runs = runs("l1vh/neighbour-unharmed");
    RunResult core = runs.get(Assembly.CORE);
    RunResult integrated = runs.get(Assembly.INTEGRATED);
    long timeSliceNs =
        read(Checkout.root().resolve("scenarios/l1vh/neighbour-unharmed"))
            .hypervisor()
            .timeSliceNs();
    for (EntityResult entity : core.entities()) {
      if (entity.path().startsWith("l1vh") || entity.kind() == EntityKind.LP) {
        continue;
      }
      EntityResult other = entity(integrated, entity.path());
      assertThat(other.share())
          .as(entity.path())
          .isCloseTo(entity.share(), within(entity.share() * 0.01));
      assertThat(other.wakeLatency().p99Ns())
          .as("p99 wait of %s", entity.path())
          .isCloseTo(entity.wakeLatency().p99Ns(), within(timeSliceNs));
    }
  }

  private static EntityResult entity(RunResult run, String path) {
    return run.entity(path).orElseThrow(() -> new AssertionError("no " + path));
  }
}
