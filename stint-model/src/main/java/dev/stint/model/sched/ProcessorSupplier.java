package dev.stint.model.sched;

/// The layer below a [Processor]: the hypervisor, or the driver whose thread carries the VP.
public interface ProcessorSupplier {
  /// The supplier of an LP: there is nothing below to tell.
  ProcessorSupplier ALWAYS_BACKED =
      new ProcessorSupplier() {
        @Override
        public void halted(long nowNs) {}

        @Override
        public void unhalted(long nowNs) {}
      };

  /// The backed processor has nothing to run: the supplier may unback it, from a deferred step.
  void halted(long nowNs);

  /// The halted processor got an interrupt: it wants time again. It may still be backed, when the
  /// supplier has not yet acted on [#halted].
  void unhalted(long nowNs);

  /// The backed processor's user says that it has spun for long and is waiting for another.
  default void longSpin(long nowNs) {}

  /// The backed processor's user needs the VMM ([Processor#intercept]): the supplier unbacks the
  /// processor, at the latest in a deferred step of this instant, and backs it again only after it
  /// has called [Processor#resume].
  default void intercepted(long nowNs) {
    throw new IllegalStateException("nothing below this processor handles an intercept");
  }
}
