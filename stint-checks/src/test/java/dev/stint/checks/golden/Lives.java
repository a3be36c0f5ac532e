package dev.stint.checks.golden;

import dev.stint.host.figures.RunLengths;
import dev.stint.model.linux.FreedTasks.Span;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What the tasks of the fair class did in a recording, as the kernel charged it, and what came
/// from outside their class.
final class Lives {
  /// What a tick's timers wake, they wake by then.
  private static final long TICK_DELAY_MAX_NS = 50_000;

  private final long tickPhaseNs;
  private final Map<Integer, Life> byPid = new LinkedHashMap<>();
  private final List<Span> taken = new ArrayList<>();
  private final NavigableMap<Long, Long> wakesOfTicks = new TreeMap<>();
  private final Map<Integer, Long> takenSince = new LinkedHashMap<>();
  private long lastSwitchNs = -1;

  /// The clock that the next switch uses, if a wake-up found a reschedule due; else -1.
  private long dueSinceNs = -1;

  /// The recording's, whose ticks take effect this long after multiples of the tick period.
  Lives(List<RecordedEvent> events, long tickPhaseNs) {
    this.tickPhaseNs = tickPhaseNs;
    for (RecordedEvent event : events) {
      switch (event) {
        case Switch change -> change(change);
        case Wakeup wakeup -> wakeUp(wakeup);
        case Migration _ -> {}
      }
    }
    byPid.values().forEach(life -> life.end(events.getLast().timeNs()));
  }

  /// A stretch of running.
  record Run(long fromNs, long toNs) {
    long before(long timeNs) {
      return Math.max(0, Math.min(toNs, timeNs) - fromNs);
    }

    long ns() {
      return toNs - fromNs;
    }
  }

  /// From a wake-up to the next sleep.
  record Activation(long wakeNs, long sleepNs, List<Run> runs) {
    long ns() {
      return runs.stream().mapToLong(Run::ns).sum();
    }

    long before(long timeNs) {
      return runs.stream().mapToLong(run -> run.before(timeNs)).sum();
    }

    /// Whether it had the CPU as soon as it woke.
    boolean atOnce() {
      return !runs.isEmpty() && runs.getFirst().fromNs() <= wakeNs;
    }
  }

  /// One task's activations.
  static final class Life {
    private final Who who;
    private final boolean forked;
    private final long bornNs;
    private final List<Activation> activations = new ArrayList<>();
    private List<Run> runs = new ArrayList<>();
    private long wakeNs = -1;
    private long sinceNs = -1;

    private Life(Who who, boolean forked, long bornNs) {
      this.who = who;
      this.forked = forked;
      this.bornNs = bornNs;
    }

    Who who() {
      return who;
    }

    /// Whether it is made by its first wake-up, and this comes after an instant.
    boolean forkedAfter(long timeNs) {
      return forked && bornNs >= timeNs;
    }

    List<Activation> activations() {
      return activations;
    }

    private void wake(long timeNs) {
      wakeNs = wakeNs < 0 ? timeNs : wakeNs;
    }

    private void stop(long timeNs) {
      if (sinceNs >= 0) {
        runs.add(new Run(sinceNs, Math.max(sinceNs, timeNs)));
        sinceNs = -1;
      }
    }

    private void sleep(long timeNs) {
      activations.add(new Activation(wakeNs, timeNs, runs));
      runs = new ArrayList<>();
      wakeNs = -1;
    }

    private void end(long timeNs) {
      stop(timeNs);
      if (wakeNs >= 0) {
        sleep(Long.MAX_VALUE);
      }
    }
  }

  /// All of them, in order of their first line.
  Collection<Life> all() {
    return byPid.values();
  }

  /// When tasks of higher classes had a CPU.
  List<Span> taken() {
    return taken;
  }

  /// From ticks to the last wake-ups by their timers: what wakes then is queued before the tick's
  /// pass of the scheduler.
  List<Span> interrupts() {
    List<Span> spans = new ArrayList<>();
    wakesOfTicks.forEach((tickNs, wakeNs) -> spans.add(new Span(0, tickNs + tickPhaseNs, wakeNs)));
    return spans;
  }

  private Life life(Who who, boolean fork, long timeNs) {
    return byPid.computeIfAbsent(who.pid(), _ -> new Life(who, fork, timeNs));
  }

  private void wakeUp(Wakeup wakeup) {
    if (wakeup.woken().fair()) {
      life(wakeup.woken(), wakeup.fork(), wakeup.timeNs()).wake(wakeup.timeNs());
      noteInterrupt(wakeup);
    }
    if (wakeup.needResched()) {
      dueSinceNs = wakeup.timeNs();
    }
  }

  private void noteInterrupt(Wakeup wakeup) {
    long sinceNs = wakeup.timeNs() % RunLengths.TICK_NS;
    long tickNs = wakeup.timeNs() - sinceNs;
    if (sinceNs > tickPhaseNs && sinceNs < TICK_DELAY_MAX_NS && lastSwitchNs < tickNs) {
      wakesOfTicks.put(tickNs, wakeup.timeNs());
    }
  }

  private void change(Switch change) {
    long clockNs = clockNs(change);
    dueSinceNs = -1;
    lastSwitchNs = change.timeNs();
    if (change.previous().fair()) {
      stop(change, clockNs);
    }
    Long since = takenSince.remove(change.cpu());
    if (since != null) {
      taken.add(new Span(change.cpu(), since, change.timeNs()));
    }
    if (change.next().fair()) {
      Life life = life(change.next(), false, clockNs);
      life.wake(clockNs);
      life.sinceNs = clockNs;
    } else if (change.next().pid() != RecordedEvent.IDLE) {
      takenSince.put(change.cpu(), change.timeNs());
    }
  }

  private void stop(Switch change, long clockNs) {
    Life life = life(change.previous(), false, clockNs);
    life.wake(clockNs);
    life.stop(clockNs);
    if (change.left() == Left.BLOCKED || change.left() == Left.GONE) {
      life.sleep(clockNs);
    }
  }

  /// When the kernel read its clock for a switch: if a wake-up since the last tick found a
  /// reschedule due, then (`rq_clock_skip_update`).
  private long clockNs(Switch change) {
    long timeNs = change.timeNs();
    long tickNs = timeNs - Math.floorMod(timeNs - tickPhaseNs, RunLengths.TICK_NS);
    return dueSinceNs < 0 ? timeNs : Math.max(dueSinceNs, tickNs);
  }
}
