/// Simulated time, units, and the checks that stop a contradictory run.
@org.jspecify.annotations.NullMarked
package dev.stint.model.time;
