/// One Linux: per-CPU EEVDF runqueues, task groups, bandwidth, cpusets, placement.
@org.jspecify.annotations.NullMarked
package dev.stint.model.linux;
