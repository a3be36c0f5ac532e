package dev.stint.checks.golden;

import dev.stint.host.figures.RunLengths;
import dev.stint.host.figures.RunRecorder;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.MalformedRecording;
import dev.stint.scenario.recording.RecordedSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ftrace text of a guest's run, read for what a free run needs: when tasks were let go, when
/// periodic tasks were released, when quota periods began, and the runs.
public final class GuestTrace {
  /// The window opens this long after the first event.
  private static final long WARM_UP_NS = 1_200_000_000L;

  private static final long TICK_DELAY_MAX_NS = 100_000;
  private static final long STAMP_NS = 1_000;

  /// @param woken the task woken, for a wake-up; else the one switched to
  private record Event(
      long timeNs, int cpu, boolean wakeup, String previous, boolean sleeps, String woken) {}

  private final Set<String> names = new LinkedHashSet<>();
  private final List<Event> events = new ArrayList<>();
  private final Map<String, Long> goNs = new LinkedHashMap<>();
  private final Map<String, Long> releaseNs = new LinkedHashMap<>();
  private final List<Long> unthrottlesNs = new ArrayList<>();

  private final OutsideTasks outside = new OutsideTasks();

  private GuestTrace(GoldenScenario scenario) {
    scenario.tasks().forEach(task -> names.add(task.name()));
  }

  /// Reads a `.ftrace.txt.gz` of this scenario.
  public static GuestTrace read(Path file, GoldenScenario scenario) throws IOException {
    return of(events(file), scenario);
  }

  /// These events of this scenario.
  static GuestTrace of(List<RecordedEvent> events, GoldenScenario scenario) {
    GuestTrace trace = new GuestTrace(scenario);
    for (RecordedEvent event : events) {
      switch (event) {
        case Switch change -> trace.onSwitch(change);
        case Wakeup wakeup -> trace.onWakeup(wakeup);
        case Migration _ -> {}
      }
    }
    trace.findPhases();
    return trace;
  }

  private static List<RecordedEvent> events(Path file) throws IOException {
    try {
      return RecordedSource.recording(file).events();
    } catch (MalformedRecording e) {
      throw new IOException(e);
    }
  }

  private void onSwitch(Switch change) {
    long timeNs = change.timeNs();
    Who next = change.next();
    String name = next.pid() == RecordedEvent.IDLE ? "" : next.comm();
    boolean runnable = change.left() == Left.RUNNABLE || change.left() == Left.RUNNABLE_IN_KERNEL;
    boolean sleeps = change.left() == Left.BLOCKED;
    String previous = change.previous().comm();
    events.add(new Event(timeNs, change.cpu(), false, previous, sleeps, name));
    outside.stops(change.previous().pid(), !runnable, timeNs);
    if (!name.isEmpty() && !names.contains(name)) {
      outside.starts(next.pid(), name, change.cpu(), next.priority(), timeNs);
    }
  }

  private void onWakeup(Wakeup wakeup) {
    Who woken = wakeup.woken();
    events.add(new Event(wakeup.timeNs(), wakeup.cpu(), true, "", false, woken.comm()));
    if (!names.contains(woken.comm())) {
      outside.wakes(woken.pid(), woken.comm(), wakeup.target(), woken.priority(), wakeup.timeNs());
    }
  }

  private void findPhases() {
    Set<String> woken = new LinkedHashSet<>();
    for (Event event : events) {
      String task = event.woken();
      if (!names.contains(task)) {
        continue;
      }
      if (event.wakeup()) {
        woken.add(task);
        if (goNs.putIfAbsent(task, event.timeNs()) != null) {
          releaseNs.putIfAbsent(task, event.timeNs());
        }
      } else {
        if (!woken.remove(task) && event.previous().startsWith("swapper/")) {
          unthrottlesNs.add(event.timeNs());
        }
      }
    }
  }

  /// The last tick before the tasks were let go: the model's time 0. Ticks fall on multiples of 4
  /// ms of the trace's clock and take effect [#tickDelayNs] later.
  public long originNs() {
    long first =
        goNs.values().stream().mapToLong(Long::longValue).min().orElseThrow() - tickDelayNs();
    return first - first % RunLengths.TICK_NS + tickDelayNs();
  }

  /// From a multiple of 4 ms to what the tick there does: the way into the interrupt, which the
  /// model does not have. Just before the first events that ticks cause: a twentieth of those that
  /// follow a tick within 0.1 ms are earlier.
  public long tickDelayNs() {
    List<Long> delays =
        events.stream()
            .map(event -> event.timeNs() % RunLengths.TICK_NS)
            .filter(delay -> delay < TICK_DELAY_MAX_NS)
            .sorted()
            .toList();
    return delays.isEmpty() ? 0 : Math.max(0, delays.get(delays.size() / 20) - STAMP_NS);
  }

  /// The tasks outside the scenario.
  public List<OutsideTask> outside() {
    return outside.tasks();
  }

  /// When a task was let go.
  public long goNs(String task) {
    return Named.in(goNs, task);
  }

  /// The first release of a task that slept: its second wake-up.
  public long releaseNs(String task) {
    return Named.in(releaseNs, task);
  }

  /// Instants at which a CPU left idle for a task that nothing had woken: a quota was refilled.
  public List<Long> unthrottlesNs() {
    return List.copyOf(unthrottlesNs);
  }

  /// Number of sleeps of a task after its first, and the CPU time between them: jobs, if each ends
  /// in a sleep.
  public Jobs jobs(String task) {
    Map<Integer, Long> sinceNs = new LinkedHashMap<>();
    long count = 0;
    long runNs = 0;
    long openNs = 0;
    boolean counting = false;
    for (Event event : events) {
      if (event.wakeup()) {
        continue;
      }
      Long since = sinceNs.remove(event.cpu());
      if (since != null) {
        openNs += event.timeNs() - since;
      }
      if (event.woken().equals(task)) {
        sinceNs.put(event.cpu(), event.timeNs());
      }
      if (event.previous().equals(task) && event.sleeps()) {
        if (counting) {
          count++;
          runNs += openNs;
        }
        counting = true;
        openNs = 0;
      }
    }
    return new Jobs(count, runNs);
  }

  /// Whole jobs of a task.
  ///
  /// @param count how many
  /// @param runNs their CPU time
  public record Jobs(long count, long runNs) {}

  /// Start of the window whose figures the guest's JSON holds.
  public long windowNs() {
    return events.getFirst().timeNs() + WARM_UP_NS;
  }

  /// The last event.
  public long endNs() {
    return events.getLast().timeNs();
  }

  /// The runs of the window of this length.
  public RunRecorder runs(long windowNs) {
    return runs(windowNs(), windowNs() + windowNs);
  }

  /// The runs between two instants.
  RunRecorder runs(long fromNs, long toNs) {
    RunRecorder recorder = new RunRecorder(fromNs, toNs);
    for (Event event : events) {
      if (event.wakeup()) {
        continue;
      }
      if (event.woken().isEmpty()) {
        recorder.toIdle(event.cpu(), event.timeNs());
      } else if (names.contains(event.woken())) {
        recorder.toTask(event.cpu(), event.timeNs(), event.woken());
      } else {
        recorder.toOther(event.cpu(), event.timeNs());
      }
    }
    return recorder;
  }
}
