package dev.stint.host.live;

import dev.stint.host.Numbers;
import dev.stint.host.cgroup.CpuStat;
import dev.stint.host.proc.CpuTicks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a [LiveWorker] said, line by line, and the figures in it.
final class LiveTranscript {
  /* Every figure is the difference between a line that begins with `from` and its `to`. */
  private final Map<String, String> from = new LinkedHashMap<>();
  private final Map<String, String> to = new LinkedHashMap<>();
  private final Map<String, String> jobs = new LinkedHashMap<>();

  /// Takes a line in.
  void add(String line) {
    String[] words = line.split(" ", 4);
    switch (words[0]) {
      case "from" -> from.put(words[1] + " " + words[2], words.length > 3 ? words[3] : "");
      case "to" -> to.put(words[1] + " " + words[2], words.length > 3 ? words[3] : "");
      case "jobs" -> jobs.put(words[1], line.substring(words[0].length() + words[1].length() + 2));
      default -> {}
    }
  }

  /// The figures of a plan's tasks and groups.
  ///
  /// @param statFiles `cpu.stat` of the groups with a limit, by path of the group
  LiveRepetition read(LivePlan plan, Map<String, String> statFiles, long windowNs)
      throws CannotRunLive {
    Map<String, Observed.OfTask> tasks = new LinkedHashMap<>();
    for (var task : plan.tasks()) {
      tasks.put(task.name(), task(task.name()));
    }
    Map<String, Observed.OfGroup> groups = new LinkedHashMap<>();
    for (Map.Entry<String, String> file : statFiles.entrySet()) {
      groups.put(file.getKey(), group(file.getValue()));
    }
    Observed observed = new Observed(tasks, groups);
    return noise(plan, observed, windowNs);
  }

  private Observed.OfTask task(String name) throws CannotRunLive {
    long[] before = counts(from, "task " + name, 2);
    long[] after = counts(to, "task " + name, 2);
    double elapsedNs = after[0] - before[0];
    if (elapsedNs <= 0 || after[1] < before[1]) {
      throw CannotRunLive.machine("the clocks of task " + name + " went backwards");
    }
    OptionalDouble switches = OptionalDouble.empty();
    if (from.containsKey("switches " + name) && to.containsKey("switches " + name)) {
      long[] left = counts(from, "switches " + name, 2);
      long[] gone = counts(to, "switches " + name, 2);
      switches = OptionalDouble.of((gone[0] + gone[1] - left[0] - left[1]) * 1e9 / elapsedNs);
    }
    Optional<Observed.OfJobs> done = Optional.empty();
    if (jobs.containsKey(name)) {
      long[] figures = counts(jobs, name, 6);
      done =
          Optional.of(
              new Observed.OfJobs(
                  figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]));
    }
    return new Observed.OfTask(100 * (after[1] - before[1]) / elapsedNs, switches, done);
  }

  private Observed.OfGroup group(String file) throws CannotRunLive {
    CpuStat before = stat(from, file);
    CpuStat after = stat(to, file);
    boolean known =
        before.periods().isPresent()
            && after.periods().isPresent()
            && before.throttledPeriods().isPresent()
            && after.throttledPeriods().isPresent();
    if (!known) {
      throw CannotRunLive.machine("/" + file + " does not count periods");
    }
    return new Observed.OfGroup(
        after.periods().getAsLong() - before.periods().getAsLong(),
        after.throttledPeriods().getAsLong() - before.throttledPeriods().getAsLong());
  }

  private static CpuStat stat(Map<String, String> lines, String file) {
    String text = lines.getOrDefault("file " + file, "").replace('\t', '\n');
    return CpuStat.ofVersion1(text, OptionalLong.empty());
  }

  private LiveRepetition noise(LivePlan plan, Observed observed, long windowNs)
      throws CannotRunLive {
    Optional<Map<Integer, CpuTicks>> before = ticks(from);
    Optional<Map<Integer, CpuTicks>> after = ticks(to);
    if (before.isEmpty() || after.isEmpty()) {
      throw CannotRunLive.machine("/proc/stat cannot be read, so noise cannot be seen");
    }
    double busyNs = 0;
    double stealNs = 0;
    for (int cpu : plan.used().toArray()) {
      CpuTicks first = before.get().get(cpu);
      CpuTicks last = after.get().get(cpu);
      if (first == null || last == null) {
        throw CannotRunLive.machine("/proc/stat does not tell of CPU " + cpu);
      }
      CpuTicks passed = last.since(first);
      busyNs += (double) passed.busy() * CpuTicks.TICK_NS;
      stealNs += (double) passed.steal() * CpuTicks.TICK_NS;
    }
    double cpusNs = (double) windowNs * plan.used().count();
    double oursNs = observed.cpuPercent() / 100 * windowNs;
    return new LiveRepetition(
        observed, Math.max(0, 100 * (busyNs - oursNs) / cpusNs), 100 * stealNs / cpusNs);
  }

  private static Optional<Map<Integer, CpuTicks>> ticks(Map<String, String> lines) {
    return CpuTicks.parse(lines.getOrDefault("file proc/stat", "").replace('\t', '\n'));
  }

  private static long[] counts(Map<String, String> lines, String key, int count)
      throws CannotRunLive {
    String[] words = lines.getOrDefault(key, "").strip().split(" ");
    long[] counts = new long[count];
    for (int i = 0; i < count; i++) {
      OptionalLong number = i < words.length ? Numbers.count(words[i]) : OptionalLong.empty();
      if (number.isEmpty()) {
        throw CannotRunLive.machine("the worker did not say what became of \"" + key + "\"");
      }
      counts[i] = number.getAsLong();
    }
    return counts;
  }
}
