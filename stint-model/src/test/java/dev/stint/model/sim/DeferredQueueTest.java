package dev.stint.model.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

final class DeferredQueueTest {
  /// The oracle is the JDK's queue; the ring wraps round and grows while it is wrapped.
  @Test
  void anyOperations_equalAnArrayDeque() {
    RandomStream random = new RandomStream(11);
    DeferredQueue queue = new DeferredQueue();
    ArrayDeque<Integer> oracle = new ArrayDeque<>();
    for (int step = 0; step < 20_000; step++) {
      int bias = step / 500 % 2 == 0 ? 6 : 4;
      if (oracle.isEmpty() || random.nextBelow(10) < bias) {
        queue.add(step);
        oracle.addLast(step);
      } else {
        assertThat(queue.remove()).isEqualTo(oracle.removeFirst());
      }
      assertThat(queue.isEmpty()).isEqualTo(oracle.isEmpty());
    }
  }
}
