package dev.stint.model.sched;

/// The scheduler that a [Processor] supplies with time: for a VP, its guest's kernel on that CPU.
public interface ProcessorUser {
  /// A processor that nobody uses: it never leaves the halted state.
  ProcessorUser NOBODY =
      new ProcessorUser() {
        @Override
        public void backed(long nowNs) {}

        @Override
        public void unbacked(long nowNs) {}

        @Override
        public void interrupted(long nowNs) {}
      };

  /// Time is supplied from now: what was running goes on.
  void backed(long nowNs);

  /// No time from now: what was running stops, without the user's knowledge.
  void unbacked(long nowNs);

  /// An interrupt is delivered; the processor is backed and not halted.
  void interrupted(long nowNs);

  /// The backed processor's speed changed, or more time is owed before work goes on.
  default void disturbed(long nowNs) {}
}
