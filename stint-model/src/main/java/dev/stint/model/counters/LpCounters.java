package dev.stint.model.counters;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// The counters of one LP. Times are nanoseconds here; their text is in units of 100 ns, but for
/// `contextSwitchNs`.
///
/// @param globalNs since the hypervisor's start
/// @param runNs a VP ran on it
/// @param hypervisorRunNs the part of it that went to the hypervisor's own work; absent without
///   costs
/// @param contextSwitches times it passed to another VP: given one by the hypervisor, or passed
///   between a parent's VP and a VP that it dispatches
/// @param halts times it ran out of VPs
/// @param contextSwitchNs the part of `hypervisorRunNs` that went to giving it to another VP;
///   absent without costs, and where a parent dispatches: such a switch is a part of the dispatch
/// @param rootVpIndex the root partition's VP of this LP; absent without a root partition
/// @param proximityDomainId its NUMA node
public record LpCounters(
    long globalNs,
    long runNs,
    OptionalLong hypervisorRunNs,
    long contextSwitches,
    long halts,
    OptionalLong contextSwitchNs,
    OptionalInt rootVpIndex,
    int proximityDomainId) {}
