/// Other simulators on the workloads of Stint's benchmarks, in the same process.
@org.jspecify.annotations.NullMarked
package dev.stint.peers;
