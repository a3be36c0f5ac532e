package dev.stint.host.probe;

import dev.stint.host.Probe;

/// An answer of `doctor`.
///
/// @param name what was looked for
/// @param probe whether it can be had
public record Finding(String name, Probe probe) {}
