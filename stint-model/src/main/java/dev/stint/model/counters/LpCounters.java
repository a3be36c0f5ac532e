package dev.stint.model.counters;

import java.util.OptionalInt;

/// The counters of one LP. Times are nanoseconds here; their text is in units of 100 ns.
///
/// @param globalNs since the hypervisor's start
/// @param runNs a VP ran on it
/// @param contextSwitches times it passed to another VP: given one by the hypervisor, or passed
///   between a parent's VP and a VP that it dispatches
/// @param halts times it ran out of VPs
/// @param rootVpIndex the root partition's VP of this LP; absent without a root partition
/// @param proximityDomainId its NUMA node
public record LpCounters(
    long globalNs,
    long runNs,
    long contextSwitches,
    long halts,
    OptionalInt rootVpIndex,
    int proximityDomainId) {}
