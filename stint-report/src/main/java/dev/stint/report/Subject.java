package dev.stint.report;

import dev.stint.model.trace.EntityKind;

/// An entity that reports speak of by name: a cgroup, a partition or a task of the scenario.
///
/// @param path of the entity
/// @param name as a person would say it, `cgroup gold`, `vm-gold`, `vm-gold/web`
/// @param kind group, partition or task
/// @param depth of a group below its Linux's root cgroup, from 0
public record Subject(String path, String name, EntityKind kind, int depth) {}
