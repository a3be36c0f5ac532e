package dev.stint.model.linux;

import static dev.stint.model.linux.LoadedBox.MS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QueuesOnFirstUseTest {
  @Test
  void group_withOnePinnedTask_hasItsQueueOnlyOnThatCpu() {
    LoadedBox box = new LoadedBox(8);
    TaskGroup group = box.group("a", box.kernel.rootGroup(), 100);
    assertThat(group.madeQueues()).isEmpty();
    box.task("a5", group, 5, LoadedBox.hog());
    box.runTo(100 * MS);
    assertThat(group.madeQueues()).extracting(queue -> queue.runqueue.cpu).containsExactly(5);
  }

  /// The one that is made late has what it would have had, were it there from the start: the load
  /// of the queue above is the same.
  @Test
  void queue_madeLate_isAsIfMadeEarly() {
    LoadedBox early = new LoadedBox(2);
    LoadedBox late = new LoadedBox(2);
    for (LoadedBox box : new LoadedBox[] {early, late}) {
      TaskGroup outer = box.group("outer", box.kernel.rootGroup(), 100);
      TaskGroup inner = box.group("outer/inner", outer, 300);
      if (box == early) {
        inner.allQueues();
      }
      box.task("busy", outer, 0, LoadedBox.hog());
      box.task("rare", inner, 1, LoadedBox.periodic(3 * MS, 70 * MS));
      box.task("rarer", inner, 0, LoadedBox.periodic(2 * MS, 170 * MS));
      box.runTo(1000 * MS);
    }
    for (int cpu = 0; cpu < 2; cpu++) {
      assertThat(late.kernel.runqueue(cpu).toString())
          .isEqualTo(early.kernel.runqueue(cpu).toString());
      assertThat(late.kernel.runqueue(cpu).root.average.loadSum)
          .isEqualTo(early.kernel.runqueue(cpu).root.average.loadSum);
    }
  }

  /// Siblings are visited in the order of their creation, whichever was made first.
  @Test
  void queuesBelow_areInTheOrderOfTheGroups() {
    LoadedBox box = new LoadedBox(2);
    TaskGroup first = box.group("first", box.kernel.rootGroup(), 100);
    TaskGroup second = box.group("second", box.kernel.rootGroup(), 100);
    TaskGroup third = box.group("third", box.kernel.rootGroup(), 100);
    FairQueue root = box.kernel.runqueue(1).root;
    third.queue(1);
    first.queue(1);
    second.queue(1);
    assertThat(root.belowCount()).isEqualTo(3);
    assertThat(root.below(0).group).isSameAs(first);
    assertThat(root.below(1).group).isSameAs(second);
    assertThat(root.below(2).group).isSameAs(third);
  }
}
