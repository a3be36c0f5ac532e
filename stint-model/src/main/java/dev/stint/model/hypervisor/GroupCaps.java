package dev.stint.model.hypervisor;

import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The caps of all CPU groups that have members.
final class GroupCaps {
  private final Simulation simulation;
  private final Entities entities;
  private final long windowNs;
  private final GroupCap.Marker marker;
  private final Map<CpuGroup, GroupCap> caps = new LinkedHashMap<>();

  /// `marker` is told of VPs whose group's budget changed.
  GroupCaps(Simulation simulation, Entities entities, long windowNs, GroupCap.Marker marker) {
    this.simulation = simulation;
    this.entities = entities;
    this.windowNs = windowNs;
    this.marker = marker;
  }

  /// Counts `vp` to its partition's group.
  void add(VirtualProcessor vp) {
    vp.partition()
        .cappingGroup()
        .ifPresent(group -> {
          vp.groupCap = caps.computeIfAbsent(group, this::made);
          vp.groupCap.add(vp);
        });
  }

  private GroupCap made(CpuGroup group) {
    GroupCap cap = new GroupCap(simulation, group.lps().count(), marker);
    limit(group, cap, simulation.nowNs());
    return cap;
  }

  /// A group is an entity of the trace from its first limit on.
  private void limit(CpuGroup group, GroupCap cap, long nowNs) {
    cap.limit(group.cap(), windowNs, nowNs);
    if (cap.limited() && cap.rule < 0) {
      cap.rule = entities.add(EntityKind.RULE, "cpu-group:" + group.name(), Entities.NONE);
    }
  }

  /// The cap of a group has another value: its members, which are all to be looked at.
  List<VirtualProcessor> changed(CpuGroup group, long nowNs) {
    GroupCap cap = caps.get(group);
    if (cap == null) {
      return List.of();
    }
    limit(group, cap, nowNs);
    marker.mark(cap.members());
    return cap.members();
  }

  void newWindow(long nowNs, long endNs) {
    for (GroupCap cap : caps.values()) {
      cap.newWindow(nowNs);
      cap.arm(simulation, nowNs, endNs);
    }
  }
}
