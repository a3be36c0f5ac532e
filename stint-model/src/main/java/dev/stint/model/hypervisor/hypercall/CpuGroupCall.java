package dev.stint.model.hypervisor.hypercall;

import dev.stint.model.machine.CpuSet;

/// Hypercalls about CPU groups: sets of LPs with a cap, into which the owner puts its children
/// (property [Property#CPU_GROUP_ID]). Microsoft documents the groups as the Host Compute Service
/// shows them (Windows Server, "Virtual Machine Resource Controls"); these calls stand for what it
/// does, and only the status of deleting a group that is not empty is the hypervisor's own.
public sealed interface CpuGroupCall extends HypercallRequest {
  /// Makes a group; returns its identity among the caller's groups, 1 or more.
  ///
  /// @param lps not empty, all of them the caller's
  /// @param cap 0 to 0x10000: the part of these LPs that the group may use
  record CreateCpuGroup(CpuSet lps, int cap) implements CpuGroupCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.CREATE_CPU_GROUP;
    }
  }

  /// Changes the cap of one of the caller's groups.
  ///
  /// @param groupId which group
  /// @param cap 0 to 0x10000
  record SetCpuGroupCap(long groupId, int cap) implements CpuGroupCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.SET_CPU_GROUP_CAP;
    }
  }

  /// Removes one of the caller's groups, if it is empty.
  ///
  /// @param groupId which group
  record DeleteCpuGroup(long groupId) implements CpuGroupCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DELETE_CPU_GROUP;
    }
  }
}
