package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Vectors: what the named tools' own tests and issues give (runc 4772, 4785, 4896; crun 1721;
/// kubernetes 131216).
final class CgroupWeightsTest {
  /// Shares, and their weight by the line, the curve and systemd.
  private static final int[][] TABLE = {
    {2, 1, 1, 1},
    {102, 4, 17, 9},
    {256, 10, 35, 25},
    {512, 20, 59, 50},
    {1024, 39, 100, 100},
    {2048, 79, 174, 200},
    {4096, 157, 303, 400},
    {10240, 391, 639, 1000},
  };

  @Test
  void weightOfShares_table_isWhatEachToolWrites() {
    for (int[] row : TABLE) {
      assertThat(CgroupWeights.weightByOciLine(row[0])).as("line %d", row[0]).isEqualTo(row[1]);
      assertThat(CgroupWeights.weightByOciCurve(row[0])).as("curve %d", row[0]).isEqualTo(row[2]);
      assertThat(CgroupWeights.weightBySystemd(row[0])).as("systemd %d", row[0]).isEqualTo(row[3]);
    }
  }

  @Test
  void weightByOciCurve_knownShares_areRuncs() {
    assertThat(CgroupWeights.weightByOciCurve(2000)).isEqualTo(170);
    assertThat(CgroupWeights.weightByOciCurve(262_144)).isEqualTo(10_000);
    assertThat(CgroupWeights.weightByOciCurve(1_000_000)).isEqualTo(10_000);
    assertThat(CgroupWeights.weightByOciCurve(1)).isEqualTo(1);
  }

  @Test
  void sharesOfWeight_knownWeights_roundToNearest() {
    assertThat(CgroupWeights.sharesOfWeight(1)).isEqualTo(10);
    assertThat(CgroupWeights.sharesOfWeight(39)).isEqualTo(399);
    assertThat(CgroupWeights.sharesOfWeight(100)).isEqualTo(1024);
    assertThat(CgroupWeights.sharesOfWeight(10_000)).isEqualTo(102_400);
  }

  @Test
  void weightOfShares_everyWeight_readsBackAsWritten() {
    for (int weight = 1; weight <= CgroupWeights.WEIGHT_MAX; weight++) {
      long shares = CgroupWeights.sharesOfWeight(weight);
      assertThat(CgroupWeights.weightOfShares(shares)).isEqualTo(weight);
    }
  }

  @Test
  void clampShares_outsideTheRange_isTheNearestBound() {
    assertThat(CgroupWeights.clampShares(0)).isEqualTo(2);
    assertThat(CgroupWeights.clampShares(300_000)).isEqualTo(262_144);
    assertThat(CgroupWeights.clampShares(1024)).isEqualTo(1024);
  }

  @Test
  void weightByOciCurve_growingShares_neverFalls() {
    int last = 0;
    for (int shares = 2; shares <= CgroupWeights.SHARES_MAX; shares++) {
      int weight = CgroupWeights.weightByOciCurve(shares);
      assertThat(weight).isBetween(Math.max(1, last), CgroupWeights.WEIGHT_MAX);
      last = weight;
    }
  }

  @Test
  void sharesBySystemd_weights_areProportional() {
    assertThat(CgroupWeights.sharesBySystemd(100)).isEqualTo(1024);
    assertThat(CgroupWeights.sharesBySystemd(1)).isEqualTo(10);
    assertThat(CgroupWeights.sharesBySystemd(10_000)).isEqualTo(102_400);
  }
}
