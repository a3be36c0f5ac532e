package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedMovesTest {
  private static final Who IDLE = new Who(0, "swapper", 120);
  private static final Who X = new Who(1, "x", 120);
  private static final Who Y = new Who(2, "y", 120);
  private static final Who Z = new Who(3, "z", 120);

  /// x runs for 2 ms on CPU 1 beside y and z, which are owed some lag by then.
  private static List<RecordedEvent> twoWaitBesideOne() {
    List<RecordedEvent> events = new ArrayList<>();
    events.add(new Wakeup(1_000_000, 1, X, 1, false, true));
    events.add(new Switch(1_010_000, 1, IDLE, Left.RUNNABLE, X));
    events.add(new Wakeup(1_020_000, 1, Y, 1, false, false));
    events.add(new Wakeup(1_030_000, 1, Z, 1, false, false));
    return events;
  }

  private static ReplayResult replay(List<RecordedEvent> events) {
    return new DecisionReplay(
            LinuxConfig.DEFAULT, 2, new Unrecorded(0, 0, Map.of()), 10, _ -> Map.of())
        .run(events);
  }

  @Test
  void attempt_twoTasks_lastDetachedIsAttachedFirstAndLosesItsLag() {
    List<RecordedEvent> events = twoWaitBesideOne();
    events.add(new Migration(3_000_000, 0, Y, 1, 0, true));
    events.add(new Migration(3_005_000, 0, Z, 1, 0, true));
    events.add(new Switch(3_010_000, 0, IDLE, Left.RUNNABLE, Y));
    ReplayResult result = replay(events);
    assertThat(result.picks()).isEqualTo(2);
    assertThat(result.equalPicks()).isEqualTo(2);
  }

  @Test
  void moves_apartInTime_comeInTheirOrder() {
    List<RecordedEvent> events = twoWaitBesideOne();
    events.add(new Migration(3_000_000, 0, Y, 1, 0, true));
    events.add(new Migration(3_300_000, 0, Z, 1, 0, true));
    events.add(new Switch(3_310_000, 0, IDLE, Left.RUNNABLE, Z));
    ReplayResult result = replay(events);
    assertThat(result.equalPicks()).isEqualTo(2);
  }

  @Test
  void pull_byIdlingCpu_waitsForTheSleepItFollows() {
    List<RecordedEvent> events = twoWaitBesideOne();
    events.add(new Wakeup(1_040_000, 0, new Who(4, "w", 120), 0, false, true));
    events.add(new Switch(1_050_000, 0, IDLE, Left.RUNNABLE, new Who(4, "w", 120)));
    events.add(new Migration(1_500_000, 0, Y, 1, 0, false));
    events.add(new Switch(1_505_000, 0, new Who(4, "w", 120), Left.BLOCKED, Y));
    ReplayResult result = replay(events);
    assertThat(result.picks()).isEqualTo(3);
    assertThat(result.equalPicks()).isEqualTo(3);
  }
}
