package dev.stint.testkit.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.FamilyShare;
import dev.stint.model.hypervisor.Rotation;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.time.Time;
import dev.stint.testkit.isolation.TimeTheft.Attack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// No sequence of calls takes a neighbour's time.
class TimeTheftTest {
  /* The scheduler's own bound: a time slice on each of the two LPs. */
  private static final long BOUND_NS = 2 * TimeTheft.SLICE_NS;

  private static TimeTheft theft(long seed, SchedulerType type, FamilyShare share, Attack attack) {
    return new TimeTheft(seed, type, Rotation.ROUND_ROBIN, share, attack);
  }

  @ParameterizedTest
  @EnumSource
  void neighbour_keepsItsHalf(Attack attack) {
    for (SchedulerType type : new SchedulerType[] {SchedulerType.LP_SMT, SchedulerType.CORE_SMT}) {
      for (long seed = 1; seed <= 2; seed++) {
        TimeTheft theft = theft(seed, type, FamilyShare.FAMILY, attack);
        for (long seconds : new long[] {1, 4}) {
          assertThat(theft.neighbourNs(seconds * Time.SECOND))
              .as("%s under %s, seed %d, after %d s", attack, type, seed, seconds)
              .isGreaterThanOrEqualTo(seconds * Time.SECOND - BOUND_NS);
        }
      }
    }
  }

  private static TimeTheft idealProcessor(long seed, Attack attack) {
    return new TimeTheft(
        seed, SchedulerType.LP_SMT, Rotation.IDEAL_PROCESSOR, FamilyShare.FAMILY, attack);
  }

  @ParameterizedTest
  @EnumSource
  void neighbour_underIdealProcessor_keepsItsHalf(Attack attack) {
    for (long seed = 1; seed <= 2; seed++) {
      assertThat(idealProcessor(seed, attack).neighbourNs(4 * Time.SECOND))
          .as("%s, seed %d", attack, seed)
          .isGreaterThanOrEqualTo(4 * Time.SECOND - BOUND_NS);
    }
  }

  @Test
  void neighbour_underIdealProcessorForLong_keepsItsHalfAgainstRebirth() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(idealProcessor(seed, Attack.REBIRTH).neighbourNs(20 * Time.SECOND))
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(20 * Time.SECOND - BOUND_NS);
    }
  }

  /* The attacks are good ones: without the family rule they take almost everything. */
  @Test
  void neighbour_withoutTheFamilyRule_isRobbed() {
    long halfNs = 4 * Time.SECOND;
    for (Attack attack : new Attack[] {Attack.RANDOM, Attack.REBIRTH, Attack.STOP_AND_GO}) {
      TimeTheft theft = theft(1, SchedulerType.LP_SMT, FamilyShare.OWN, attack);
      assertThat(theft.neighbourNs(4 * Time.SECOND)).as("%s", attack).isLessThan(halfNs * 6 / 10);
    }
  }
}
