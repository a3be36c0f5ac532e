package dev.stint.cli;

import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Scenario;
import dev.stint.report.JsonReport;
import dev.stint.report.RecordedReport;
import dev.stint.report.Results;
import dev.stint.report.Style;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.Wording;
import dev.stint.scenario.trace.ImportedTrace;
import dev.stint.scenario.trace.MalformedTrace;
import dev.stint.scenario.trace.ReplayScenario;
import dev.stint.scenario.trace.TraceFormat;
import dev.stint.scenario.trace.TraceImport;
import dev.stint.scenario.trace.TraceWindow;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `import trace`: a scheduler trace of a real machine in, the account that a simulated run has,
/// and a scenario that replays it, out.
final class ImportCommand {
  private final Surroundings surroundings;

  ImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    String what = parsed.matchedPositionalValue(0, "");
    if (!what.equals("trace")) {
      throw Refusal.input(
          "import reads a trace and got " + Wording.quoted(what) + ". Write: import trace FILE.");
    }
    String name = parsed.matchedPositionalValue(1, "");
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    Optional<String> replay = Optional.ofNullable(parsed.matchedOptionValue("--to-scenario", null));
    new Targets(surroundings.directory())
        .reads(name)
        .writes("--json", json)
        .writes("--to-scenario", replay);
    Style style = new Style(colour(parsed).on(surroundings), surroundings.unicode());
    Optional<AtomicFile> jsonFile =
        json.filter(file -> !file.equals("-")).map(file -> new AtomicFile("--json", path(file)));
    Optional<AtomicFile> replayFile =
        replay.map(file -> new AtomicFile("--to-scenario", path(file)));
    ImportedTrace trace = read(name, format(parsed), window(parsed));
    Results results = new Results(Version.text(), scenario(name, trace), List.of(trace.result()));
    jsonFile.ifPresent(file -> file.write(out -> JsonReport.write(results, out)));
    boolean quiet = parsed.matchedOptionValue("--quiet", false);
    replayFile.ifPresent(file -> replay(trace, name, file, quiet, replay.orElseThrow()));
    if (json.equals(Optional.of("-"))) {
      JsonReport.write(results, surroundings.out());
      trace.warnings().forEach(surroundings::complain);
    } else if (!quiet) {
      surroundings.print(
          RecordedReport.text(
              name,
              facts(trace),
              trace.result(),
              style,
              parsed.matchedOptionValue("--all", false)));
    }
    return ExitCode.DONE;
  }

  private static Colour colour(ParseResult parsed) {
    return Colour.of(Optional.ofNullable(parsed.matchedOptionValue("--color", null)));
  }

  private void replay(
      ImportedTrace trace, String name, AtomicFile file, boolean quiet, String target) {
    ReplayScenario replay = ReplayScenario.of(trace, name);
    file.write(out -> write(out, replay.yaml()));
    if (!quiet) {
      replay.notes().forEach(surroundings::complain);
      surroundings.complain("Wrote " + target + ". Next: stint compare " + target);
    }
  }

  private static void write(OutputStream out, String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImportedTrace read(String name, Optional<TraceFormat> format, TraceWindow window) {
    OwnOutput.refuse(name, "import trace");
    Path file = path(name);
    if (!Files.isRegularFile(file)) {
      String why =
          Files.isDirectory(file)
              ? "is a directory. Name a file in it."
              : Files.exists(file)
                  ? "is no regular file, and a trace is read twice. Write it to a file first."
                  : "there is no such file.";
      throw Refusal.input(name + ": " + why);
    }
    try {
      return TraceImport.read(new TraceFile(name, file), format, window);
    } catch (MalformedTrace e) {
      throw new Refusal(ExitCode.BAD_INPUT, List.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw Refusal.input(name + ": cannot be read: " + e.getMessage() + ".");
    }
  }

  private Path path(String name) {
    try {
      return surroundings.directory().resolve(name);
    } catch (InvalidPathException e) {
      throw Refusal.input(Wording.quoted(name) + " is no path: " + e.getReason() + ".");
    }
  }

  private static Optional<TraceFormat> format(ParseResult parsed) {
    String text = parsed.matchedOptionValue("--format", "auto");
    Optional<TraceFormat> format = TraceFormat.named(text);
    if (format.isEmpty() && !text.equals("auto")) {
      throw Refusal.input(
          "--format " + Wording.quoted(text) + " is not auto, ftrace, trace-cmd or perf.");
    }
    return format;
  }

  private static TraceWindow window(ParseResult parsed) {
    long fromNs = duration(parsed, "--from", 0, 0);
    return new TraceWindow(fromNs, duration(parsed, "--duration", 1, Long.MAX_VALUE));
  }

  private static long duration(ParseResult parsed, String option, long least, long absent) {
    Optional<String> text = Optional.ofNullable(parsed.matchedOptionValue(option, null));
    if (text.isEmpty()) {
      return absent;
    }
    OptionalLong ns = Quantities.durationNs(text.get());
    if (ns.isEmpty() || ns.getAsLong() < least) {
      throw Refusal.input(
          option + " " + Wording.quoted(text.get()) + " is no duration. Write " + option + " 2s.");
    }
    return ns.getAsLong();
  }

  /// What results need to say of where they come from: there is nothing to simulate in it.
  private static Scenario scenario(String name, ImportedTrace trace) {
    return new Scenario(
        name,
        "",
        0,
        trace.result().durationNs(),
        Machine.flat(Math.min(trace.cpus(), Machine.LP_COUNT_MAX), 1),
        HypervisorConfig.DEFAULT,
        List.of(),
        List.of());
  }

  private static String facts(ImportedTrace trace) {
    return String.format(
        Locale.ROOT,
        "%s of %s text: %d events in the file, %d CPU%s, from %s s of the trace's clock, digest %s",
        Quantities.duration(trace.result().durationNs()),
        trace.format().text(),
        trace.eventCount(),
        trace.cpus(),
        trace.cpus() == 1 ? "" : "s",
        seconds(trace.firstNs() + trace.windowNs()),
        trace.result().digest());
  }

  private static String seconds(long ns) {
    return String.format(Locale.ROOT, "%d.%09d", ns / 1_000_000_000, ns % 1_000_000_000);
  }
}
