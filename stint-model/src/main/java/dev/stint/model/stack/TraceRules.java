package dev.stint.model.stack;

import dev.stint.model.machine.Machine;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What an [InvariantChecker] demands of a trace beyond its being free of contradictions.
///
/// @param rules the assembly's own rules
/// @param machine which LPs are siblings; the first registered LP is LP 0
/// @param idleBoundNs how long an LP may idle while an entity waits for it, for [Rule#LP_BUSY]
public record TraceRules(Set<Rule> rules, Machine machine, long idleBoundNs) {
  /// One rule of some assemblies.
  public enum Rule {
    /// Core scheduler: at no time do sibling LPs run VPs of different partitions.
    ONE_PARTITION_PER_CORE,
    /// Root, integrated, KVM: only its vCPU thread runs a VP that has one.
    CARRIED_BY_THREAD,
    /// Where the hypervisor runs all VPs: while a VP runs, its vCPU thread sleeps.
    THREAD_SLEEPS,
    /// No LP idles, longer than the bound, while an entity waits for it that nothing forbids to
    /// run.
    LP_BUSY,
    /// No VP stays halted while an entity waits for it.
    NO_LOST_WAKE
  }

  /// Copies the set.
  public TraceRules {
    Set<Rule> copy = EnumSet.noneOf(Rule.class);
    copy.addAll(rules);
    rules = Collections.unmodifiableSet(copy);
  }

  /// No rules beyond the absence of contradictions.
  public static TraceRules structural() {
    return new TraceRules(Set.of(), Machine.flat(1, 1), 0);
  }

  /// The rules of an assembly; with an idle bound of 0: an LP never idles while a VP waits for it.
  public static TraceRules of(Assembly assembly, Machine machine) {
    Set<Rule> rules = EnumSet.of(Rule.LP_BUSY, Rule.NO_LOST_WAKE);
    rules.add(
        assembly.children() == Assembly.Children.HYPERVISOR
            ? Rule.THREAD_SLEEPS
            : Rule.CARRIED_BY_THREAD);
    if (assembly.policy().wholeCores()) {
      rules.add(Rule.ONE_PARTITION_PER_CORE);
    }
    return new TraceRules(rules, machine, 0);
  }

  /// The same rules with another bound for [Rule#LP_BUSY].
  public TraceRules idleBound(long boundNs) {
    return new TraceRules(rules, machine, boundNs);
  }

  /// The same rules without `rule`.
  public TraceRules without(Rule rule) {
    Set<Rule> fewer = EnumSet.noneOf(Rule.class);
    fewer.addAll(rules);
    fewer.remove(rule);
    return new TraceRules(fewer, machine, idleBoundNs);
  }

  boolean demand(Rule rule) {
    return rules.contains(rule);
  }
}
