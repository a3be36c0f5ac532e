package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WakeFoldTest {
  private final WakeFold fold = new WakeFold();

  @BeforeEach
  void follow() {
    fold.follow(List.of(7L, 8L));
  }

  private WakeLatency of(long tid) {
    return fold.take(tid).latency();
  }

  @Test
  void fold_eventsOfTwoCpus_areTakenInTheOrderOfTime() {
    fold.switched(150, 0, 7); // CPU 0 is read first, the wake-up came from CPU 1
    fold.switched(400, 7, 0);
    fold.woken(100, 7);
    fold.woken(300, 8);
    assertThat(fold.fold(1000)).isTrue();
    WakeLatency seven = of(7);
    assertThat(seven.measured().count()).isEqualTo(1);
    assertThat(seven.measured().maxNs()).isEqualTo(50);
    assertThat(of(8).measured().count()).isZero();
  }

  @Test
  void fold_eventsAfterTheLook_stayForTheNext() {
    fold.switched(150, 0, 7);
    assertThat(fold.fold(120)).isTrue();
    assertThat(of(7).measured().count()).isZero();
    fold.woken(100, 7); // was in the buffer of a CPU that had been read already
    assertThat(fold.fold(1000)).isTrue();
    assertThat(of(7).measured().sumNs()).isEqualTo(50);
  }

  @Test
  void fold_aWakeUpOfAThreadThatRuns_beginsNoWait() {
    fold.woken(100, 7);
    fold.switched(110, 0, 7);
    fold.woken(120, 7);
    fold.switched(130, 7, 0);
    fold.switched(900, 0, 7); // got its CPU back
    assertThat(fold.fold(1000)).isTrue();
    WakeLatency waits = of(7);
    assertThat(waits.measured().count()).isEqualTo(1);
    assertThat(waits.unmeasured()).isZero();
  }

  @Test
  void fold_aSwitchThatIsNotShown_leavesTheWaitUnmeasured() {
    fold.woken(100, 7);
    fold.switched(500, 7, 0);
    assertThat(fold.fold(1000)).isTrue();
    WakeLatency waits = of(7);
    assertThat(waits.measured().count()).isZero();
    assertThat(waits.unmeasured()).isEqualTo(1);
    assertThat(waits.known()).isEmpty();
  }

  @Test
  void known_withOneOfAHundredMissing_isKnown_withMoreIsNot() {
    for (int i = 0; i < 99; i++) {
      fold.woken(100 * i, 7);
      fold.switched(100 * i + 10, 0, 7);
      fold.switched(100 * i + 20, 7, 0);
    }
    fold.woken(99_000, 7);
    fold.switched(99_020, 7, 0);
    fold.fold(99_030);
    Wakes waits = fold.take(7);
    assertThat(waits.latency().known()).isPresent();
    waits.missed();
    assertThat(waits.latency().known()).isEmpty();
  }

  @Test
  void forget_afterALoss_takesNoWaitAcrossIt() {
    fold.woken(100, 7);
    fold.forget();
    fold.switched(500, 0, 7);
    assertThat(fold.fold(1000)).isTrue();
    assertThat(of(7).measured().count()).isZero();
  }

  @Test
  void fold_stampsThatCannotBe_areRefused() {
    fold.woken(-5, 7);
    fold.woken(Long.MAX_VALUE, 7);
    assertThat(fold.fold(1000)).isFalse();
  }

  @Test
  void counts_areByBound() {
    fold.woken(0, 7);
    fold.switched(20_000, 0, 7);
    fold.fold(1_000_000);
    assertThat(of(7).counts()).startsWith(0L, 1L, 0L).hasSize(WakeLatency.BOUNDS_NS.size() + 1);
  }
}
