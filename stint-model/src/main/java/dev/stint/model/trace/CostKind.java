package dev.stint.model.trace;

/// What a nanosecond of processor time went to in which the task that held the processor made no
/// progress (docs/models/costs.md).
public enum CostKind {
  /// Linux switched tasks.
  CONTEXT_SWITCH("context-switch"),
  /// The caches had to be filled again with the task's data.
  CACHE_REFILL("cache-refill"),
  /// The task, or its VP, changed processor.
  MIGRATION("migration"),
  /// Linux's periodic tick.
  TICK("tick"),
  /// An interrupt from another CPU.
  IPI("ipi"),
  /// A parent's Linux entered a guest's VP by hypercall, and came back.
  DISPATCH("dispatch"),
  /// The hypervisor put another VP on the LP.
  WORLD_SWITCH("world-switch"),
  /// Branch predictors and buffers were flushed between mutually distrusting contexts.
  SPECULATION_FLUSH("speculation-flush"),
  /// The guest did something that the hypervisor or the parent had to complete.
  INTERCEPT("intercept"),
  /// A parent's VP took its LP back from a guest's VP.
  PARENT_REGAIN("parent-regain"),
  /// Both hardware threads of the core were busy: they share its throughput.
  SMT("smt");

  private final String text;

  CostKind(String text) {
    this.text = text;
  }

  /// The name in the JSON contract.
  public String text() {
    return text;
  }
}
