package dev.stint.model.trace;

/// Receives the event stream of a run in order of time.
///
/// Two calls with primitive arguments, so that a run allocates nothing for its trace. A sink must
/// not change the model.
public interface TraceSink {
  /// A sink that keeps nothing.
  TraceSink NONE =
      new TraceSink() {
        @Override
        public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

        @Override
        public void sample(long timeNs, Metric metric, int entity, long value) {}
      };

  /// A scheduling event.
  ///
  /// @param timeNs never less than at the call before
  /// @param kind says what the other arguments mean
  void event(long timeNs, TraceKind kind, int a, int b, int c, int d);

  /// A figure that workload `entity` measured itself.
  void sample(long timeNs, Metric metric, int entity, long value);

  /// A sink that passes everything to `first`, then to `second`.
  static TraceSink both(TraceSink first, TraceSink second) {
    return new TraceSink() {
      @Override
      public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
        first.event(timeNs, kind, a, b, c, d);
        second.event(timeNs, kind, a, b, c, d);
      }

      @Override
      public void sample(long timeNs, Metric metric, int entity, long value) {
        first.sample(timeNs, metric, entity, value);
        second.sample(timeNs, metric, entity, value);
      }
    };
  }
}
