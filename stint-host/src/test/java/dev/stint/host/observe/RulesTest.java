package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.observe.Finding.Code;
import dev.stint.host.observe.ViewEntity.Kind;
import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RulesTest {
  private static final Owner GOLD = Owner.vm("gold");
  private static final Owner WEB = Owner.group("web");

  private final List<ViewEntity> entities = new ArrayList<>();
  private final Map<Owner, Account> owners = new TreeMap<>();
  private final Map<Owner, Map<Owner, Long>> behind = new TreeMap<>();

  private final Map<Owner, Confinement> confined = new TreeMap<>();
  private Optional<String> stealUnseen = Optional.empty();

  /// A CPU of which 1,000 ns passed.
  private RulesTest cpu(long run, long stolen, long idle) {
    entities.add(
        entity(
            "lp" + entities.size(),
            Kind.LP,
            new Account(1000, run, 0, 0, stolen, idle, 1000 - run - stolen - idle),
            Optional.empty()));
    return this;
  }

  private RulesTest group(long run, long queue, long throttled, long throttledPeriods) {
    entities.add(
        entity(
            "host/cgroup:web",
            Kind.GROUP,
            account(run, queue, throttled),
            Optional.of(
                new ViewEntity.Limits(
                    Optional.of("30ms per 100ms"),
                    OptionalLong.of(10),
                    OptionalLong.of(throttledPeriods),
                    OptionalLong.of(throttled),
                    OptionalLong.empty()))));
    return this;
  }

  private static Account account(long run, long queue, long throttled) {
    return new Account(1000, run, queue, throttled, 0, 1000 - run - queue - throttled, 0);
  }

  private static ViewEntity entity(
      String path, Kind kind, Account account, Optional<ViewEntity.Limits> limits) {
    return new ViewEntity(
        path, kind, Optional.empty(), account, Account.NONE, 1, 0, Optional.empty(), limits);
  }

  private List<Finding> findings() {
    return Rules.of(new View(1000, entities, owners, behind, confined, stealUnseen, List.of()));
  }

  private String sentence() {
    return Rules.sentence(findings());
  }

  @Test
  void quota_thatStopsWhileCpusIdle_isNamed() {
    cpu(300, 0, 700).group(310, 0, 690, 10);
    assertThat(sentence())
        .isEqualTo(
            "cgroup web is throttled by cpu.max (30ms per 100ms) 69 % of the time that it wants to"
                + " run, while the CPUs idle 70 %.");
  }

  @Test
  void quota_onABusyHost_doesNotClaimThatCpusIdle() {
    cpu(1000, 0, 0).group(310, 0, 690, 10);
    assertThat(sentence()).endsWith("that it wants to run.");
  }

  @Test
  void quota_belowTheBoundOrNotOfThisGroup_isNotNamed() {
    owners.put(WEB, account(960, 0, 40));
    cpu(500, 0, 500).group(960, 0, 40, 10);
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.NOTHING);
    entities.clear();
    cpu(500, 0, 500).group(310, 0, 690, 0); // a group above or below it has the quota
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.NOTHING);
  }

  @Test
  void hypervisor_thatTookSome_isNamed() {
    owners.put(WEB, account(500, 0, 0));
    cpu(880, 120, 0);
    assertThat(sentence())
        .isEqualTo("The hypervisor took 12 % of the time that this machine's CPUs were not idle.");
    entities.clear();
    cpu(990, 10, 0);
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.NOTHING);
  }

  @Test
  void queue_behindOwnThreads_isNamed() {
    owners.put(GOLD, account(600, 400, 0));
    behind.put(GOLD, Map.of(GOLD, 300L, WEB, 100L));
    cpu(1000, 0, 0);
    assertThat(sentence())
        .isEqualTo(
            "VM gold waits for CPUs 40 % of the time that it wants to run, mostly for its own"
                + " threads.");
  }

  @Test
  void queue_behindACgroup_isNamed() {
    owners.put(GOLD, account(600, 400, 0));
    behind.put(GOLD, Map.of(GOLD, 100L, WEB, 300L));
    cpu(500, 0, 500);
    assertThat(sentence())
        .isEqualTo(
            "VM gold waits for CPUs 40 % of the time that it wants to run, mostly for cgroup web,"
                + " while the CPUs idle 50 %.");
  }

  @Test
  void queue_besideACpuThatIdlesAndIsForbidden_namesTheCpuset() {
    owners.put(GOLD, account(600, 400, 0));
    behind.put(GOLD, Map.of(WEB, 300L));
    confined.put(GOLD, new Confinement(CpuSet.of(0), 2, Optional.of("vms/gold")));
    cpu(1000, 0, 0).cpu(70, 0, 930);
    assertThat(sentence())
        .isEqualTo(
            "VM gold waits for CPUs 40 % of the time that it wants to run, mostly for cgroup web,"
                + " while CPU 1 idles 93 %: cpuset vms/gold allows its 2 threads only CPU 0.");
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.CONFINED);
    confined.put(GOLD, new Confinement(CpuSet.of(0), 1, Optional.empty()));
    assertThat(sentence()).endsWith("while CPU 1 idles 93 %: an affinity allows it only CPU 0.");
  }

  @Test
  void queue_ofOneConfinedWhereTheOtherCpusAreBusy_blamesTheQueue() {
    owners.put(GOLD, account(600, 400, 0));
    confined.put(GOLD, new Confinement(CpuSet.of(0), 2, Optional.of("vms/gold")));
    cpu(400, 0, 600).cpu(950, 0, 50);
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.QUEUED);
  }

  @Test
  void nothing_whereStealIsNotTold_claimsNothingOfTheHypervisor() {
    owners.put(GOLD, account(600, 0, 0));
    stealUnseen = Optional.of("not told");
    cpu(600, 0, 400);
    assertThat(sentence()).startsWith("Nothing is wrong that can be seen").contains("hypervisor");
  }

  @Test
  void queue_ofOneWhoHardlyRuns_isNotSpokenOf() {
    owners.put(GOLD, account(1, 18, 0));
    cpu(500, 0, 500);
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.NOTHING);
  }

  @Test
  void queue_ofMany_namesTheThreeLargest() {
    for (int i = 0; i < 9; i++) {
      owners.put(Owner.vm("vm" + i), account(100, 300 + i, 0));
    }
    cpu(1000, 0, 0);
    assertThat(findings()).extracting(Finding::entity).containsExactly("vm8", "vm7", "vm6");
  }

  @Test
  void nothing_isNotSaidWhereNothingIsSeen() {
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.BLIND);
    owners.put(GOLD, account(100, 0, 0));
    cpu(100, 0, 600);
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.BLIND);
    entities.clear();
    cpu(100, 0, 900);
    assertThat(findings()).extracting(Finding::code).containsExactly(Code.NOTHING);
  }
}
