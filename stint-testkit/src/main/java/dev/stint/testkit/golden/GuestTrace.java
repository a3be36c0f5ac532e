package dev.stint.testkit.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// The ftrace text of a guest's run, read for what a free run needs: when tasks were let go, when
/// periodic tasks were released, when quota periods began, and the runs.
public final class GuestTrace {
  /// The window opens this long after the first event.
  private static final long WARM_UP_NS = 1_200_000_000L;

  private static final long TICK_DELAY_MAX_NS = 100_000;
  private static final long STAMP_NS = 1_000;

  private static final Pattern SWITCH =
      Pattern.compile(
          "prev_comm=(.*) prev_pid=(\\d+) .* prev_state=(\\S+) ==>"
              + " next_comm=(.*) next_pid=(\\d+) next_prio=(\\d+)");
  private static final Pattern WAKEUP =
      Pattern.compile("comm=(.*) pid=(\\d+) prio=(\\d+) .*target_cpu=(\\d+)");

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
    GuestTrace trace = new GuestTrace(scenario);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
        trace.line(line.get());
      }
    }
    trace.findPhases();
    return trace;
  }

  private static Optional<String> next(BufferedReader lines) throws IOException {
    return Optional.ofNullable(lines.readLine());
  }

  /// A line is `TASK-PID [CPU] flags seconds.micros: event: fields`; TASK may hold blanks, so the
  /// first bracket after the first 16 characters is the CPU's.
  private void line(String line) {
    int bracket = line.indexOf('[', 16);
    int kindStart = line.indexOf(": ", bracket) + 2;
    int kindEnd = line.indexOf(": ", kindStart);
    if (line.startsWith("#") || bracket < 0 || kindEnd < 0) {
      return;
    }
    int dot = line.lastIndexOf('.', kindStart);
    int seconds = line.lastIndexOf(' ', dot) + 1;
    long timeNs =
        Long.parseLong(line.substring(seconds, dot)) * 1_000_000_000L
            + Long.parseLong(line.substring(dot + 1, kindStart - 2)) * 1_000L;
    int cpu = Integer.parseInt(line.substring(bracket + 1, bracket + 4));
    event(timeNs, cpu, line.substring(kindStart, kindEnd), line.substring(kindEnd + 2));
  }

  private void event(long timeNs, int cpu, String kind, String fields) {
    if (kind.equals("sched_switch")) {
      Matcher parts = SWITCH.matcher(fields);
      if (parts.matches()) {
        String next = parts.group(5).equals("0") ? "" : parts.group(4);
        String state = parts.group(3);
        events.add(new Event(timeNs, cpu, false, parts.group(1), state.equals("S"), next));
        outside.stops(Integer.parseInt(parts.group(2)), !state.startsWith("R"), timeNs);
        if (!next.isEmpty() && !names.contains(next)) {
          outside.starts(
              Integer.parseInt(parts.group(5)),
              next,
              cpu,
              Integer.parseInt(parts.group(6)),
              timeNs);
        }
      }
    } else if (kind.startsWith("sched_wakeup")) {
      Matcher parts = WAKEUP.matcher(fields);
      if (parts.matches()) {
        String woken = parts.group(1);
        events.add(new Event(timeNs, cpu, true, "", false, woken));
        if (!names.contains(woken)) {
          outside.wakes(
              Integer.parseInt(parts.group(2)),
              woken,
              Integer.parseInt(parts.group(4)),
              Integer.parseInt(parts.group(3)),
              timeNs);
        }
      }
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
    RunRecorder recorder = new RunRecorder(windowNs(), windowNs() + windowNs);
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
