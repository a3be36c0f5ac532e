package dev.stint.model.linux;

import static dev.stint.model.linux.LoadedBox.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class QueueLoadTest {
  @Test
  void load_hogs_isTheirWeight() {
    LoadedBox box = new LoadedBox(2);
    Task a = box.task("a", box.kernel.rootGroup(), 0, LoadedBox.hog());
    Task b = box.task("b", box.kernel.rootGroup(), 0, LoadedBox.hog());
    box.runTo(2000 * MS);
    FairQueue root = box.kernel.runqueue(0).root;
    assertThat(root.average.loadAvg).isCloseTo(2048, within(4L));
    assertThat(root.average.runnableAvg).isCloseTo(2048, within(4L));
    assertThat(root.average.utilAvg).isCloseTo(1024, within(4L));
    assertThat(a.entity.average.loadAvg).isCloseTo(1024, within(2L));
    assertThat(a.entity.average.utilAvg + b.entity.average.utilAvg).isCloseTo(1024, within(8L));
    assertThat(box.kernel.runqueue(1).root.average.loadAvg).isZero();
  }

  /// A task that runs a fifth of the time has, on average over its period, a fifth of the capacity.
  @Test
  void util_periodicTask_isItsDutyCycle() {
    LoadedBox box = new LoadedBox(2);
    Task task = box.task("a", box.kernel.rootGroup(), 0, LoadedBox.periodic(4 * MS, 20 * MS));
    box.runTo(1000 * MS);
    long sum = 0;
    int samples = 0;
    for (long ms = 1000; ms < 2000; ms += 20) {
      box.runTo(ms * MS + 5 * MS);
      sum += task.entity.average.utilAvg;
      samples++;
    }
    // It was just updated after its run, when the sum is highest: by (1 - y^16)/2 at most.
    assertThat(sum / samples).isBetween(200L, 250L);
    assertThat(task.entity.average.utilEst).isBetween(200L, 250L);
  }

  /// A new task counts in full, and as using half of an idle CPU.
  @Test
  void start_newTask_hasItsWeightAndHalfOfWhatIsSpare() {
    LoadedBox box = new LoadedBox(2);
    Task task = box.task("a", box.kernel.rootGroup(), 0, LoadedBox.hog());
    box.runTo(1);
    assertThat(task.entity.average.loadAvg).isEqualTo(1024);
    assertThat(task.entity.average.utilAvg).isEqualTo(512);
    assertThat(box.kernel.runqueue(0).root.average.loadAvg).isEqualTo(1024);
  }

  @Test
  void end_task_takesItsLoadAlong() {
    LoadedBox box = new LoadedBox(2);
    box.task("a", box.kernel.rootGroup(), 0, LoadedBox.once(100 * MS));
    box.task("b", box.kernel.rootGroup(), 0, LoadedBox.hog());
    box.runTo(190 * MS);
    assertThat(box.kernel.runqueue(0).root.average.loadAvg).isGreaterThan(1900);
    box.runTo(210 * MS);
    assertThat(box.kernel.runqueue(0).root.average.loadAvg).isCloseTo(1024, within(30L));
  }

  /// The load of all levels: a task alone in its group is all of its CPU's load; two equal tasks in
  /// a group that is half of the load are a quarter each.
  @Test
  void hLoad_nestedGroups_isTheProductOfTheParts() {
    LoadedBox box = new LoadedBox(2);
    TaskGroup outer = box.group("outer", box.kernel.rootGroup(), 100);
    TaskGroup inner = box.group("outer/inner", outer, 300);
    Task first = box.task("a", inner, 0, LoadedBox.hog());
    Task second = box.task("b", inner, 0, LoadedBox.hog());
    Task beside = box.task("c", box.kernel.rootGroup(), 0, LoadedBox.hog());
    box.runTo(2000 * MS);
    assertThat(QueueLoad.hLoad(first, 2000 * MS)).isCloseTo(512, within(6L));
    assertThat(QueueLoad.hLoad(second, 2000 * MS)).isCloseTo(512, within(6L));
    assertThat(QueueLoad.hLoad(beside, 2000 * MS)).isCloseTo(1024, within(6L));
  }

  /// The definition of a queue's load: the sum of its members', asleep or not. A task that migrates
  /// takes its averages along, which are up to a segment old, and a segment is a 46th of the most
  /// that there can be: two such migrations may still be seen.
  @Test
  void averages_randomLoads_areTheSumOfTheMembers() {
    for (int seed = 1; seed <= 10; seed++) {
      LoadedBox box = new LoadedBox(2, seed);
      TaskGroup outer = box.group("outer", box.kernel.rootGroup(), 100);
      TaskGroup inner = box.group("outer/inner", outer, 300);
      TaskGroup[] groups = {box.kernel.rootGroup(), outer, inner};
      for (int i = 0; i < 9; i++) {
        long period = (5 + (i * 7 + seed * 3) % 40) * MS;
        box.task("t" + i, groups[i % 3], -1, LoadedBox.periodic(period / (4 + i % 3), period));
      }
      for (long ms = 200; ms < 3_000; ms += 10) {
        box.runTo(ms * MS);
        for (int cpu = 0; cpu < 2; cpu++) {
          BlockedLoad.decay(box.kernel.runqueue(cpu), ms * MS);
          for (TaskGroup group : groups) {
            compareToMembers(box, group.queue(cpu));
          }
        }
      }
    }
  }

  private static void compareToMembers(LoadedBox box, FairQueue queue) {
    PeltStep step = new PeltStep();
    long util = 0;
    long load = 0;
    for (Task task : box.tasks) {
      if (task.entity.queue == queue && task.entity.average.attached()) {
        LoadAverage now = agedTo(step, task.entity, queue.average.lastUpdateNs);
        util += now.utilAvg;
        load += now.loadAvg;
      }
    }
    for (TaskGroup child : queue.group.children) {
      Entity entity = child.queue(queue.runqueue.cpu).ownEntity;
      if (entity != null) {
        LoadAverage now = agedTo(step, entity, queue.average.lastUpdateNs);
        util += now.utilAvg;
        load += now.loadAvg;
      }
    }
    assertThat(queue.average.utilAvg).isCloseTo(util, within(2 * 1024L / 46));
    assertThat(queue.average.loadAvg).isCloseTo(load, within(2 * 3072L / 46));
  }

  private static LoadAverage agedTo(PeltStep step, Entity entity, long clockNs) {
    LoadAverage copy = new LoadAverage();
    LoadAverage own = entity.average;
    copy.lastUpdateNs = own.lastUpdateNs;
    copy.periodContrib = own.periodContrib;
    copy.loadSum = own.loadSum;
    copy.utilSum = own.utilSum;
    copy.runnableSum = own.runnableSum;
    boolean running = entity.queue.current == entity;
    long queued = entity.onQueue ? 1 : 0;
    copy.update(step, clockNs, queued, 0, running, entity.downWeight);
    copy.average(entity.downWeight);
    return copy;
  }
}
