package dev.stint.report.explain;

import java.util.OptionalLong;

/// What is to be explained.
///
/// @param entity path of a task, vCPU thread, VP, task group or partition
/// @param atNs the instant in question; absent for the longest waits
/// @param worst how many of the longest waits, 1 or more; without meaning where there is an instant
public record Question(String entity, OptionalLong atNs, int worst) {}
