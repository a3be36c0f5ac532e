package dev.stint.model.stack;

/// A change at a time of the run.
///
/// @param atNs since the start
/// @param change what is done
public record TimedChange(long atNs, Change change) {}
