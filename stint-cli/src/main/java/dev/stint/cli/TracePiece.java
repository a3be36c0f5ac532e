package dev.stint.cli;

import dev.stint.model.stack.Watch;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.RunResult;
import dev.stint.report.ftrace.FtraceText;
import dev.stint.report.perfetto.PerfettoTrace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// The trace of one run, while it goes on, in a file of its own.
final class TracePiece {
  private final Path file;
  private final OutputStream out;
  private final Writer writer;

  private interface Writer {
    Watch watch();

    void finish(RunResult result) throws IOException;

    /// What comes above the piece and is known only now.
    String header();

    /// Ends writing, of a run that failed too.
    void close();
  }

  /// A Perfetto trace.
  ///
  /// @param compressed whether to write it as gzip
  /// @param index of the run among `runCount` in the trace
  static TracePiece perfetto(
      Path file,
      boolean compressed,
      WatchedRun run,
      int index,
      int runCount,
      Map<String, String> about)
      throws IOException {
    OutputStream plain = Files.newOutputStream(file);
    OutputStream out = compressed ? new FastGzip(plain) : plain;
    PerfettoTrace trace =
        new PerfettoTrace(out, new WorkThread("trace"), run, index, runCount, about);
    return new TracePiece(
        file,
        out,
        new Writer() {
          @Override
          public Watch watch() {
            return trace.watch();
          }

          @Override
          public void finish(RunResult result) throws IOException {
            trace.finish(result.durationNs(), conclusion(result));
          }

          @Override
          public String header() {
            return "";
          }

          @Override
          public void close() {
            trace.close();
          }
        });
  }

  /// What repeats as much as a trace gains little from a higher level.
  private static final class FastGzip extends GZIPOutputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private static Map<String, String> conclusion(RunResult result) {
    Map<String, String> conclusion = new LinkedHashMap<>();
    conclusion.put("digest", result.digest());
    result.assumed().forEach((name, value) -> conclusion.put("assumed." + name, value));
    int number = 0;
    for (String note : result.notes()) {
      conclusion.put("note." + ++number, note);
    }
    return conclusion;
  }

  /// The ftrace text of one Linux.
  ///
  /// @param asked for its partition; empty for the only or the outermost one
  static TracePiece ftrace(Path file, WatchedRun run, Optional<String> asked) throws IOException {
    String layer = layer(run, asked);
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
    FtraceText text = new FtraceText(out, run, layer);
    return new TracePiece(
        file,
        out,
        new Writer() {
          @Override
          public Watch watch() {
            return text.watch();
          }

          @Override
          public void finish(RunResult result) throws IOException {
            text.finish(result.durationNs());
          }

          @Override
          public String header() {
            return text.header();
          }

          @Override
          public void close() {}
        });
  }

  private static String layer(WatchedRun run, Optional<String> asked) {
    List<String> layers = FtraceText.layers(run.entities());
    String choices = String.join(", ", layers);
    if (asked.isPresent()) {
      if (!layers.contains(asked.get())) {
        throw Refusal.input(
            "--trace-layer "
                + asked.get()
                + ": no Linux of that name has tasks under "
                + run.assembly().text()
                + ". Of: "
                + choices
                + ".");
      }
      return asked.get();
    }
    return FtraceText.outermost(run.entities())
        .orElseThrow(() ->
            Refusal.input(
                "--trace: an ftrace text shows one Linux, and under "
                    + run.assembly().text()
                    + " there are several. Add --trace-layer with one of: "
                    + choices
                    + "."));
  }

  private TracePiece(Path file, OutputStream out, Writer writer) {
    this.file = file;
    this.out = out;
    this.writer = writer;
    // Also when the user interrupts a long run.
    file.toFile().deleteOnExit();
  }

  Watch watch() {
    return writer.watch();
  }

  void finish(RunResult result) throws IOException {
    try (out) {
      writer.finish(result);
    }
  }

  /// Whether the finished file is all there is.
  boolean whole() {
    return writer.header().isEmpty();
  }

  Path file() {
    return file;
  }

  void copyTo(OutputStream target) throws IOException {
    target.write(writer.header().getBytes(StandardCharsets.UTF_8));
    Files.copy(file, target);
  }

  void delete() {
    writer.close();
    try (out) {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // It does not look complete, and goes when the program ends.
    }
  }
}
