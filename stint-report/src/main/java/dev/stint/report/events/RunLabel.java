package dev.stint.report.events;

/// What run an event file holds.
///
/// @param stint version that made it
/// @param scenario name
/// @param assembly as on the command line, or what else scheduled: `core`, `recorded`
/// @param seed of its random streams
/// @param durationNs how long it was to go on, in simulated time
public record RunLabel(
    String stint, String scenario, String assembly, long seed, long durationNs) {}
