package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.report.perfetto.WorkQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkThreadTest {
  @Test
  void work_isDoneInOrderOnAnotherThread() {
    List<Integer> done = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    WorkThread thread = new WorkThread("test");
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      thread.give(() -> {
        done.add(number);
        threads.add(Thread.currentThread());
      });
    }
    thread.end();
    assertThat(done).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
    assertThat(threads.stream().distinct()).hasSize(1).doesNotContain(Thread.currentThread());
    assertThat(threads.getFirst().isAlive()).isFalse();
  }

  @Test
  void give_withAFullBacklog_waitsUntilSomethingIsDone() throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch given = new CountDownLatch(1);
    WorkThread thread = new WorkThread("test");
    Thread giver =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i <= WorkQueue.BACKLOG; i++) {
                thread.give(() -> await(start));
              }
              given.countDown();
            });
    assertThat(given.await(200, TimeUnit.MILLISECONDS)).isFalse();
    start.countDown();
    assertThat(given.await(10, TimeUnit.SECONDS)).isTrue();
    giver.join();
    thread.end();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
