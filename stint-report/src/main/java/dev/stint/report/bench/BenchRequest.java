package dev.stint.report.bench;

import java.util.OptionalInt;

/// What to measure.
///
/// @param quick whether in less than a minute: fewer rounds of shorter runs, and only the cases
///   that are small enough
/// @param only a regular expression that must be found in the name of a case
/// @param rounds how often each case runs, at least once; empty for 3 if quick, else 7
public record BenchRequest(boolean quick, String only, OptionalInt rounds) {}
