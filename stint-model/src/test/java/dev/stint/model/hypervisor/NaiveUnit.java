package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;

/// A unit of the oracle: virtual time as an exact fraction.
final class NaiveUnit {
  static final Comparator<NaiveUnit> ORDER =
      Comparator.comparing((NaiveUnit unit) -> !unit.owed)
          .thenComparingLong(NaiveUnit::virtualTimeNs)
          .thenComparingLong(unit -> unit.sequence);

  final List<VirtualProcessor> vps;
  final Partition partition;
  final CpuSet slots;
  long sequence;
  boolean owed;
  boolean waiting;
  int slot = -1;
  int lastSlot = -1;
  int waitSlot = -1;
  long weight;

  private long baseNs;
  private long ranNs;
  private long chargedWeight = 1;

  NaiveUnit(List<VirtualProcessor> vps, CpuSet slots) {
    this.vps = vps;
    this.partition = vps.get(0).partition();
    this.slots = slots;
  }

  long virtualTimeNs() {
    return baseNs
        + BigInteger.valueOf(ranNs)
            .multiply(BigInteger.valueOf(100L << 20))
            .divide(BigInteger.valueOf(chargedWeight))
            .longValueExact();
  }

  void virtualTimeNs(long ns) {
    baseNs += ns - virtualTimeNs();
  }

  void charge(long ns) {
    if (ns > 0 && weight != chargedWeight) {
      baseNs = virtualTimeNs();
      ranNs = 0;
      chargedWeight = weight;
    }
    ranNs += ns;
  }

  boolean ready() {
    return vps.stream().anyMatch(VirtualProcessor::runnable);
  }

  boolean active() {
    return waiting || slot >= 0;
  }

  boolean owedAt(long nowNs) {
    return vps.stream().anyMatch(vp -> vp.runnable() && vp.usedNs(nowNs) < vp.reserveBudgetNs);
  }
}
