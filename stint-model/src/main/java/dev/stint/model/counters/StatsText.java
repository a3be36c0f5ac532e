package dev.stint.model.counters;

import java.util.Locale;
import java.util.OptionalLong;

/// Statistics pages as the text of Linux's debugfs: a line per counter, its name padded with
/// spaces, a colon, an integer (widths: Linux `drivers/hv/mshv_debugfs.c`). A counter that the
/// model cannot know has no line.
public final class StatsText {
  private static final String HYPERVISOR = "%-27s: %d\n";
  private static final String LP = "%-32s: %d\n";
  private static final String PARTITION = "%-37s: %d\n";
  private static final String VP = "%-43s: %d\n";
  private static final long UNIT_NS = 100;

  private StatsText() {}

  /// `mshv/stats`.
  public static String hypervisor(int lpCount, int partitionCount, int vpCount) {
    return line(HYPERVISOR, "HvLogicalProcessors", lpCount)
        + line(HYPERVISOR, "HvPartitions", partitionCount)
        + line(HYPERVISOR, "HvVirtualProcessors", vpCount);
  }

  /// `mshv/lp/N/stats`.
  public static String lp(LpCounters lp) {
    return line(LP, "LpGlobalTime", lp.globalNs() / UNIT_NS)
        + line(LP, "LpTotalRunTime", lp.runNs() / UNIT_NS)
        + (lp.hypervisorRunNs().isPresent()
            ? line(LP, "LpHypervisorRunTime", lp.hypervisorRunNs().getAsLong() / UNIT_NS)
            : "")
        + line(LP, "LpContextSwitches", lp.contextSwitches())
        + line(LP, "LpProcessorHalts", lp.halts())
        + (lp.contextSwitchNs().isPresent()
            ? line(LP, "LpContextSwitchTime", lp.contextSwitchNs().getAsLong())
            : "")
        + (lp.rootVpIndex().isPresent()
            ? line(LP, "LpRootVpIndex", lp.rootVpIndex().getAsInt())
            : "")
        + line(LP, "LpProximityDomainId", lp.proximityDomainId());
  }

  /// `mshv/partition/ID/stats`.
  public static String partition(int vpCount, long partitionId, int activeChildren) {
    return line(PARTITION, "PtVirtualProcessors", vpCount)
        + line(PARTITION, "PtPartitionId", partitionId)
        + line(PARTITION, "PtNumberofActiveChildPartitions", activeChildren);
  }

  /// `mshv/partition/ID/vp/N/stats`.
  public static String vp(VpCounters vp) {
    StringBuilder text = new StringBuilder();
    for (VpCounter counter : VpCounter.values()) {
      OptionalLong value = counter.value(vp);
      if (value.isPresent()) {
        text.append(line(VP, counter.text(), value.getAsLong()));
      }
    }
    return text.toString();
  }

  private static String line(String format, String name, long value) {
    return String.format(Locale.ROOT, format, name, value);
  }
}
