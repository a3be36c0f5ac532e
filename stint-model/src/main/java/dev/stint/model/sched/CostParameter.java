package dev.stint.model.sched;

/// The costs that a scenario can set, with the value of the preset `typical`.
///
/// Where no measurement is public the value is *assumed*: its order of magnitude is that of current
/// server processors, and a study should sweep it. docs/models/costs.md gives the sources.
public enum CostParameter {
  /// Linux gives a CPU to another task.
  CONTEXT_SWITCH("context-switch", 1_500),
  /// One tick of a busy CPU.
  TICK("tick", 1_000),
  /// An interrupt by which one CPU asks another to reschedule.
  IPI("ipi", 2_000),
  /// A task runs on another CPU than before, caches apart.
  MIGRATION("migration", 1_000),
  /// Most that a task loses by cold private caches where it ran before.
  CACHE_CORE("cache-refill-core", 10_000),
  /// What a task loses on another core below the same last-level cache.
  CACHE_LLC("cache-refill-llc", 20_000),
  /// What a task loses below another last-level cache or in another NUMA node.
  CACHE_NUMA("cache-refill-numa", 60_000),
  /// How long others must run on a processor to leave nothing of a task in its private caches.
  CACHE_SATURATION("cache-saturation", 1_000_000),
  /// One dispatch of a guest's VP by its parent: the hypercall's entry and exit.
  DISPATCH("dispatch", 2_000),
  /// The hypervisor gives an LP to another VP than the one that ran there last.
  WORLD_SWITCH("world-switch", 2_000),
  /// A VP runs on another LP than before: the old one is asked to flush and waited for.
  VP_MIGRATION("vp-migration", 2_000),
  /// The flush that DISPATCH_VP's SKIP_VP_SPEC_FLUSH would skip.
  FLUSH_VP("flush-vp", 500),
  /// The flush that SKIP_CALLER_SPEC_FLUSH would skip.
  FLUSH_CALLER("flush-caller", 500),
  /// The flush that SKIP_CALLER_USER_SPEC_FLUSH would skip.
  FLUSH_CALLER_USER("flush-caller-user", 500),
  /// A guest's exit to the hypervisor for an intercept, and its way back in.
  INTERCEPT("intercept", 1_500),
  /// From the hypervisor's message for a blocked VP until its vCPU thread is runnable.
  SIGNAL("signal", 5_000),
  /// A parent's VP gets its LP back from a guest's VP that it dispatched.
  PARENT_REGAIN("parent-regain", 1_000);

  private final String text;
  private final long typicalNs;

  CostParameter(String text, long typicalNs) {
    this.text = text;
    this.typicalNs = typicalNs;
  }

  /// Its key in a scenario.
  public String text() {
    return text;
  }

  /// Its value in the preset `typical`.
  public Cost typical() {
    return Cost.fixed(typicalNs);
  }
}
