package dev.stint.cli;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.ReplayResult;
import dev.stint.model.linux.ReplayResult.Disagreement;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.Wording;
import dev.stint.scenario.recording.FtraceReader.Recording;
import dev.stint.scenario.recording.MalformedRecording;
import dev.stint.scenario.recording.RecordedSource;
import dev.stint.scenario.recording.RecordedSystem;
import dev.stint.scenario.recording.ReplayCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `replay-check`: compares every decision of a recorded kernel with the model's.
final class ReplayCheckCommand {
  private static final int SHOWN_DEFAULT = 5;
  private static final int SHOWN_IN_JSON_DEFAULT = 1_000;

  private final Surroundings surroundings;

  ReplayCheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    String trace = parsed.matchedPositionalValue(0, "");
    Optional<String> scenario = Optional.ofNullable(parsed.matchedOptionValue("--scenario", null));
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    try {
      Path file = path(trace);
      Recording recording = RecordedSource.recording(file);
      RecordedSystem system =
          scenario.isPresent()
              ? RecordedSource.system(path(scenario.get()))
              : RecordedSystem.UNKNOWN;
      LinuxConfig config = config(parsed, file);
      int show = show(parsed, json.isPresent() ? SHOWN_IN_JSON_DEFAULT : SHOWN_DEFAULT);
      ReplayCheck.Outcome outcome = ReplayCheck.run(recording, system, config, show);
      if (json.isPresent() && json.get().equals("-")) {
        write(config, outcome, surroundings.out());
        return ExitCode.DONE;
      }
      json.map(name -> new AtomicFile("--json", path(name)))
          .ifPresent(target -> target.write(out -> write(config, outcome, out)));
      print(recording, config, scenario.isPresent(), outcome);
      return ExitCode.DONE;
    } catch (MalformedRecording e) {
      throw new Refusal(ExitCode.BAD_INPUT, List.of(String.valueOf(e.getMessage())));
    }
  }

  private Path path(String name) {
    try {
      return surroundings.directory().resolve(name);
    } catch (InvalidPathException e) {
      throw Refusal.input(Wording.quoted(name) + " is no path: " + e.getReason() + ".");
    }
  }

  private static int show(ParseResult parsed, int otherwise) {
    String text = parsed.matchedOptionValue("--show", String.valueOf(otherwise));
    if (!text.matches("[0-9]{1,6}")) {
      throw Refusal.input(
          "--show " + Wording.quoted(text) + " is not a number of 0 to 999999. Write --show 20.");
    }
    return Integer.parseInt(text);
  }

  private static LinuxConfig config(ParseResult parsed, Path trace) {
    Optional<String> release = Optional.ofNullable(parsed.matchedOptionValue("--kernel", null));
    KernelVersion version =
        release.isPresent()
            ? named(release.get())
            : RecordedSource.kernelOfFolder(trace).orElse(LinuxConfig.DEFAULT.version());
    String hz = parsed.matchedOptionValue("--hz", "250");
    if (!List.of("100", "250", "300", "1000").contains(hz)) {
      throw Refusal.input("--hz is 100, 250, 300 or 1000 and got " + Wording.quoted(hz) + ".");
    }
    Optional<String> slice = Optional.ofNullable(parsed.matchedOptionValue("--base-slice", null));
    OptionalLong sliceNs =
        slice.isPresent() ? Quantities.durationNs(slice.get()) : OptionalLong.empty();
    boolean sliceFits =
        sliceNs.isPresent() && sliceNs.getAsLong() >= 100_000 && sliceNs.getAsLong() <= 100_000_000;
    if (slice.isPresent() && !sliceFits) {
      throw Refusal.input(
          "--base-slice "
              + Wording.quoted(slice.get())
              + " is not a duration from 100us to 100ms. Write --base-slice 1.4ms.");
    }
    return new LinuxConfig(version, Integer.parseInt(hz), sliceNs, false);
  }

  private static KernelVersion named(String release) {
    return KernelVersion.parse(release)
        .orElseThrow(() ->
            Refusal.input(
                "--kernel "
                    + Wording.quoted(release)
                    + " is not modelled. Known here: "
                    + String.join(
                        ", ",
                        Arrays.stream(KernelVersion.values()).map(KernelVersion::text).toList())
                    + "."));
  }

  // --- Terminal ---

  private void print(
      Recording recording, LinuxConfig config, boolean described, ReplayCheck.Outcome outcome) {
    ReplayResult result = outcome.result();
    line(
        "%d %s, %d events, rules of Linux %s at HZ=%d",
        recording.cpus(),
        recording.cpus() == 1 ? "CPU" : "CPUs",
        recording.events().size(),
        config.version().text(),
        config.hz());
    if (!described) {
      line("No --scenario: every task is taken to be in the root cgroup.");
    }
    if (recording.lostEvents() > 0) {
      line("The kernel lost %d events: decisions near them mean little.", recording.lostEvents());
    }
    ratio("picks equal to the kernel's", result.equalPicks(), result.picks());
    if (result.cpuChoices() > 0) {
      ratio("CPU choices equal", result.equalCpuChoices(), result.cpuChoices());
    }
    if (result.pulls() > 0) {
      ratio("balancing pulls equal", result.equalPulls(), result.pulls());
    }
    ratio("preemption asked alike", result.equalPreemptionChecks(), result.preemptionChecks());
    line("%-28s %9d", "switches that only the model makes", result.kept());
    double leadUs = outcome.unrecorded().sleepLeadNs() / 1e3;
    if (leadUs > 0) {
      line("A sleeping task's switch reads the clock %.1f us before its line (estimated).", leadUs);
    }
    if (!outcome.unrecorded().lagsNs().isEmpty()) {
      line("Estimated lag from before the recording, by process id:");
      outcome.unrecorded().lagsNs().forEach((pid, lag) -> line("  %-7d %+.2f ms", pid, lag / 1e6));
    }
    for (Disagreement one : result.disagreements()) {
      print(one);
    }
  }

  private void ratio(String what, long equal, long of) {
    double percent = of == 0 ? 100 : 100.0 * equal / of;
    line("%-28s %9d of %d  %.3f %%", what, equal, of, percent);
  }

  private void print(Disagreement one) {
    line("");
    String what =
        switch (one.kind()) {
          case PICK -> "after " + one.previous() + " the kernel ran " + one.kernel();
          case CPU -> "the kernel put " + one.previous() + " on " + one.kernel();
          case PULL -> "the kernel pulled " + one.kernel();
          case KEPT -> "the kernel kept " + one.kernel();
        };
    line("%s cpu%d: %s; the model: %s", seconds(one.timeNs()), one.cpu(), what, one.model());
    if (one.changedNs() > 0) {
      line("  (%.1f us of virtual time make the difference)", one.changedNs() / 1e3);
    }
    one.state().lines().forEach(text -> line("  %s", text));
  }

  private void line(String format, Object... values) {
    surroundings.print(String.format(Locale.ROOT, format, values) + "\n");
  }

  private static String seconds(long ns) {
    return String.format(Locale.ROOT, "%d.%06d", ns / 1_000_000_000, ns % 1_000_000_000 / 1000);
  }

  // --- JSON ---

  private static void write(LinuxConfig config, ReplayCheck.Outcome outcome, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ReplayResult result = outcome.result();
    ObjectNode root = mapper.createObjectNode();
    root.put("stint", Version.text());
    root.put("kernel", config.version().text());
    root.put("picks", result.decisions());
    root.put("equal", result.equal());
    root.put("cpu_choices", result.cpuChoices());
    root.put("cpu_choices_equal", result.equalCpuChoices());
    root.put("pulls", result.pulls());
    root.put("pulls_equal", result.equalPulls());
    root.put("preemption_checks", result.preemptionChecks());
    root.put("preemption_checks_equal", result.equalPreemptionChecks());
    root.put("kept", result.kept());
    root.put("forced", result.forced());
    root.put("tick_phase_ns", outcome.unrecorded().tickPhaseNs());
    root.put("sleep_lead_ns", outcome.unrecorded().sleepLeadNs());
    ObjectNode lags = root.putObject("estimated_lag_ns");
    outcome.unrecorded().lagsNs().forEach((pid, lag) -> lags.put(String.valueOf(pid), lag));
    ArrayNode list = root.putArray("disagreements");
    for (Disagreement one : result.disagreements()) {
      list.addObject()
          .put("time_ns", one.timeNs())
          .put("cpu", one.cpu())
          .put("kind", one.kind().name().toLowerCase(Locale.ROOT))
          .put("previous", one.previous())
          .put("kernel", one.kernel())
          .put("model", one.model())
          .put("changed_ns", one.changedNs())
          .put("state", one.state());
    }
    try {
      out.write(mapper.writeValueAsBytes(root));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
