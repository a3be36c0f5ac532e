package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.trace.EntityKind;
import java.util.Optional;
import java.util.OptionalLong;

/// How a task is created.
///
/// @param path its entity path
/// @param kind [EntityKind#TASK], or [EntityKind#THREAD] for a vCPU thread
/// @param attributes its policy, nice value and slice
/// @param affinity the CPUs asked for; those outside the group's cpuset are ignored, and all of it
///   if none is inside
/// @param session its session, which matters to autogroups only; empty for none
public record TaskParameters(
    String path,
    EntityKind kind,
    SchedulingAttributes attributes,
    Optional<CpuSet> affinity,
    String session) {
  /// A SCHED_NORMAL task without a session.
  public TaskParameters(
      String path, EntityKind kind, int nice, OptionalLong sliceNs, Optional<CpuSet> affinity) {
    this(
        path, kind, new SchedulingAttributes(SchedulingPolicy.NORMAL, nice, sliceNs), affinity, "");
  }
}
