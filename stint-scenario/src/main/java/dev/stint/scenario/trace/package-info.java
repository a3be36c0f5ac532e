/// Scheduler traces of real machines as text: ftrace, trace-cmd and perf script, folded into the
/// same ledger as a simulated run, and into workloads that replay them.
@NullMarked
package dev.stint.scenario.trace;

import org.jspecify.annotations.NullMarked;
