package dev.stint.host.proc;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.Reading;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What the runqueue of a CPU did since boot, of `/proc/schedstat`, versions 15 to 17
/// (Documentation/scheduler/sched-stats.rst).
///
/// @param runNs time tasks ran
/// @param waitNs time tasks waited
/// @param dispatches tasks put on the CPU
public record QueueTimes(long runNs, long waitNs, long dispatches) {
  private static final int RUN = 7;
  private static final int FIELDS = 10;

  /// Those of all CPUs, by number.
  public static Reading<Map<Integer, QueueTimes>> read(HostFiles files) {
    return Reading.of(files, "proc/schedstat", QueueTimes::parse);
  }

  /// Reads the text of `/proc/schedstat`.
  public static Optional<Map<Integer, QueueTimes>> parse(String text) {
    if (!text.matches("(?s)version 1[567]\\n.*")) {
      return Optional.empty();
    }
    Map<Integer, QueueTimes> cpus = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] fields = line.split(" ");
      if (!fields[0].matches("cpu\\d{1,5}")) {
        continue;
      }
      if (fields.length < FIELDS) {
        return Optional.empty();
      }
      OptionalLong run = Numbers.count(fields[RUN]);
      OptionalLong wait = Numbers.count(fields[RUN + 1]);
      OptionalLong dispatches = Numbers.count(fields[RUN + 2]);
      if (run.isEmpty() || wait.isEmpty() || dispatches.isEmpty()) {
        return Optional.empty();
      }
      cpus.put(
          Integer.parseInt(fields[0].substring(3)),
          new QueueTimes(run.getAsLong(), wait.getAsLong(), dispatches.getAsLong()));
    }
    return cpus.isEmpty() ? Optional.empty() : Optional.of(cpus);
  }
}
