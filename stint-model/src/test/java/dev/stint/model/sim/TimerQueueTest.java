package dev.stint.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.time.Time;
import java.util.Comparator;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class TimerQueueTest {
  private record Armed(long timeNs, int rank, long sequence, int timer) {
    static final Comparator<Armed> ORDER =
        Comparator.comparingLong(Armed::timeNs)
            .thenComparingInt(Armed::rank)
            .thenComparingLong(Armed::sequence);
  }

  @Test
  void poll_equalTimes_comesByRankThenOrderOfArming() {
    TimerQueue queue = new TimerQueue();
    int late = queue.add(5);
    int first = queue.add(1);
    int second = queue.add(1);
    queue.arm(late, 10);
    queue.arm(first, 10);
    queue.arm(second, 10);
    assertThat(queue.poll()).isEqualTo(first);
    assertThat(queue.poll()).isEqualTo(second);
    assertThat(queue.poll()).isEqualTo(late);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.nextTimeNs()).isEqualTo(Time.NEVER);
  }

  @Test
  void arm_armedTimer_movesIt() {
    TimerQueue queue = new TimerQueue();
    int timer = queue.add(0);
    queue.arm(timer, 10);
    queue.arm(timer, 20);
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.nextTimeNs()).isEqualTo(20);
    assertThat(queue.cancel(timer)).isTrue();
    assertThat(queue.cancel(timer)).isFalse();
    assertThat(queue.nextTimeNs()).isEqualTo(Time.NEVER);
  }

  @Test
  void arm_yearsAway_neverExpires() {
    TimerQueue queue = new TimerQueue();
    int far = queue.add(0);
    int near = queue.add(127);
    queue.arm(far, Time.NEVER - 1);
    assertThat(queue.armed(far)).isTrue();
    assertThat(queue.nextTimeNs()).isEqualTo(Time.NEVER);
    queue.arm(near, TimerQueue.FAR_NS - 1);
    assertThat(queue.nextTimeNs()).isEqualTo(TimerQueue.FAR_NS - 1);
    assertThat(queue.poll()).isEqualTo(near);
    assertThat(queue.cancel(far)).isTrue();
    assertThat(queue.isEmpty()).isTrue();
  }

  /// The oracle is a sorted set of (time, rank, number of the arming): 300,000 random operations.
  @Test
  void anyOperations_equalASortedSet() {
    RandomStream random = new RandomStream(7);
    for (int round = 0; round < 30; round++) {
      TimerQueue queue = new TimerQueue();
      TreeSet<Armed> oracle = new TreeSet<>(Armed.ORDER);
      int timers = 1 + (int) random.nextBelow(200);
      int[] ranks = new int[timers];
      Armed[] armed = new Armed[timers];
      for (int i = 0; i < timers; i++) {
        ranks[i] = (int) random.nextBelow(4);
        assertThat(queue.add(ranks[i])).isEqualTo(i);
      }
      long sequence = 0;
      for (int step = 0; step < 10_000; step++) {
        int timer = (int) random.nextBelow(timers);
        long choice = random.nextBelow(10);
        if (choice < 5) {
          long time = random.nextBelow(50);
          queue.arm(timer, time);
          if (armed[timer] != null) {
            oracle.remove(armed[timer]);
          }
          armed[timer] = new Armed(time, ranks[timer], sequence++, timer);
          oracle.add(armed[timer]);
        } else if (choice < 7) {
          boolean was = armed[timer] != null && oracle.remove(armed[timer]);
          armed[timer] = null;
          assertThat(queue.cancel(timer)).isEqualTo(was);
        } else if (!oracle.isEmpty()) {
          Armed first = oracle.removeFirst();
          armed[first.timer()] = null;
          assertThat(queue.nextTimeNs()).isEqualTo(first.timeNs());
          assertThat(queue.poll()).isEqualTo(first.timer());
        }
        assertThat(queue.size()).isEqualTo(oracle.size());
      }
    }
  }
}
