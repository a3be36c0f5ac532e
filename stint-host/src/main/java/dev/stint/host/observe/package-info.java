/// What a Linux host does with its CPUs, read from /proc and cgroupfs alone: the ledger of
/// `observe`, by VM, vCPU thread, cgroup and CPU. What cannot be seen is unknown, never 0.
@NullMarked
package dev.stint.host.observe;

import org.jspecify.annotations.NullMarked;
