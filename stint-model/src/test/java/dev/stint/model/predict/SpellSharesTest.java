package dev.stint.model.predict;

import static dev.stint.model.predict.Demand.group;
import static dev.stint.model.predict.Demand.hog;
import static dev.stint.model.predict.Demand.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.machine.CpuSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Families whose answers follow from the weights and from who asked when.
final class SpellSharesTest {
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void twoGroupsThreeToOne_independentHalves_shareOnlyWhileBothAsk() {
    Demand root =
        group(
            "/",
            1,
            List.of(
                group("gold", 3, List.of(hog("g", 1))), group("bronze", 1, List.of(hog("b", 1)))));
    var shares =
        SpellShares.solve(root, List.of(oneCpu(1, 1), oneCpu(1, 0), oneCpu(0, 1), oneCpu(0, 0)));
    assertThat(seconds(shares, "gold")).isCloseTo(0.75 + 1, within(1e-6));
    assertThat(seconds(shares, "bronze")).isCloseTo(0.25 + 1, within(1e-6));
    assertThat(seconds(shares, "/")).isCloseTo(3, within(1e-6));
  }

  @Test
  void oneOnOffAgainstOneBusy_halvesTheCpuWhileItIsOn() {
    Demand root = group("/", 1, List.of(hog("on-off", 1), hog("busy", 1)));
    var shares = SpellShares.solve(root, List.of(oneCpu(1, 1), oneCpu(0, 1)));
    assertThat(seconds(shares, "on-off")).isEqualTo(0.5);
    assertThat(seconds(shares, "busy")).isEqualTo(1.5);
  }

  @Test
  void averagedDemand_wouldHaveGivenTheOnOffOneAllItAsked() {
    Demand root = group("/", 1, List.of(leaf("on-off", 1, SECOND_NS), hog("busy", 1)));
    assertThat(EntitledShare.solve(root, new long[] {2 * SECOND_NS}, 2 * SECOND_NS))
        .containsEntry("on-off", SECOND_NS);
  }

  @Test
  void oneSpell_isTheAveragedProblem() {
    Demand root =
        group(
            "/",
            1,
            List.of(
                group("limited", 9, List.of(hog("l", 1), hog("m", 3))).withLimit(SECOND_NS / 2),
                leaf("modest", 9, SECOND_NS / 10),
                hog("a", 1),
                hog("b", 2).withCpus(CpuSet.of(1))));
    long[] always = {SECOND_NS, SECOND_NS, SECOND_NS, SECOND_NS, SECOND_NS};
    long[] supplied = {SECOND_NS, SECOND_NS * 9 / 10};
    assertThat(SpellShares.solve(root, List.of(Spell.supplied(SECOND_NS, always, supplied))))
        .isEqualTo(EntitledShare.solve(root, supplied, SECOND_NS));
    long received = SECOND_NS * 17 / 10;
    assertThat(SpellShares.solve(root, List.of(Spell.received(SECOND_NS, always, 2, received))))
        .isEqualTo(EntitledShare.solveWithTotal(root, 2, SECOND_NS, received));
  }

  @Test
  void receivedTotal_isDividedWhereItWasReceived() {
    Demand root = group("/", 1, List.of(hog("a", 3), hog("b", 1)));
    var shares =
        SpellShares.solve(
            root,
            List.of(
                Spell.received(SECOND_NS, new long[] {SECOND_NS, SECOND_NS}, 1, SECOND_NS / 5),
                Spell.received(SECOND_NS, new long[] {SECOND_NS, 0}, 1, SECOND_NS)));
    assertThat(seconds(shares, "a")).isCloseTo(0.15 + 1, within(1e-6));
    assertThat(seconds(shares, "b")).isCloseTo(0.05, within(1e-6));
  }

  @Test
  void quotaNeverUsedUp_changesNothing() {
    Demand root =
        group(
            "/",
            1,
            List.of(group("q", 1, List.of(hog("q0", 1))).withLimit(SECOND_NS), hog("busy", 1)));
    var shares = SpellShares.solve(root, List.of(oneCpu(1, 1), oneCpu(0, 1)));
    assertThat(seconds(shares, "q")).isCloseTo(0.5, within(1e-6));
    assertThat(seconds(shares, "busy")).isCloseTo(1.5, within(1e-6));
  }

  @Test
  void quota_isSpreadOverTheTimeInWhichItsGroupAsks() {
    Demand root =
        group(
            "/",
            1,
            List.of(group("q", 1, List.of(hog("q0", 1))).withLimit(SECOND_NS / 4), hog("busy", 1)));
    var shares = SpellShares.solve(root, List.of(oneCpu(1, 1), oneCpu(1, 0), oneCpu(0, 1)));
    assertThat(seconds(shares, "q")).isCloseTo(0.25, within(1e-6));
    assertThat(seconds(shares, "busy")).isCloseTo(0.875 + 1, within(1e-6));
  }

  @Test
  void quotaOfHalf_halfTheTimeBehindABusyGroup_takesMoreWhereItCan() {
    Demand root =
        group(
            "/",
            1,
            List.of(
                group("q", 1, List.of(hog("q0", 1))).withLimit(SECOND_NS * 11 / 10),
                hog("busy", 3)));
    var shares = SpellShares.solve(root, List.of(oneCpu(1, 1), oneCpu(1, 0), oneCpu(0, 1)));
    assertThat(seconds(shares, "q")).isCloseTo(0.25 + 0.85, within(1e-6));
    assertThat(seconds(shares, "busy")).isCloseTo(0.75 + 1, within(1e-6));
  }

  @Test
  void nestedQuotas_bothHold() {
    Demand inner = group("inner", 3, List.of(hog("i", 1))).withLimit(SECOND_NS / 2);
    Demand outer = group("outer", 1, List.of(inner, hog("o", 1))).withLimit(SECOND_NS * 6 / 5);
    Demand root = group("/", 1, List.of(outer, hog("busy", 1)));
    long[] all = {SECOND_NS, SECOND_NS, SECOND_NS};
    long[] some = {0, SECOND_NS, SECOND_NS};
    long[] two = {SECOND_NS, SECOND_NS};
    var shares =
        SpellShares.solve(
            root,
            List.of(Spell.supplied(SECOND_NS, all, two), Spell.supplied(SECOND_NS, some, two)));
    assertThat(seconds(shares, "outer")).isCloseTo(1.2, within(1e-6));
    assertThat(seconds(shares, "inner")).isCloseTo(0.45, within(1e-6));
    assertThat(seconds(shares, "busy")).isEqualTo(2);
  }

  @Test
  void shortWork_servedAtOnceInFact_isGivenTheRestLater() {
    Demand root = group("/", 1, List.of(leaf("server", 1, SECOND_NS), hog("busy", 1)));
    Spell alone = Spell.supplied(4 * SECOND_NS, new long[] {0, 4 * SECOND_NS}, whole(4, 1));
    var shares = SpellShares.solve(root, List.of(oneCpu(1, 1), alone));
    assertThat(seconds(shares, "server")).isCloseTo(1, within(1e-6));
    assertThat(seconds(shares, "busy")).isCloseTo(4, within(1e-6));
  }

  @Test
  void shortWork_keptWaitingInFact_asksForNoMoreThanItIs() {
    Demand root = group("/", 1, List.of(leaf("server", 9, SECOND_NS / 2), hog("busy", 1)));
    var shares = SpellShares.solve(root, List.of(oneCpu(1, 1), oneCpu(1, 1), oneCpu(0, 1)));
    assertThat(seconds(shares, "server")).isCloseTo(0.5, within(1e-6));
    assertThat(seconds(shares, "busy")).isCloseTo(2.5, within(1e-6));
  }

  @Test
  void mergedSpell_asksForItsPart() {
    Demand root = group("/", 1, List.of(hog("on-off", 1), hog("busy", 1)));
    Spell merged =
        Spell.supplied(2 * SECOND_NS, new long[] {SECOND_NS / 2, 2 * SECOND_NS}, whole(2, 1));
    var shares = SpellShares.solve(root, List.of(merged));
    assertThat(seconds(shares, "on-off")).isEqualTo(0.5);
    assertThat(seconds(shares, "busy")).isEqualTo(1.5);
  }

  @Test
  void impossibleSpells_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spell.supplied(5, new long[] {6}, new long[] {5}))
        .withMessageContaining("a leaf is ready for 0 to the spell's 5 ns, got 6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spell.supplied(5, new long[] {5}, new long[] {6}));
    assertThatIllegalArgumentException().isThrownBy(() -> Spell.received(5, new long[] {5}, 1, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spell.supplied(0, new long[0], new long[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpellShares.solve(hog("a", 1), List.of(oneCpu(1, 1))));
  }

  private static Spell oneCpu(int first, int second) {
    return Spell.supplied(
        SECOND_NS, new long[] {first * SECOND_NS, second * SECOND_NS}, whole(1, 1));
  }

  private static long[] whole(int seconds, int cpus) {
    long[] capacity = new long[cpus];
    Arrays.fill(capacity, seconds * SECOND_NS);
    return capacity;
  }

  private static double seconds(Map<String, Long> shares, String path) {
    return (double) shares.get(path) / SECOND_NS;
  }
}
