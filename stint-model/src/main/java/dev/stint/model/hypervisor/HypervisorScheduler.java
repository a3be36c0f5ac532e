package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import java.util.Optional;

/// A policy that decides which VPs hold which LPs. One implementation is one file.
///
/// A scheduler takes over the VPs of a partition in [#add] by attaching itself to their processors
/// ([dev.stint.model.sched.ProcessorSupplier]): `unhalted` is "the VP became ready", `halted` "it
/// blocked". Both are only noted; decisions are deferred to the end of the instant, and so see a VP
/// that halts and is interrupted at the same instant as one that never stopped.
interface HypervisorScheduler {
  /// Why a partition with these LPs and so many VPs to a virtual core cannot be scheduled, or empty
  /// if it can.
  Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore);

  /// Schedules all VPs of `partition` from now on. They are halted.
  void add(Partition partition);

  /// Schedules the VPs of `partition` no more: they are retired and stopped.
  default void remove(Partition partition) {}

  /// `vp` was suspended: it gives up its LP if it has one.
  default void suspended(VirtualProcessor vp) {}

  /// The guest says that `vp` spins. A hint that a scheduler may ignore.
  default void longSpin(VirtualProcessor vp) {}

  /// The cap of a group has another value.
  default void groupCapChanged(CpuGroup group) {}

  /// Stops the run if the scheduler's state contradicts itself. Called between instants.
  void checkInvariants(long nowNs);
}
