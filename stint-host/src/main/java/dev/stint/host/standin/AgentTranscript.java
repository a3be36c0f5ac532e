package dev.stint.host.standin;

import dev.stint.host.Numbers;
import dev.stint.host.live.CannotRunLive;
import dev.stint.host.proc.CpuTicks;
import dev.stint.host.proc.ThreadTimes;
import dev.stint.model.machine.CpuSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a [StandInAgent] said, line by line, and the figures in it.
final class AgentTranscript {
  private static final String STAT = "file proc/stat";
  private static final String OWN = "own cpu";

  private final Map<String, String> from = new LinkedHashMap<>();
  private final Map<String, String> to = new LinkedHashMap<>();
  private final Map<String, String> about = new LinkedHashMap<>();

  /// Takes a line in.
  void add(String line) {
    String[] words = line.split(" ", 4);
    switch (words[0]) {
      case "from" -> put(from, words);
      case "to" -> put(to, words);
      case "policy", "late", "turns" -> about.put(words[0], line.substring(words[0].length() + 1));
      default -> {}
    }
  }

  private static void put(Map<String, String> lines, String[] words) {
    if (words.length == 4) {
      lines.put(words[1] + " " + words[2], words[3]);
    }
  }

  /// The figures of a run.
  ///
  /// @param families the cgroup that each measured thread counts towards, by name of the thread
  /// @param cpus that stand for LPs
  /// @param apart whether the agent has a CPU that is none of them
  StandInRepetition read(Map<String, String> families, CpuSet cpus, boolean apart)
      throws CannotRunLive {
    Map<String, Long> runNs = new LinkedHashMap<>();
    long windowNs = 0;
    for (Map.Entry<String, String> entry : families.entrySet()) {
      Stand before = stand(from, entry.getKey());
      Stand after = stand(to, entry.getKey());
      runNs.merge(entry.getValue(), after.times.since(before.times).runNs(), Long::sum);
      windowNs = Math.max(windowNs, after.atNs - before.atNs);
    }
    if (windowNs <= 0) {
      throw CannotRunLive.machine("the agent measured nothing");
    }
    return noise(runNs, windowNs, cpus, apart ? 0 : ownNs());
  }

  private record Stand(long atNs, ThreadTimes times) {}

  private static Stand stand(Map<String, String> lines, String name) throws CannotRunLive {
    String[] words = lines.getOrDefault("thread " + name, "").split(" ", 2);
    OptionalLong atNs = Numbers.count(words[0]);
    Optional<ThreadTimes> times =
        words.length == 2 ? ThreadTimes.parse(words[1]) : Optional.empty();
    if (atNs.isEmpty() || times.isEmpty()) {
      throw CannotRunLive.machine("the agent could not read the schedstat of " + name);
    }
    return new Stand(atNs.getAsLong(), times.get());
  }

  /// CPU time of the agent itself.
  private long ownNs() throws CannotRunLive {
    OptionalLong before = Numbers.count(from.getOrDefault(OWN, ""));
    OptionalLong after = Numbers.count(to.getOrDefault(OWN, ""));
    if (before.isEmpty() || after.isEmpty()) {
      throw CannotRunLive.machine("the agent did not say what it took itself");
    }
    return after.getAsLong() - before.getAsLong();
  }

  private StandInRepetition noise(Map<String, Long> runNs, long windowNs, CpuSet cpus, long ownNs)
      throws CannotRunLive {
    Optional<Map<Integer, CpuTicks>> before = ticks(from);
    Optional<Map<Integer, CpuTicks>> after = ticks(to);
    double busyNs = 0;
    double stealNs = 0;
    for (int cpu : cpus.toArray()) {
      Optional<CpuTicks> first = before.map(ticks -> ticks.get(cpu));
      Optional<CpuTicks> last = after.map(ticks -> ticks.get(cpu));
      if (first.isEmpty() || last.isEmpty()) {
        throw CannotRunLive.machine("/proc/stat cannot be read, so noise cannot be seen");
      }
      CpuTicks passed = last.get().since(first.get());
      busyNs += (double) passed.busy() * CpuTicks.TICK_NS;
      stealNs += (double) passed.steal() * CpuTicks.TICK_NS;
    }
    double cpusNs = (double) windowNs * cpus.count();
    double oursNs = runNs.values().stream().mapToLong(Long::longValue).sum();
    return new StandInRepetition(
        runNs,
        windowNs,
        Math.max(0, 100 * (busyNs - oursNs - ownNs) / cpusNs),
        100 * ownNs / cpusNs,
        100 * stealNs / cpusNs,
        agent());
  }

  private static Optional<Map<Integer, CpuTicks>> ticks(Map<String, String> lines) {
    return CpuTicks.parse(lines.getOrDefault(STAT, "").replace('\t', '\n'));
  }

  private StandInRepetition.Agent agent() {
    String[] late = about.getOrDefault("late", "0 0 0").split(" ");
    return new StandInRepetition.Agent(
        about.getOrDefault("policy", "").equals("fifo"),
        Integer.parseInt(about.getOrDefault("turns", "0")),
        Long.parseLong(late[0]),
        Long.parseLong(late[1]),
        Long.parseLong(late[2]));
  }
}
