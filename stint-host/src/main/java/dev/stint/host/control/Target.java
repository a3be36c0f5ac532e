package dev.stint.host.control;

import dev.stint.scenario.Policy;
import java.util.Map;

/// A policy's entry and the cgroups it stands for.
///
/// @param entry of the policy
/// @param groups by controller, `cpu` and `cpuset`; under version 1 they may differ
record Target(Policy.Entry entry, Map<String, String> groups) {}
