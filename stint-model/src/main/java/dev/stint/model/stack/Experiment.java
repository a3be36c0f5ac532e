package dev.stint.model.stack;

import dev.stint.model.counters.HypervisorCounters;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.ResultBuilder;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.TraceDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Runs a scenario under an assembly.
public final class Experiment {
  private static final int PROGRESS_STEPS = 100;

  private Experiment() {}

  /// Simulates the whole scenario and returns its figures: the same scenario and assembly always
  /// give the same result, digest included.
  ///
  /// @throws CannotAssemble when the scenario makes no sense under the assembly
  public static RunResult run(Scenario scenario, Assembly assembly, RunOptions options) {
    Stack stack = StackBuilder.build(scenario, assembly);
    options.guests().ifPresent(_ -> stack.observe());
    Optional<Watch> watch =
        options.watcher().map(watcher -> watcher.watch(watched(scenario, assembly, stack)));
    Ledger ledger = new Ledger(stack.entities(), watch.map(Watch::spans).orElse(SpanSink.NONE));
    stack.threadOfVp().forEach(ledger::carrier);
    TraceDigest digest = new TraceDigest();
    Entitlement entitlement = new Entitlement(scenario, assembly, stack, ledger);
    RunTrace trace = new RunTrace(digest, ledger, entitlement.readiness());
    Optional<HypervisorCounters> counters =
        assembly.mshv() && (options.guests().isPresent() || options.counters().isPresent())
            ? Optional.of(stack.counters(scenario.machine(), scenario.costs()))
            : Optional.empty();
    counters.ifPresent(trace::add);
    watch.ifPresent(w -> trace.add(w.events()));
    Optional<InvariantChecker> checker =
        options.audit() ? Optional.of(checker(scenario, assembly, stack)) : Optional.empty();
    if (checker.isPresent()) {
      trace.add(checker.get());
      stack.simulation().afterEachInstant(stack::audit);
    }
    stack.trace().connect(trace);
    long durationNs = scenario.durationNs();
    for (int step = 1; step <= PROGRESS_STEPS; step++) {
      long untilNs =
          durationNs / PROGRESS_STEPS * step + durationNs % PROGRESS_STEPS * step / PROGRESS_STEPS;
      stack.simulation().run(untilNs);
      options.progress().accept(untilNs);
    }
    stack.settleCosts();
    counters.ifPresent(read -> read.finish(durationNs));
    tell(stack, counters, options);
    ledger.finish(durationNs);
    checker.ifPresent(c -> c.finish(durationNs));
    return result(scenario, assembly, stack, ledger, entitlement, digest);
  }

  private static void tell(Stack stack, Optional<HypervisorCounters> counters, RunOptions options) {
    options.guests().ifPresent(reader -> stack.read(reader, counters));
    if (counters.isPresent() && options.counters().isPresent()) {
      stack.read(counters.get(), options.counters().get());
    }
  }

  private static WatchedRun watched(Scenario scenario, Assembly assembly, Stack stack) {
    return new WatchedRun(scenario, assembly, stack.entities(), stack.threadOfVp(), stack.state());
  }

  private static InvariantChecker checker(Scenario scenario, Assembly assembly, Stack stack) {
    InvariantChecker checker =
        new InvariantChecker(stack.entities(), TraceRules.of(assembly, scenario.machine()));
    stack.threadOfVp().forEach(checker::carrier);
    return checker;
  }

  private static RunResult result(
      Scenario scenario,
      Assembly assembly,
      Stack stack,
      Ledger ledger,
      Entitlement entitlement,
      TraceDigest digest) {
    ResultBuilder builder = new ResultBuilder(ledger);
    for (Guest guest : stack.guests()) {
      for (TaskGroup group : guest.kernel.groups()) {
        builder.periods(
            group.id(), group.bandwidth().periodCount(), group.bandwidth().throttledPeriodCount());
      }
    }
    entitlement
        .shares()
        .forEach((path, share) -> builder.entitledShare(stack.entities().find(path), share));
    return new RunResult(
        assembly.text(),
        scenario.durationNs(),
        digest.hex(),
        stack.simulation().eventCount(),
        builder.entities(),
        builder.theft(),
        assumed(scenario, assembly),
        Stream.concat(stack.notes().stream(), entitlement.notes().stream()).toList());
  }

  private static Map<String, String> assumed(Scenario scenario, Assembly assembly) {
    Map<String, String> assumed = new LinkedHashMap<>(scenario.costs().assumed());
    assumed.putAll(assembly.policy().assumed(scenario.hypervisor()));
    if (assembly == Assembly.INTEGRATED) {
      assumed.put(
          "hypervisor.l1vh-vps", scenario.hypervisor().l1vhPinned() ? "pinned" : "scheduled");
    }
    return assumed;
  }
}
