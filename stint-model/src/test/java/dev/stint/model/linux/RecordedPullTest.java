package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.linux.ReplayResult.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordedPullTest {
  private static final Who IDLE = new Who(0, "swapper", 120);
  private static final Who LONE = new Who(1, "lone", 120);
  private static final Who RUNNING = new Who(2, "running", 120);
  private static final Who OLDER = new Who(3, "older", 120);
  private static final Who NEWER = new Who(4, "newer", 120);

  /// Long enough for loads to show what is queued.
  private static final long LATER_NS = 400_010_000;

  private static final long TICK_NS = 4_000_000;

  /// CPU 0 runs one task, CPU 1 another in turn with `waiting`, first to last.
  private static List<RecordedEvent> oneBeside(Who... waiting) {
    List<RecordedEvent> events = new ArrayList<>();
    events.add(new Wakeup(1_000_000, 0, LONE, 0, false, true));
    events.add(new Switch(1_001_000, 0, IDLE, Left.RUNNABLE, LONE));
    events.add(new Wakeup(1_002_000, 1, RUNNING, 1, false, true));
    events.add(new Switch(1_003_000, 1, IDLE, Left.RUNNABLE, RUNNING));
    for (int i = 0; i < waiting.length; i++) {
      events.add(new Wakeup(1_004_000 + i * 1_000L, 1, waiting[i], 1, false, false));
    }
    Who[] turns = Stream.concat(Stream.of(RUNNING), Stream.of(waiting)).toArray(Who[]::new);
    int count = 99 / turns.length * turns.length;
    for (int i = 0; i < count && turns.length > 1; i++) {
      long timeNs = TICK_NS * (i + 1) + 10_000;
      Who next = turns[(i + 1) % turns.length];
      events.add(new Switch(timeNs, 1, turns[i % turns.length], Left.RUNNABLE, next));
    }
    return events;
  }

  private static Migration pull(Who task, long timeNs) {
    return new Migration(timeNs, 0, task, 1, 0, true);
  }

  private static ReplayResult replay(List<RecordedEvent> events) {
    return new DecisionReplay(
            LinuxConfig.DEFAULT, 2, new Unrecorded(0, 0, Map.of()), 10, _ -> Map.of())
        .run(events);
  }

  private static String modelOf(ReplayResult result) {
    return result.disagreements().stream()
        .filter(one -> one.kind() == Kind.PULL)
        .findFirst()
        .orElseThrow()
        .model();
  }

  @Test
  void pull_ofTheTaskThatRanLongestAgo_isTheModels() {
    List<RecordedEvent> events = oneBeside(OLDER, NEWER);
    events.add(pull(OLDER, LATER_NS));
    ReplayResult result = replay(events);
    assertThat(result.pulls()).isEqualTo(1);
    assertThat(result.equalPulls()).isEqualTo(1);
  }

  @Test
  void pull_pastTheTaskThatRanLongestAgo_isNot() {
    List<RecordedEvent> events = oneBeside(OLDER, NEWER);
    events.add(pull(NEWER, LATER_NS));
    ReplayResult result = replay(events);
    assertThat(result.pulls()).isEqualTo(1);
    assertThat(result.equalPulls()).isZero();
    assertThat(modelOf(result)).contains("takes older-3");
  }

  @Test
  void pull_ofMoreThanLevelsTheLoads_isNot() {
    List<RecordedEvent> events = oneBeside(OLDER, NEWER);
    events.add(pull(OLDER, LATER_NS));
    events.add(pull(NEWER, LATER_NS + 5_000));
    ReplayResult result = replay(events);
    assertThat(result.pulls()).isEqualTo(1);
    assertThat(result.equalPulls()).isZero();
    assertThat(modelOf(result)).contains("leaves newer-4");
  }

  @Test
  void pull_fromACpuWithAsMuch_isNot() {
    List<RecordedEvent> events = oneBeside();
    events.add(new Wakeup(1_010_000, 0, OLDER, 0, false, false));
    events.add(new Wakeup(1_010_000, 1, NEWER, 1, false, false));
    events.add(pull(NEWER, LATER_NS));
    ReplayResult result = replay(events);
    assertThat(result.pulls()).isEqualTo(1);
    assertThat(result.equalPulls()).isZero();
    assertThat(modelOf(result)).contains("finds balance");
  }

  /// One of three equal tasks fits only after failures, each of which takes a busy CPU 28 ms.
  @Test
  void pull_soonAfterAnother_cannotHaveFailedBefore() {
    assertThat(equalPulls(LATER_NS + 28_000_000)).isEqualTo(1);
    assertThat(equalPulls(LATER_NS + 112_000_000)).isEqualTo(2);
  }

  /// CPU 0 pulls a task for the lone one that is about to sleep, and at `timeNs` a second one.
  private static long equalPulls(long timeNs) {
    List<RecordedEvent> events = oneBeside(OLDER, NEWER);
    events.add(pull(OLDER, LATER_NS));
    events.add(new Switch(LATER_NS + 10_000, 0, LONE, Left.BLOCKED, OLDER));
    events.add(pull(NEWER, timeNs));
    ReplayResult result = replay(events);
    assertThat(result.pulls()).isEqualTo(2);
    return result.equalPulls();
  }

  @Test
  void wakeUpElsewhere_isNoPull() {
    List<RecordedEvent> events = oneBeside();
    events.add(new Migration(2_000_000, 0, NEWER, 1, 0, true));
    events.add(new Wakeup(2_001_000, 0, NEWER, 0, false, false));
    assertThat(replay(events).pulls()).isZero();
  }
}
