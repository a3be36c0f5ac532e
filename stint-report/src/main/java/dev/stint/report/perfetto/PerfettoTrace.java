package dev.stint.report.perfetto;

import dev.stint.model.stack.Watch;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/// Writes one run as a Perfetto trace while it goes on: slices of what ran and what waited, and
/// why, on a track per LP, VP, vCPU thread and task; arrows from wakers to wakees; counters.
///
/// The slices are the ledger's own intervals: per track they add up to the JSON result to the
/// nanosecond. The traces of several runs of one command may be appended to one another.
///
/// The run's thread only takes down what happens; a thread of the trace's own makes the trace of
/// it, and writes it, until [#finish] or [#close].
public final class PerfettoTrace implements AutoCloseable {
  private final TraceEncoder encoder;
  private final Tape tape;
  private final LiveReadings readings;

  /// Begins the trace of a run.
  ///
  /// @param out receives it, as work of the queue until the trace is finished; not closed
  /// @param queue of this trace's own
  /// @param index of the run among those in the file, from 0
  /// @param runCount how many runs the file will hold
  /// @param about what to say of the run, such as the command that repeats it
  public PerfettoTrace(
      OutputStream out,
      WorkQueue queue,
      WatchedRun run,
      int index,
      int runCount,
      Map<String, String> about) {
    encoder = new TraceEncoder(out, run, index, runCount, about);
    tape = new Tape(run.entities(), encoder, queue);
    readings = new LiveReadings(run, tape);
  }

  /// What the run is watched with.
  public Watch watch() {
    return new Watch(new Events(), tape);
  }

  private final class Events implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      tape.event(timeNs, kind, a, b, c, d);
      switch (kind) {
        case SWITCH -> {
          readings.look(b);
          readings.look(c);
        }
        case THROTTLE, UNTHROTTLE -> readings.look(a);
        case READY, MOVE, ENTER, LEAVE, HOLD, COST, UNKNOWN -> {}
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }

  /// Ends the trace: every slice that is open, and every arrow.
  ///
  /// @param more what is known of the run only now, such as what it assumed
  /// @throws IOException why the trace could not be written, now or before
  public void finish(long endNs, Map<String, String> more) throws IOException {
    tape.end();
    encoder.finish(endNs, more);
  }

  /// Ends the trace of a run that failed: it is not complete, and nothing is written after this.
  @Override
  public void close() {
    tape.stop();
  }

  /// How many slice begins and ends, instants and counter values were written, as of [#finish].
  public long eventCount() {
    return encoder.eventCount();
  }

  /// How many bytes they and everything else came to, as of [#finish].
  public long byteCount() {
    return encoder.byteCount();
  }
}
