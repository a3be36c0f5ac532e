package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.trace.EntityKind;
import java.util.Optional;
import java.util.OptionalLong;

/// How a task is created.
///
/// @param path its entity path
/// @param kind [EntityKind#TASK], or [EntityKind#THREAD] for a vCPU thread
/// @param nice -20 to 19
/// @param sliceNs custom slice, absent for the base slice
/// @param affinity the CPUs asked for; those outside the group's cpuset are ignored, and all of it
///   if none is inside
public record TaskParameters(
    String path, EntityKind kind, int nice, OptionalLong sliceNs, Optional<CpuSet> affinity) {}
