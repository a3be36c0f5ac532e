package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.DONE;
import static dev.stint.model.hypervisor.Internals.refuse;
import static dev.stint.model.hypervisor.Internals.success;

import dev.stint.model.hypervisor.hypercall.CpuGroupCall;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.CreateCpuGroup;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.DeleteCpuGroup;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.SetCpuGroupCap;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Privilege;
import dev.stint.model.machine.CpuSet;

/// Answers the hypercalls about CPU groups. Every group has an owner and an identity among that
/// owner's groups: others cannot name it.
final class CpuGroupCalls {
  /* Assumed: nobody fills the hypervisor with groups. */
  private static final int MAX_GROUPS = 1024;

  private final Internals internals;

  CpuGroupCalls(Internals internals) {
    this.internals = internals;
  }

  HypercallResult answer(Partition caller, CpuGroupCall call) {
    if (!caller.privileges().has(Privilege.CREATE_PARTITIONS)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return switch (call) {
      case CreateCpuGroup(CpuSet lps, int cap) ->
          create(caller, lps, cap, caller.path() + "/" + (caller.lastGroupId + 1));
      case SetCpuGroupCap(long groupId, int cap) -> limit(caller, groupId, cap);
      case DeleteCpuGroup(long groupId) -> delete(caller, groupId);
    };
  }

  /// As the hypercall, with a name in the simulation.
  HypercallResult create(Partition caller, CpuSet lps, int cap, String name) {
    if (!CpuSet.range(0, internals.machine().lpCount()).containsAll(lps)) {
      return refuse(HypercallStatus.INVALID_LP_INDEX);
    }
    if (!caller.lps().containsAll(lps)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    if (lps.isEmpty() || outside(cap)) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    if (caller.groups.size() >= MAX_GROUPS) {
      return refuse(HypercallStatus.NO_RESOURCES);
    }
    long groupId = ++caller.lastGroupId;
    caller.groups.put(groupId, new CpuGroup(name, groupId, lps, cap));
    return success(groupId);
  }

  private HypercallResult limit(Partition caller, long groupId, int cap) {
    CpuGroup group = caller.groups.get(groupId);
    if (group == null) {
      return refuse(HypercallStatus.INVALID_CPU_GROUP_ID);
    }
    if (outside(cap)) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    group.limit(cap);
    internals.scheduler().groupCapChanged(group);
    return DONE;
  }

  private static HypercallResult delete(Partition caller, long groupId) {
    CpuGroup group = caller.groups.get(groupId);
    if (group == null) {
      return refuse(HypercallStatus.INVALID_CPU_GROUP_ID);
    }
    if (group.memberCount() > 0) {
      return refuse(HypercallStatus.INVALID_CPU_GROUP_STATE);
    }
    caller.groups.remove(groupId);
    return DONE;
  }

  private static boolean outside(int cap) {
    return cap < 0 || cap > Controls.ONE_LP;
  }
}
