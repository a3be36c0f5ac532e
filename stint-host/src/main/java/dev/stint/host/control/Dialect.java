package dev.stint.host.control;

import dev.stint.scenario.Policy.Knob;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files that a knob is in, in either version of cgroups.
///
/// | version 2 | version 1 |
/// |---|---|
/// | `cpu.weight W` | `cpu.shares`, W·1024/100 rounded to nearest, as the kernel converts weights |
/// | `cpu.max Q P` | `cpu.cfs_quota_us Q` (-1 for `max`) and `cpu.cfs_period_us P` |
/// | `cpu.max.burst` | `cpu.cfs_burst_us` |
/// | `cpu.idle`, `cpuset.cpus` | the same |
final class Dialect {
  private static final long SHARES_PER_HUNDRED = 1024;
  private static final long HUNDRED = 100;

  private Dialect() {}

  /// The file of the weight.
  static String weightFile(int version) {
    return version == 2 ? Knob.WEIGHT.file() : "cpu.shares";
  }

  /// What to write for a setting: file to text.
  static Map<String, String> files(int version, Knob knob, String value) {
    Map<String, String> files = new LinkedHashMap<>();
    if (version == 2) {
      files.put(knob.file(), value);
      return files;
    }
    switch (knob) {
      case WEIGHT -> files.put("cpu.shares", Long.toString(shares(Long.parseLong(value))));
      case MAX -> {
        String[] parts = value.split(" ");
        files.put("cpu.cfs_quota_us", parts[0].equals("max") ? "-1" : parts[0]);
        files.put("cpu.cfs_period_us", parts[1]);
      }
      case BURST -> files.put("cpu.cfs_burst_us", value);
      case CPUS, IDLE -> files.put(knob.file(), value);
    }
    return files;
  }

  /// The shares of a weight.
  static long shares(long weight) {
    return (weight * SHARES_PER_HUNDRED + HUNDRED / 2) / HUNDRED;
  }
}
