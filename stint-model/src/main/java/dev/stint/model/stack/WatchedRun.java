package dev.stint.model.stack;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.LiveState;
import java.util.Map;

/// A run that is about to start, as its watcher sees it.
///
/// @param entities everything that the events will speak of, rules excepted, which come when they
///   are first named
/// @param threadOfVp the vCPU thread that stands for a VP, by entity id
/// @param live state beyond the events, valid while an event is told
public record WatchedRun(
    Scenario scenario,
    Assembly assembly,
    Entities entities,
    Map<Integer, Integer> threadOfVp,
    LiveState live) {}
