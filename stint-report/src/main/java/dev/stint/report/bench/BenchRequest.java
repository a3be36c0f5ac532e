package dev.stint.report.bench;

/// What to measure.
///
/// @param quick whether in less than a minute: fewer rounds of shorter runs, and only the cases
///   that are small enough
/// @param only a regular expression that must be found in the name of a case
public record BenchRequest(boolean quick, String only) {}
