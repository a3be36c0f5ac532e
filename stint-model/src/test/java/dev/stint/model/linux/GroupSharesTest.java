package dev.stint.model.linux;

import static dev.stint.model.linux.LoadedBox.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class GroupSharesTest {
  private static long weight(TaskGroup group, int cpu) {
    Entity own = group.queue(cpu).ownEntity;
    return own == null ? 0 : own.weight;
  }

  /// A live kernel (6.18.44): group a has a task on each CPU, group b one on CPU 1; a's two
  /// entities weigh half of its 1048576 each, and a:b on CPU 1 is 1:2.
  @Test
  void weights_oneTaskOnEachCpu_areHalfOfTheShares() {
    LoadedBox box = new LoadedBox(2);
    TaskGroup a = box.group("a", box.kernel.rootGroup(), 100);
    TaskGroup b = box.group("b", box.kernel.rootGroup(), 100);
    box.task("a0", a, 0, LoadedBox.hog());
    Task a1 = box.task("a1", a, 1, LoadedBox.hog());
    Task b1 = box.task("b1", b, 1, LoadedBox.hog());
    box.runTo(4000 * MS);
    assertThat(weight(a, 0)).isEqualTo(524_288);
    assertThat(weight(a, 1)).isEqualTo(524_288);
    assertThat(weight(b, 1)).isEqualTo(1_048_576);
    double ratio = a1.entity.sumExecNs / (double) b1.entity.sumExecNs;
    assertThat(ratio).isCloseTo(0.5, within(0.01));
  }

  @Test
  void weights_unevenTasks_areInProportionToTheLoad() {
    LoadedBox box = new LoadedBox(2);
    TaskGroup a = box.group("a", box.kernel.rootGroup(), 100);
    box.task("a0", a, 0, LoadedBox.hog());
    for (int i = 0; i < 3; i++) {
      box.task("a1-" + i, a, 1, LoadedBox.hog());
    }
    box.runTo(1000 * MS);
    // One 64th of the other CPU's load may be unpublished.
    assertThat(weight(a, 0)).isCloseTo(262_144, within(262_144L / 64));
    assertThat(weight(a, 1)).isCloseTo(786_432, within(786_432L / 64));
  }

  /// On one CPU T is the load itself, so that floor(shares * load / load) = shares: no load is
  /// kept.
  @Test
  void weight_oneCpu_isTheShares() {
    LoadedBox box = new LoadedBox(1);
    TaskGroup a = box.group("a", box.kernel.rootGroup(), 37);
    TaskGroup b = box.group("b", a, 1000);
    Task first = box.task("a0", a, 0, LoadedBox.hog());
    box.task("b0", b, 0, LoadedBox.periodic(3 * MS, 10 * MS));
    box.runTo(500 * MS);
    assertThat(weight(a, 0)).isEqualTo(a.sharesWeight);
    assertThat(weight(b, 0)).isEqualTo(b.sharesWeight);
    assertThat(first.entity.average.loadSum).isEqualTo(0);
    for (long load = 2; load < 1L << 34; load = load * 3 + 1) {
      assertThat(a.sharesWeight * load / load).isEqualTo(a.sharesWeight);
    }
  }

  /// When a group's task on one CPU ends, the other learns of it as the load decays: by half every
  /// 32 segments, told in steps of a 64th.
  @Test
  void weight_otherCpuFallsIdle_growsAsItsLoadDecays() {
    LoadedBox box = new LoadedBox(2);
    TaskGroup a = box.group("a", box.kernel.rootGroup(), 100);
    box.task("a0", a, 0, LoadedBox.hog());
    box.task("a1", a, 1, LoadedBox.periodic(40 * MS, 4000 * MS));
    box.runTo(40 * MS);
    assertThat(weight(a, 0)).isEqualTo(524_288);
    long last = weight(a, 0);
    for (long ms = 44; ms <= 600; ms += 4) {
      box.runTo(ms * MS);
      assertThat(weight(a, 0)).isGreaterThanOrEqualTo(last);
      last = weight(a, 0);
      if (ms == 108) {
        // Two half-lives after: a quarter of a's other load is left, or an eighth where the idle
        // CPU's was aged last 32 ms ago.
        assertThat(last).isBetween(1_048_576L * 2 / 3, 1_048_576L * 10 / 11);
      }
    }
    assertThat(last).isGreaterThan(1_048_576L * 99 / 100);
    assertThat(a.queue(1).average.loadAvg).isLessThan(10);
  }

  @Test
  void loadAvg_anyTime_isTheSumOfWhatCpusPublished() {
    LoadedBox box = new LoadedBox(2, 3);
    TaskGroup a = box.group("a", box.kernel.rootGroup(), 100);
    for (int i = 0; i < 4; i++) {
      box.task("a" + i, a, -1, LoadedBox.periodic((3 + 4 * i) * MS, (20 + 7 * i) * MS));
    }
    long changes = 0;
    long last = 0;
    for (long ms = 1; ms < 2_000; ms += 3) {
      box.runTo(ms * MS);
      assertThat(a.queue(0).load.contribution + a.queue(1).load.contribution).isEqualTo(a.loadAvg);
      changes += a.loadAvg == last ? 0 : 1;
      last = a.loadAvg;
    }
    assertThat(changes).isGreaterThan(100);
  }

  /// A group that is parked by its quota keeps its load: its clock stands still.
  @Test
  void load_parkedGroup_doesNotDecay() {
    LoadedBox box = new LoadedBox(2);
    TaskGroup a = box.limited("a", new Quota(50 * MS, 1000 * MS, 0, OptionalLong.of(0)));
    box.task("a0", a, 0, LoadedBox.hog());
    box.task("other", box.kernel.rootGroup(), 0, LoadedBox.hog());
    box.runTo(500 * MS);
    assertThat(a.queue(0).queuedCount).as("parked").isZero();
    long before = a.queue(0).average.loadAvg;
    box.runTo(900 * MS);
    assertThat(before).isGreaterThan(900);
    assertThat(a.queue(0).average.loadAvg).isEqualTo(before);
    assertThat(weight(a, 0)).isEqualTo(1_048_576);
  }
}
