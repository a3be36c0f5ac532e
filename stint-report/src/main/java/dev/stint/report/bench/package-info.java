/// What the benchmarks of the whole simulator found, and its writers. The benchmarks themselves are
/// in a module that is there only where they are wanted.
@org.jspecify.annotations.NullMarked
package dev.stint.report.bench;
