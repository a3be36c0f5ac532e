package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;

/// A CPU group: LPs, and what part of them its members may use together (Windows Server, "Virtual
/// Machine Resource Controls"): `lps.count() * cap / 0x10000` LPs.
public final class CpuGroup {
  private final String name;
  private final long groupId;
  private final CpuSet lps;
  private int cap;
  private int memberCount;

  CpuGroup(String name, long groupId, CpuSet lps, int cap) {
    this.name = name;
    this.groupId = groupId;
    this.lps = lps;
    this.cap = cap;
  }

  /// What it is called in the simulation.
  public String name() {
    return name;
  }

  /// Its identity among its owner's groups, from 1.
  public long groupId() {
    return groupId;
  }

  /// Its LPs.
  public CpuSet lps() {
    return lps;
  }

  /// 0 to 0x10000.
  public int cap() {
    return cap;
  }

  /// How many partitions are in it.
  public int memberCount() {
    return memberCount;
  }

  void limit(int newCap) {
    cap = newCap;
  }

  void join() {
    memberCount++;
  }

  void leave() {
    memberCount--;
  }

  @Override
  public String toString() {
    return "group " + groupId + " lps " + lps + " cap " + cap + " members " + memberCount;
  }
}
