package dev.stint.host.live;

/// One run on the kernel, and how quiet the machine was meanwhile.
///
/// @param observed what was measured
/// @param foreignPercent time that others ran on the CPUs in use, percent of these CPUs' time
/// @param stealPercent time that a hypervisor took from them
record LiveRepetition(Observed observed, double foreignPercent, double stealPercent) {}
