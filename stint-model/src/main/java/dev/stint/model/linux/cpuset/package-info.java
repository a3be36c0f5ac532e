/// The rules of cpusets, without a machine: what a write is answered, which CPUs a group gets.
@org.jspecify.annotations.NullMarked
package dev.stint.model.linux.cpuset;
