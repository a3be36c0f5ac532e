package dev.stint.host.proc;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.Reading;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What a CPU did since boot, in the ticks of `/proc/stat`: hundredths of a second whatever the
/// kernel's HZ (proc_stat(5)).
///
/// @param user time in user mode, guests and lowered priorities included
/// @param system time in the kernel, interrupts included
/// @param idle waiting for disks included
/// @param steal taken by a hypervisor that says so
public record CpuTicks(long user, long system, long idle, long steal) {
  /// Of one tick, nanoseconds.
  public static final long TICK_NS = 10_000_000L;

  private static final String FILE = "proc/stat";
  private static final int FIELDS = 9; // cpuN user nice system idle iowait irq softirq steal

  /// Those of all CPUs, by number.
  public static Reading<Map<Integer, CpuTicks>> read(HostFiles files) {
    return Reading.of(files, FILE, CpuTicks::parse);
  }

  /// Reads the text of `/proc/stat`.
  public static Optional<Map<Integer, CpuTicks>> parse(String text) {
    Map<Integer, CpuTicks> cpus = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] fields = line.split(" +");
      if (!fields[0].matches("cpu\\d{1,5}")) {
        continue;
      }
      Optional<CpuTicks> ticks = ofFields(fields);
      if (ticks.isEmpty()) {
        return Optional.empty();
      }
      cpus.put(Integer.parseInt(fields[0].substring(3)), ticks.get());
    }
    return cpus.isEmpty() ? Optional.empty() : Optional.of(cpus);
  }

  private static Optional<CpuTicks> ofFields(String[] fields) {
    if (fields.length < FIELDS) {
      return Optional.empty();
    }
    long[] counts = new long[FIELDS];
    for (int i = 1; i < FIELDS; i++) {
      OptionalLong count = Numbers.count(fields[i]);
      if (count.isEmpty() || count.getAsLong() > Long.MAX_VALUE / FIELDS) {
        return Optional.empty();
      }
      counts[i] = count.getAsLong();
    }
    return Optional.of(
        new CpuTicks(
            counts[1] + counts[2],
            counts[3] + counts[6] + counts[7],
            counts[4] + counts[5],
            counts[8]));
  }

  /// Time not idle, without what was stolen.
  public long busy() {
    return user + system;
  }

  /// What passed since an earlier look.
  public CpuTicks since(CpuTicks earlier) {
    return new CpuTicks(
        user - earlier.user, system - earlier.system, idle - earlier.idle, steal - earlier.steal);
  }
}
