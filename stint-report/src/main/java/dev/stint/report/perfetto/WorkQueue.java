package dev.stint.report.perfetto;

/// Does work in the order in which it is given: at once, or on another thread.
///
/// What was done before a method returns is visible to its caller.
public interface WorkQueue {
  /// How much work may wait or be under way when [#give] returns.
  int BACKLOG = 6;

  /// Does everything at once.
  WorkQueue NONE =
      new WorkQueue() {
        @Override
        public void give(Runnable work) {
          work.run();
        }

        @Override
        public void end() {}
      };

  /// Takes a piece of work, which throws nothing. Returns when at most [#BACKLOG] pieces are not
  /// done.
  void give(Runnable work);

  /// Returns when all is done. Nothing can be given afterwards.
  void end();
}
