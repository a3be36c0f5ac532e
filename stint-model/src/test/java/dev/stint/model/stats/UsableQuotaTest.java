package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A quota of 50 in every 100, with answers by hand.
class UsableQuotaTest {
  private static UsableQuota quota(long burstNs, long overrunNs, long phaseNs) {
    return new UsableQuota(
        new ReadyFamily.GroupQuota("g", List.of(0, 1, 2), 2, 50, 100, burstNs, overrunNs, phaseNs));
  }

  @Test
  void alwaysReady_canUseItsQuotaTimesThePeriods() {
    UsableQuota usable = quota(0, 8, 37);
    usable.advance(0, 730, 3);
    usable.advance(730, 1_050, 1);
    assertThat(usable.totalNs(1_050)).isEqualTo(525);
  }

  @Test
  void readyForLessThanItsQuota_canUseThat() {
    UsableQuota usable = quota(0, 0, 0);
    usable.advance(0, 20, 1);
    usable.advance(20, 1_000, 0);
    assertThat(usable.totalNs(1_000)).isEqualTo(20);
  }

  @Test
  void everyOtherPeriod_losesTheQuotaOfTheOthers() {
    UsableQuota usable = quota(0, 0, 0);
    for (int period = 0; period < 10; period += 2) {
      usable.advance(period * 100L, period * 100L + 100, 1);
      usable.advance(period * 100L + 100, period * 100L + 200, 0);
    }
    assertThat(usable.totalNs(1_000)).isEqualTo(250);
  }

  @Test
  void everyOtherPeriod_withBurst_keepsThatMuch() {
    UsableQuota usable = quota(30, 0, 0);
    for (int period = 0; period < 10; period += 2) {
      usable.advance(period * 100L, period * 100L + 100, 0);
      usable.advance(period * 100L + 100, period * 100L + 200, 3);
    }
    assertThat(usable.totalNs(1_000)).isEqualTo(5 * 80);
  }

  @Test
  void moreReadyThanProcessors_countsTheProcessors() {
    UsableQuota usable = quota(0, 0, 0);
    usable.advance(0, 15, 3);
    usable.advance(15, 100, 0);
    assertThat(usable.totalNs(100)).isEqualTo(30);
  }

  @Test
  void overrun_isTakenFromTheNextPeriod() {
    UsableQuota usable = quota(0, 4, 0);
    usable.advance(0, 100, 1);
    usable.advance(100, 148, 1);
    usable.advance(148, 1_000, 0);
    assertThat(usable.totalNs(1_000)).isEqualTo(54 + 48);
    UsableQuota twice = quota(0, 4, 0);
    twice.advance(0, 200, 1);
    twice.advance(200, 1_000, 0);
    assertThat(twice.totalNs(1_000)).isEqualTo(54 + 50);
  }
}
