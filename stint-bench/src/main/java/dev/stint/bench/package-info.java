/// Whole-run benchmarks: what an event of the model costs, beside what it costs at least.
@org.jspecify.annotations.NullMarked
package dev.stint.bench;
