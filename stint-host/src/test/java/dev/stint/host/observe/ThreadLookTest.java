package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.proc.ThreadTimes;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ThreadLookTest {
  private static ThreadLook look(long at, long run, long wait, boolean ready, long sleeps) {
    return new ThreadLook(at, new ThreadTimes(run, wait, 0), ready, 0, OptionalLong.of(sleeps));
  }

  @Test
  void since_aThreadThatSlept_leavesTheRestBlocked() {
    Account account = look(1000, 300, 200, false, 7).since(look(0, 0, 0, false, 5), 0);
    assertThat(account).isEqualTo(new Account(1000, 300, 200, 0, 0, 500, 0));
  }

  @Test
  void since_aThreadThatNeverSlept_leavesTheRestUnknown() {
    Account account = look(1000, 900, 0, false, 5).since(look(0, 0, 0, true, 5), 0);
    assertThat(account.unknownNs()).isEqualTo(100);
    assertThat(account.blockedNs()).isZero();
  }

  @Test
  void since_aThreadThatIsReady_mayHaveAWaitThatIsNotCountedYet() {
    Account account = look(1000, 0, 0, true, 6).since(look(0, 0, 0, false, 5), 0);
    assertThat(account).isEqualTo(Account.unknown(1000));
  }

  @Test
  void since_whatAHypervisorTook_isNotCalledSleep() {
    Account ran = look(1000, 300, 0, false, 7).since(look(0, 0, 0, false, 5), 50);
    assertThat(ran).isEqualTo(new Account(1000, 300, 0, 0, 0, 650, 50));
    Account slept = look(1000, 0, 0, false, 5).since(look(0, 0, 0, false, 5), 50);
    assertThat(slept.blockedNs()).isEqualTo(1000);
  }

  @Test
  void since_aWaitThatBeganBefore_isCutToTheWall() {
    Account account = look(1000, 100, 5000, false, 7).since(look(0, 0, 0, true, 5), 0);
    assertThat(account).isEqualTo(new Account(1000, 100, 900, 0, 0, 0, 0));
  }

  @Test
  void since_countersThatBeganAnew_areUnknown() {
    assertThat(look(1000, 5, 5, false, 1).since(look(0, 9, 0, false, 5), 0))
        .isEqualTo(Account.unknown(1000));
  }

  @Test
  void since_anything_addsUpAndHasNoNegativePart() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 20_000; i++) {
      ThreadLook one = look(0, random.nextLong(900), random.nextLong(900), random.nextBoolean(), 3);
      ThreadLook two =
          look(
              random.nextLong(1500),
              random.nextLong(2000),
              random.nextLong(2000),
              random.nextBoolean(),
              3 + random.nextLong(2));
      Account account = two.since(one, random.nextLong(100)).throttled(random.nextLong(500));
      assertThat(account.residualNs()).isZero();
      assertThat(account.runNs()).isNotNegative();
      assertThat(account.queueNs()).isNotNegative();
      assertThat(account.throttledNs()).isNotNegative();
      assertThat(account.blockedNs()).isNotNegative();
      assertThat(account.unknownNs()).isNotNegative();
    }
  }
}
