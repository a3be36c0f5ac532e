package dev.stint.model.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The rule of `Documentation/virt/kvm/halt-polling.rst`, step by step.
class HaltPollTest {
  private static final long US = 1_000;

  private static long after(HaltPoll poll, long... haltsUs) {
    for (long haltUs : haltsUs) {
      poll.haltEnded(haltUs * US);
    }
    return poll.intervalNs() / US;
  }

  @Test
  void missedShortHalts_doubleFromTenMicrosecondsToTheMost() {
    HaltPoll poll = new HaltPoll(KvmConfig.DEFAULT);
    assertThat(poll.intervalNs()).isZero();
    assertThat(after(poll, 150)).isEqualTo(10);
    assertThat(after(poll, 150)).isEqualTo(20);
    assertThat(after(poll, 150, 150, 150)).isEqualTo(160);
    assertThat(after(poll, 190)).isEqualTo(200);
  }

  @Test
  void caughtHalt_leavesTheInterval() {
    HaltPoll poll = new HaltPoll(KvmConfig.DEFAULT);
    assertThat(after(poll, 50, 50, 50)).isEqualTo(40);
    assertThat(after(poll, 40, 1, 39)).isEqualTo(40);
  }

  @Test
  void haltOfExactlyTheMost_neitherGrowsNorShrinks() {
    HaltPoll poll = new HaltPoll(KvmConfig.DEFAULT);
    assertThat(after(poll, 50, 50, 50, 200)).isEqualTo(40);
  }

  @Test
  void longHalts_halve_andBelowTheStartEnd() {
    HaltPoll poll = new HaltPoll(KvmConfig.DEFAULT);
    assertThat(after(poll, 50, 50, 50)).isEqualTo(40);
    assertThat(after(poll, 201)).isEqualTo(20);
    assertThat(after(poll, 201)).isEqualTo(10);
    assertThat(after(poll, 201)).isZero();
  }

  @Test
  void shrinkZero_endsAtOnce() {
    HaltPoll poll = new HaltPoll(new KvmConfig(200 * US, 0));
    assertThat(after(poll, 50, 50, 50, 300)).isZero();
  }

  @Test
  void mostBelowTheStart_isTheInterval() {
    HaltPoll poll = new HaltPoll(new KvmConfig(5 * US, 2));
    assertThat(after(poll, 4)).isEqualTo(5);
  }

  @Test
  void off_neverPolls() {
    HaltPoll poll = new HaltPoll(new KvmConfig(0, 2));
    assertThat(after(poll, 1, 100, 10_000)).isZero();
  }
}
