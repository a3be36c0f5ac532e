package dev.stint.model.stack;

import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.TraceSink;

/// What a watcher is told of one run, on the thread of that run.
///
/// @param events the event stream
/// @param spans the ledger's intervals; those still open are told when the run has ended
public record Watch(TraceSink events, SpanSink spans) {
  /// Only the events.
  public static Watch events(TraceSink sink) {
    return new Watch(sink, SpanSink.NONE);
  }
}
