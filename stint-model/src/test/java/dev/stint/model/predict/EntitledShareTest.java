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

/// Hand-made families with answers known from the weights, or measured on a real kernel.
final class EntitledShareTest {
  private static final long DURATION_NS = 10_000_000_000L;

  @Test
  void solve_threeHogsOnTwoCpus_getTwoThirdsEach() {
    var shares = solve(2, group("/", 1, List.of(hog("a", 7), hog("b", 7), hog("c", 7))));
    assertThat(shares)
        .containsExactly(
            Map.entry("/", 20_000_000_000L),
            Map.entry("a", 6_666_666_667L),
            Map.entry("b", 6_666_666_667L),
            Map.entry("c", 6_666_666_666L));
  }

  @Test
  void solve_niceZeroAgainstFive_dividesByTheKernelsWeights() {
    var shares = solve(1, group("/", 1, List.of(hog("nice0", 1024), hog("nice5", 335))));
    assertThat(shares.get("nice0")).isEqualTo(1024 * DURATION_NS / 1359 + 1);
    assertThat(shares.get("nice5")).isEqualTo(335 * DURATION_NS / 1359);
  }

  @Test
  void solve_eightNicesOnTwoCpus_matchesTheMeasuredKernel() {
    long[] weights = {9548, 3121, 1024, 1024, 335, 335, 110, 36};
    Demand[] hogs = new Demand[8];
    Arrays.setAll(hogs, i -> hog("x" + i, weights[i]));
    var shares = solve(2, group("/", 1, List.of(hogs)));
    double[] percent = {100, 52.15, 17.11, 17.11, 5.6, 5.6, 1.84, 0.60};
    for (int i = 0; i < 8; i++) {
      assertThat(percent(shares, "x" + i)).isCloseTo(percent[i], within(0.005));
    }
  }

  @Test
  void solve_groupsOfOneTwoThreeHogsOnTwoCpus_divideByGroupWeight() {
    var shares =
        solve(
            2,
            group(
                "/",
                1,
                List.of(
                    group("a", 1024, List.of(hog("a0", 1024))),
                    group("b", 2048, List.of(hog("b0", 1024), hog("b1", 1024))),
                    group("c", 512, List.of(hog("c0", 1024), hog("c1", 1024), hog("c2", 1024))))));
    assertThat(percent(shares, "a")).isCloseTo(57.14, within(0.01));
    assertThat(percent(shares, "b")).isCloseTo(114.29, within(0.01));
    assertThat(percent(shares, "c")).isCloseTo(28.57, within(0.01));
    assertThat(percent(shares, "c2")).isCloseTo(9.52, within(0.01));
  }

  @Test
  void solve_groupsOfOneHogOnTwoCpus_leaveWhatOneCpuCannotUse() {
    var shares =
        solve(
            2,
            group(
                "/",
                1,
                List.of(
                    group("a", 1024, List.of(hog("a0", 1024))),
                    group("b", 2048, List.of(hog("b0", 1024))),
                    group("c", 512, List.of(hog("c0", 1024))))));
    assertThat(percent(shares, "a")).isCloseTo(66.67, within(0.01));
    assertThat(percent(shares, "b")).isEqualTo(100);
    assertThat(percent(shares, "c")).isCloseTo(33.33, within(0.01));
  }

  @Test
  void solve_confinedGroups_shareOnlyTheirOwnCpu() {
    var shares =
        solve(
            2,
            group(
                "/",
                1,
                List.of(
                    group("e1", 1024, List.of(hog("e1a", 1024), hog("e1b", 1024)))
                        .withCpus(CpuSet.of(0)),
                    group("e2", 1024, List.of(hog("e2a", 1024))).withCpus(CpuSet.of(1)))));
    assertThat(shares)
        .containsEntry("e1a", DURATION_NS / 2)
        .containsEntry("e1b", DURATION_NS / 2)
        .containsEntry("e2a", DURATION_NS);
  }

  @Test
  void solve_overlappingCpusets_giveTheConfinedHogItsCpu() {
    var shares =
        solve(
            2,
            group(
                "/",
                1,
                List.of(
                    group("e1", 1024, List.of(hog("a", 1024), hog("b", 1024), hog("c", 1024))),
                    group("e2", 1024, List.of(hog("d", 1024))).withCpus(CpuSet.of(1)))));
    assertThat(shares).containsEntry("e1", DURATION_NS).containsEntry("e2", DURATION_NS);
    assertThat(percent(shares, "b")).isCloseTo(33.33, within(0.01));
  }

  @Test
  void solve_confinedByWeightAndCpuset_sharesTheOverlapByWeight() {
    var shares =
        solve(
            2,
            group(
                "/",
                1,
                List.of(
                    hog("wide", 1),
                    hog("narrow0", 3).withCpus(CpuSet.of(0)),
                    hog("narrow1", 1).withCpus(CpuSet.of(0)))));
    assertThat(shares)
        .containsEntry("wide", DURATION_NS)
        .containsEntry("narrow0", DURATION_NS * 3 / 4)
        .containsEntry("narrow1", DURATION_NS / 4);
  }

  @Test
  void solve_quotaAndDemand_passTheRestOn() {
    var shares =
        solve(
            2,
            group(
                "/",
                1,
                List.of(
                    group("limited", 10_000, List.of(hog("l0", 1), hog("l1", 3)))
                        .withLimit(DURATION_NS / 2),
                    leaf("modest", 10_000, DURATION_NS / 10),
                    hog("a", 1),
                    hog("b", 2))));
    assertThat(shares)
        .containsEntry("limited", DURATION_NS / 2)
        .containsEntry("l0", DURATION_NS / 8)
        .containsEntry("l1", DURATION_NS * 3 / 8)
        .containsEntry("modest", DURATION_NS / 10)
        .containsEntry("a", DURATION_NS * 14 / 30 + 1)
        .containsEntry("b", DURATION_NS * 28 / 30)
        .containsEntry("/", 2 * DURATION_NS);
  }

  @Test
  void solve_cousinsThatWantTheSameCpu_areTreatedAlike() {
    var shares = solve(2, group("/", 1, List.of(pinned("p", 1), pinned("q", 1))));
    for (String group : List.of("p", "q")) {
      assertThat(shares)
          .containsEntry(group, DURATION_NS)
          .containsEntry(group + "/0", DURATION_NS / 4)
          .containsEntry(group + "/1", DURATION_NS / 4)
          .containsEntry(group + "/2", DURATION_NS / 2);
    }
  }

  @Test
  void solve_cousinsOfUnequalParents_meetAtTheSamePartOfTheirClaims() {
    var shares = solve(2, group("/", 1, List.of(pinned("p", 3), pinned("q", 5))));
    assertThat(shares.get("p")).isEqualTo(DURATION_NS * 6 / 8);
    assertThat(shares.get("q")).isEqualTo(DURATION_NS * 10 / 8);
    assertThat(shares.get("p/0")).isCloseTo(DURATION_NS * 3 / 16, within(3L));
    assertThat(shares.get("q/1")).isCloseTo(DURATION_NS * 5 / 16, within(3L));
  }

  private static Demand pinned(String path, long weight) {
    return group(
        path,
        weight,
        List.of(
            hog(path + "/0", 1).withCpus(CpuSet.of(0)),
            hog(path + "/1", 1).withCpus(CpuSet.of(0)),
            hog(path + "/2", 1).withCpus(CpuSet.of(1))));
  }

  @Test
  void solve_unequalCpus_countWhatEachSupplies() {
    Demand root =
        group(
            "/",
            1,
            List.of(
                hog("a", 1).withCpus(CpuSet.of(0)),
                hog("b", 1),
                hog("nowhere", 9).withCpus(CpuSet.of(7))));
    var shares = EntitledShare.solve(root, new long[] {30, 10, 0}, 100);
    assertThat(shares).containsEntry("a", 20L).containsEntry("b", 20L).containsEntry("nowhere", 0L);
  }

  @Test
  void solve_nothingToShare_givesNothing() {
    assertThat(EntitledShare.solve(group("/", 1, List.of()), new long[] {5}, 5))
        .containsExactly(Map.entry("/", 0L));
    assertThat(EntitledShare.solve(group("/", 1, List.of(hog("a", 1))), new long[0], 5))
        .containsEntry("a", 0L);
  }

  @Test
  void solve_loneLeaf_getsOneCpuAtMost() {
    assertThat(EntitledShare.solve(hog("a", 1), new long[] {100, 100}, 100))
        .containsExactly(Map.entry("a", 100L));
  }

  @Test
  void solveWithTotal_saturatedFamily_dividesTheTotal() {
    Demand root =
        group("/", 1, List.of(hog("a", 3).withCpus(CpuSet.of(0)), hog("b", 1), hog("c", 1)));
    var shares = EntitledShare.solveWithTotal(root, 2, 1_000, 600);
    assertThat(shares).containsEntry("/", 600L).containsEntry("a", 300L).containsEntry("b", 150L);
  }

  @Test
  void solveWithTotal_halfTheCpusWanted_raisesTheSupplyOfAll() {
    Demand root = group("/", 1, List.of(hog("a", 1), leaf("b", 1, 50))).withCpus(CpuSet.of(0, 2));
    assertThat(EntitledShare.solveWithTotal(root, 4, 1_000, 900))
        .containsEntry("/", 900L)
        .containsEntry("a", 850L);
    Demand split =
        group(
            "/",
            1,
            List.of(hog("a", 1).withCpus(CpuSet.of(0)), leaf("b", 1, 100).withCpus(CpuSet.of(1))));
    assertThat(EntitledShare.solveWithTotal(split, 2, 1_000, 700))
        .containsEntry("/", 700L)
        .containsEntry("a", 600L)
        .containsEntry("b", 100L);
  }

  @Test
  void solveWithTotal_moreThanWanted_givesWhatIsWanted() {
    Demand root = group("/", 1, List.of(hog("a", 1), leaf("b", 1, 50)));
    assertThat(EntitledShare.solveWithTotal(root, 2, 1_000, 1_900))
        .containsEntry("/", 1_050L)
        .containsEntry("b", 50L);
  }

  @Test
  void demand_outOfRange_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hog("web", 0))
        .withMessage("web: weight is 1 to 268435456, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Demand("web", 1, -1, CpuSet.of(0), 5, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Demand("web", 1, 5, CpuSet.of(0), 5, List.of(hog("a", 1))));
    assertThatIllegalArgumentException().isThrownBy(() -> leaf("web", 1, -5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> solve(1, group("/", 1, List.of(hog("a", 1), hog("a", 1)))))
        .withMessageContaining("two nodes are named a");
  }

  @Test
  void solve_impossibleSupply_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntitledShare.solve(hog("a", 1), new long[] {6}, 5))
        .withMessageContaining("CPU 0 supplies 6 ns");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntitledShare.solve(hog("a", 1), new long[] {0}, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntitledShare.solveWithTotal(hog("a", 1), 0, 5, 5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntitledShare.solveWithTotal(hog("a", 1), 2049, 5, 5));
  }

  private static Map<String, Long> solve(int cpus, Demand root) {
    long[] capacityNs = new long[cpus];
    Arrays.fill(capacityNs, DURATION_NS);
    return EntitledShare.solve(root, capacityNs, DURATION_NS);
  }

  private static double percent(Map<String, Long> shares, String path) {
    return 100.0 * shares.get(path) / DURATION_NS;
  }
}
