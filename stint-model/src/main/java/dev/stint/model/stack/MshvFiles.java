package dev.stint.model.stack;

import dev.stint.model.counters.HypervisorCounters;
import dev.stint.model.counters.StatsText;
import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.VirtualProcessor;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the mshv driver of a parent partition shows in debugfs: statistics of its own partition and
/// of those that it created; to a root partition also those of the hypervisor and of all LPs.
///
/// The layout is that of Linux `drivers/hv/mshv_debugfs.c`: an L1VH's own partition is called
/// `self`, a root's goes by its identity. A VP's line holds the parent's view of the counter if
/// that is not 0, else its own: in the model both are one.
final class MshvFiles {
  private static final String TOP = "sys/kernel/debug/mshv/";

  private final Hypervisor hypervisor;
  private final HypervisorCounters counters;

  MshvFiles(Hypervisor hypervisor, HypervisorCounters counters) {
    this.hypervisor = hypervisor;
    this.counters = counters;
  }

  /// The files of `partition`'s Linux, by path without a leading slash; none unless it is a parent.
  SortedMap<String, String> of(Partition partition) {
    SortedMap<String, String> files = new TreeMap<>();
    switch (partition.kind()) {
      case ROOT -> {
        machine(files);
        add(files, Long.toString(partition.partitionId()), partition);
      }
      case L1VH -> add(files, "self", partition);
      case GUEST -> {
        return files;
      }
    }
    for (Partition child : partition.children()) {
      add(files, Long.toString(child.partitionId()), child);
    }
    return files;
  }

  private void machine(SortedMap<String, String> files) {
    int vps = hypervisor.partitions().stream().mapToInt(p -> p.vps().size()).sum();
    files.put(
        TOP + "stats",
        StatsText.hypervisor(hypervisor.lpCount(), hypervisor.partitions().size(), vps));
    for (int lp = 0; lp < hypervisor.lpCount(); lp++) {
      files.put(TOP + "lp/" + lp + "/stats", StatsText.lp(counters.lp(lp, OptionalInt.of(lp))));
    }
  }

  private void add(SortedMap<String, String> files, String name, Partition partition) {
    String directory = TOP + "partition/" + name + "/";
    files.put(
        directory + "stats",
        StatsText.partition(
            partition.vps().size(), partition.partitionId(), partition.children().size()));
    for (VirtualProcessor vp : partition.vps()) {
      files.put(directory + "vp/" + vp.index() + "/stats", StatsText.vp(counters.vp(vp.id())));
    }
  }
}
