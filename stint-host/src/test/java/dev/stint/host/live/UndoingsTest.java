package dev.stint.host.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class UndoingsTest {
  private final List<String> done = new ArrayList<>();
  private final List<Runnable> hooks = new ArrayList<>();
  private final Undoings undoings =
      new Undoings(
          undo -> {
            hooks.add(undo);
            return () -> done.add("hook closed");
          },
          done::add);

  @Test
  void close_undoesTheLastFirst_andOnce() throws Exception {
    undoings.keep(() -> "a", done::add);
    undoings.keep(() -> "b", done::add);
    undoings.close();
    hooks.getFirst().run();
    assertThat(done).containsExactly("b", "a", "hook closed");
  }

  @Test
  void oneThatFails_isToldAndTheOthersGo() throws Exception {
    undoings.keep(() -> "a", done::add);
    undoings.keep(
        () -> "b",
        _ -> {
          throw new IllegalStateException("b stays");
        });
    undoings.close();
    assertThat(done).containsExactly("not removed: b stays", "a", "hook closed");
  }

  @Test
  void onceStopped_nothingIsMade() {
    hooks.getFirst().run();
    assertThatThrownBy(() -> undoings.keep(() -> done.add("made"), _ -> {}))
        .isInstanceOf(CannotRunLive.class)
        .hasMessageContaining("told to stop");
    assertThat(done).isEmpty();
  }

  @Test
  void stoppedWhileSomethingIsMade_waitsAndUndoesIt() throws Exception {
    CountDownLatch making = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .start(() -> {
              await(making);
              hooks.getFirst().run();
            });
    undoings.keep(
        () -> {
          making.countDown();
          while (hook.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
          }
          return "a";
        },
        done::add);
    hook.join();
    assertThat(done).containsExactly("a");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
