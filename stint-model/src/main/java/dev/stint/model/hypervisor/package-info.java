/// Partitions, VPs, and the hypervisor's classic, core and root schedulers.
@org.jspecify.annotations.NullMarked
package dev.stint.model.hypervisor;
