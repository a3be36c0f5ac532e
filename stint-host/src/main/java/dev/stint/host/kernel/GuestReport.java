package dev.stint.host.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the guest's program reported of a run.
///
/// @param release of its kernel, as `uname -r` says
/// @param baseSliceNs what its kernel uses; 0 where it has no such thing
/// @param t0Ns the run's start on its monotonic clock
/// @param pids of the scenario's tasks, in their order
/// @param jobs of the scenario's tasks, in their order
/// @param phasesNs by group, instants at which quota periods end: of its own and of groups above
/// @param before `cpu.stat` of each group before the run
/// @param after the same after it
/// @param trace the kernel's trace, in ftrace's text form
public record GuestReport(
    String release,
    long baseSliceNs,
    long t0Ns,
    List<Integer> pids,
    List<List<Job>> jobs,
    Map<String, List<Long>> phasesNs,
    Map<String, SortedMap<String, Long>> before,
    Map<String, SortedMap<String, Long>> after,
    byte[] trace) {
  private static final String MAGIC = "stint 1";

  /// A job; all times since the run's start.
  ///
  /// @param startNs its first instruction
  public record Job(long releaseNs, long startNs, long endNs) {}

  /// Reads what came over the serial line.
  static GuestReport read(byte[] bytes) throws CannotBoot {
    Reader reader = new Reader();
    int from = 0;
    while (from < bytes.length) {
      int to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      String line = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
      from = to + 1;
      if (line.equals("trace")) {
        return reader.report(trace(bytes, from));
      }
      try {
        reader.line(line);
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw CannotBoot.machine("the guest reported \"" + line + "\", which makes no sense");
      }
    }
    throw CannotBoot.machine("the guest's report has no trace");
  }

  private static byte[] trace(byte[] bytes, int from) throws CannotBoot {
    byte[] end = "end\n".getBytes(StandardCharsets.US_ASCII);
    int to = bytes.length - end.length;
    if (to < from || !Arrays.equals(bytes, to, bytes.length, end, 0, end.length)) {
      throw CannotBoot.machine("the guest's report is cut off");
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  /// The task of the scenario with this process id, by position.
  public Optional<Integer> task(int pid) {
    int at = pids.indexOf(pid);
    return at < 0 ? Optional.empty() : Optional.of(at);
  }

  /// The growth of a counter during the run.
  long counted(String group, String counter) {
    return value(after, group, counter) - value(before, group, counter);
  }

  private static long value(
      Map<String, SortedMap<String, Long>> counters, String group, String counter) {
    return counters.getOrDefault(group, new TreeMap<>()).getOrDefault(counter, 0L);
  }

  private static final class Reader {
    private String release = "";
    private long baseSliceNs;
    private long t0Ns;
    private final List<Integer> pids = new ArrayList<>();
    private final List<List<Job>> jobs = new ArrayList<>();
    private final Map<String, List<Long>> phasesNs = new LinkedHashMap<>();
    private final Map<String, SortedMap<String, Long>> before = new LinkedHashMap<>();
    private final Map<String, SortedMap<String, Long>> after = new LinkedHashMap<>();

    void line(String line) throws CannotBoot {
      String[] words = line.split(" +", -1);
      switch (words[0]) {
        case "release" -> release = words[1];
        case "base-slice" -> baseSliceNs = Long.parseLong(words[1]);
        case "t0" -> t0Ns = Long.parseLong(words[1]);
        case "task" -> {
          pids.add(Integer.parseInt(words[2]));
          jobs.add(new ArrayList<>());
        }
        case "job" ->
            jobs.get(Integer.parseInt(words[1]))
                .add(
                    new Job(
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(words[4])));
        case "phase" ->
            phasesNs
                .computeIfAbsent(words[1], _ -> new ArrayList<>())
                .add(Long.parseLong(words[2]));
        case "stat" -> (words[1].equals("begin") ? before : after).put(words[2], counters(words));
        case "error" ->
            throw CannotBoot.scenario("the kernel refuses: " + line.substring("error ".length()));
        case "loops", "" -> {}
        default -> {
          if (!line.equals(MAGIC)) {
            throw CannotBoot.machine("the guest reported \"" + line + "\", which means nothing");
          }
        }
      }
    }

    private static SortedMap<String, Long> counters(String[] words) {
      SortedMap<String, Long> counters = new TreeMap<>();
      for (int i = 3; i + 1 < words.length; i += 2) {
        counters.put(words[i], Long.parseLong(words[i + 1]));
      }
      return counters;
    }

    GuestReport report(byte[] trace) {
      return new GuestReport(
          release, baseSliceNs, t0Ns, pids, jobs, phasesNs, before, after, trace);
    }
  }
}
