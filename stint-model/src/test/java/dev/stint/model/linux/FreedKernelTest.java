package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.stint.model.linux.FreedTasks.Role;
import dev.stint.model.linux.FreedTasks.Span;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.sched.TaskControl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreedKernelTest {
  private static final Who IDLE = new Who(0, "swapper", 120);
  private static final Who X = new Who(1, "x", 120);
  private static final Who Y = new Who(2, "y", 120);
  private static final Who Z = new Who(3, "z", 120);
  private static final long FREED_NS = 2_000_000;
  private static final long TICK_NS = 4_000_000;

  /// x runs, y waits, z sleeps until its role wakes it.
  private static final List<RecordedEvent> RECORDED =
      List.of(
          new Wakeup(1_000_000, 0, X, 0, false, true),
          new Switch(1_010_000, 0, IDLE, Left.RUNNABLE, X),
          new Wakeup(1_020_000, 0, Y, 0, false, false),
          new Switch(19_000_000, 0, X, Left.RUNNABLE, Y));

  private static Role hog(Who who, Optional<Long> wakeNs) {
    return new Role(who, wakeNs, false, (task, _) -> task.compute(TaskControl.FOREVER));
  }

  private static List<Switch> freed(List<Role> roles, List<Span> taken, List<Span> interrupts) {
    return new DecisionReplay(
            LinuxConfig.DEFAULT,
            1,
            new Unrecorded(0, 0, Map.of()),
            0,
            _ -> Map.of(),
            new FreedTasks(FREED_NS, 13_000_000, roles, taken, interrupts))
        .runFreed(RECORDED).events().stream()
            .filter(event -> event.timeNs() >= FREED_NS && event instanceof Switch)
            .map(Switch.class::cast)
            .toList();
  }

  private static final List<Role> TWO = List.of(hog(X, Optional.empty()), hog(Y, Optional.empty()));

  @Test
  void hogs_letGo_takeTurnsAtTicksAndNotAsRecorded() {
    assertThat(freed(TWO, List.of(), List.of()))
        .extracting(Switch::timeNs, Switch::previous, Switch::next)
        .containsExactly(tuple(TICK_NS, X, Y), tuple(2 * TICK_NS, Y, X), tuple(3 * TICK_NS, X, Y));
  }

  @Test
  void sleeper_letGo_wakesWhenItsRoleSays() {
    List<Role> roles = List.of(hog(X, Optional.empty()), hog(Z, Optional.of(5_000_000L)));
    assertThat(freed(roles, List.of(), List.of()))
        .filteredOn(change -> change.next().equals(Z))
        .first()
        .extracting(Switch::timeNs)
        .isIn(5_000_000L, 2 * TICK_NS);
  }

  @Test
  void higherClass_takesTheCpu_untilItGivesItBack() {
    List<Switch> switches =
        freed(TWO, List.of(new Span(0, 5_000_000, 5_020_000)), List.of()).stream()
            .filter(change -> change.timeNs() > TICK_NS && change.timeNs() < 2 * TICK_NS)
            .toList();
    assertThat(switches).extracting(Switch::timeNs).containsExactly(5_000_000L, 5_020_000L);
    assertThat(switches.getFirst().next().fair()).isFalse();
    assertThat(switches.getLast().next().fair()).isTrue();
  }

  @Test
  void tick_withALaterWakeUpInItsInterrupt_passesTheCpuOnceAndAfterIt() {
    List<Role> roles =
        List.of(
            hog(X, Optional.empty()),
            hog(Y, Optional.empty()),
            hog(Z, Optional.of(TICK_NS + 1_000)));
    Span interrupt = new Span(0, TICK_NS, TICK_NS + 1_000);
    assertThat(freed(roles, List.of(), List.of()).getFirst().timeNs()).isEqualTo(TICK_NS);
    assertThat(freed(roles, List.of(), List.of(interrupt)).getFirst().timeNs())
        .isEqualTo(TICK_NS + 1_000);
  }
}
