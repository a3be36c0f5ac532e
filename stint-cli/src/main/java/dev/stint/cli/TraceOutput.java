package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.WatchedRun;
import dev.stint.report.Results;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/// `--trace`: the runs of a command as one file. Each run is written on its own thread to a piece
/// of its own beside the file; at the end the pieces become the file, whole or not at all.
final class TraceOutput implements RunOutput {
  private final AtomicFile target;
  private final TraceFormat format;
  private final Optional<String> layer;
  private final int runCount;
  private final Function<Assembly, Map<String, String>> about;
  private final TreeMap<Integer, TracePiece> pieces = new TreeMap<>();
  private boolean over;

  /// @param layer whose Linux an ftrace text shows
  /// @param about what to say of the run under an assembly
  TraceOutput(
      AtomicFile target,
      TraceFormat format,
      Optional<String> layer,
      int runCount,
      Function<Assembly, Map<String, String>> about) {
    this.target = target;
    this.format = format;
    this.layer = layer;
    this.runCount = runCount;
    this.about = about;
    if (format == TraceFormat.FTRACE && runCount > 1) {
      throw Refusal.input(
          "--trace: an ftrace text holds one run. Use: stint run --under ..., or a name that ends"
              + " in .pftrace.");
    }
    if (format != TraceFormat.FTRACE && layer.isPresent()) {
      throw Refusal.input(
          "--trace-layer chooses the Linux of an ftrace text; a Perfetto trace has all of them."
              + " Use it with --trace NAME.ftrace.txt.");
    }
  }

  @Override
  public RunWatcher watcher(int run, Assembly assembly) {
    return watched -> {
      try {
        synchronized (pieces) {
          if (over) {
            throw new CancellationException("another run failed, so nobody wants this trace");
          }
          TracePiece piece = open(run, watched);
          pieces.put(run, piece);
          return piece.watch();
        }
      } catch (IOException e) {
        throw target.unwritable(e);
      }
    };
  }

  private TracePiece open(int run, WatchedRun watched) throws IOException {
    return switch (format) {
      case PERFETTO, PERFETTO_GZIP ->
          TracePiece.perfetto(
              target.piece(run),
              format == TraceFormat.PERFETTO_GZIP,
              watched,
              run,
              runCount,
              about.apply(watched.assembly()));
      case FTRACE -> TracePiece.ftrace(target.piece(run), watched, layer);
    };
  }

  @Override
  public void finish(Results results) {
    try {
      for (Map.Entry<Integer, TracePiece> piece : pieces.entrySet()) {
        piece.getValue().finish(results.runs().get(piece.getKey()));
      }
      if (pieces.size() == 1 && pieces.firstEntry().getValue().whole()) {
        target.become(pieces.firstEntry().getValue().file());
      } else {
        target.write(out -> {
          for (TracePiece piece : pieces.values()) {
            try {
              piece.copyTo(out);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
      }
    } catch (IOException e) {
      throw target.unwritable(e);
    } finally {
      abandon();
    }
  }

  @Override
  public void abandon() {
    synchronized (pieces) {
      over = true;
      pieces.values().forEach(TracePiece::delete);
      pieces.clear();
    }
  }
}
