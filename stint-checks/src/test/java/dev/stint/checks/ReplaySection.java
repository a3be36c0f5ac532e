package dev.stint.checks;

import dev.stint.checks.fidelity.Section;
import dev.stint.checks.golden.FreedRun;
import dev.stint.checks.golden.GoldenFiles;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.ReplayResult;
import dev.stint.model.linux.ReplayResult.Disagreement;
import dev.stint.model.linux.ReplayResult.Kind;
import dev.stint.scenario.recording.FtraceReader.Recording;
import dev.stint.scenario.recording.MalformedRecording;
import dev.stint.scenario.recording.RecordedSource;
import dev.stint.scenario.recording.RecordedSystem;
import dev.stint.scenario.recording.ReplayCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// The part of docs/fidelity.md about decisions: every switch of a folder's recordings beside the
/// model's choice.
///
/// @param folder of `golden`
/// @param rows one a recording
record ReplaySection(String folder, List<Row> rows) implements Section {
  private static final String TRACE = ".ftrace.txt.gz";
  private static final int DISAGREEMENTS_MAX = 10_000;

  /// What a recording's times are rounded to.
  private static final long RESOLUTION_NS = 1_000;

  private static final long TIE_NS = 30_000;

  /// The part of the attempts to balance that has to be equal.
  private static final double PULLS_LEAST = 0.98;

  /// One recording.
  ///
  /// @param name of its case
  /// @param own names of the case's own tasks
  /// @param least the part that has to be equal; 0 for none
  /// @param outcome with what was read off the recording
  record Row(String name, ReplayCheck.Outcome outcome, Set<String> own, double least) {
    ReplayResult result() {
      return outcome.result();
    }

    /// Picks that differ by a change of virtual time in this range.
    List<Disagreement> differing(long fromNs, long toNs) {
      return result().disagreements().stream()
          .filter(d -> d.kind() == Kind.PICK && d.changedNs() >= fromNs && d.changedNs() < toNs)
          .toList();
    }

    /// Those of them that concern only the case's own tasks.
    long ownCount(List<Disagreement> differing) {
      return differing.stream().filter(d -> own(d.kernel()) && own(d.model())).count();
    }

    private boolean own(String task) {
      return own.contains(task.substring(0, Math.max(0, task.lastIndexOf('-'))));
    }

    double equal() {
      return (double) result().equal() / result().decisions();
    }

    boolean passes() {
      return equal() >= least && result().equalPulls() >= PULLS_LEAST * result().pulls();
    }
  }

  /// What is replayed, and how much of it has to be equal: the hogs' cases `hogs`, others `others`.
  record Goal(String folder, double hogs, double others) {}

  static final List<Goal> GOALS =
      List.of(
          new Goal("guest-6.18.15_smp1", 0.999, 0.99),
          new Goal("guest-6.12.107_smp1", 0.98, 0.98),
          new Goal("guest-6.18.15_smp2", 0.95, 0.95),
          new Goal("guest-6.1.192_smp1", 0, 0));

  static List<ReplaySection> all(Path golden) throws IOException, MalformedRecording {
    List<ReplaySection> sections = new ArrayList<>();
    for (Goal goal : GOALS) {
      sections.add(of(golden, goal));
    }
    return sections;
  }

  /// The recordings, to be let go in the state that a replay has reached.
  Map<String, FreedRun> freed(Path golden) throws IOException, MalformedRecording {
    GoldenFiles files = new GoldenFiles(golden);
    Map<String, FreedRun> runs = new LinkedHashMap<>();
    for (Row row : rows) {
      Path file = golden.resolve(folder).resolve(row.name() + TRACE);
      runs.put(
          row.name(),
          new FreedRun(
              files.scenario(row.name()),
              RecordedSource.recording(file),
              config(file),
              row.outcome()));
    }
    return runs;
  }

  private static LinuxConfig config(Path file) {
    KernelVersion version = RecordedSource.kernelOfFolder(file).orElseThrow();
    return new LinuxConfig(version, 250, OptionalLong.empty(), false);
  }

  static ReplaySection of(Path golden, Goal goal) throws IOException, MalformedRecording {
    List<Row> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(golden.resolve(goal.folder()))) {
      for (Path file : files.filter(f -> f.toString().endsWith(TRACE)).sorted().toList()) {
        rows.add(row(file, goal));
      }
    }
    return new ReplaySection(goal.folder(), rows);
  }

  private static Row row(Path file, Goal goal) throws MalformedRecording {
    String name = file.getFileName().toString().replace(TRACE, "");
    Recording recording = RecordedSource.recording(file);
    RecordedSystem system = RecordedSource.system(file.resolveSibling(name + ".json"));
    ReplayCheck.Outcome outcome =
        ReplayCheck.run(recording, system, config(file), DISAGREEMENTS_MAX);
    Set<String> own = new LinkedHashSet<>();
    system.tasks().forEach(task -> own.add(task.comm()));
    boolean hogs = name.matches("[abci][123]_.*") && !name.contains("_per_");
    double least = hogs ? goal.hogs() : goal.others();
    return new Row(name, outcome, own, least);
  }

  @Override
  public String title() {
    return "Decisions of " + folder;
  }

  @Override
  public long passedCount() {
    return rows.stream().filter(row -> row.least() > 0 && row.passes()).count();
  }

  @Override
  public long checkedCount() {
    return rows.stream().filter(row -> row.least() > 0).count();
  }

  @Override
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        `stint replay-check` on each recording (docs/models/decision-replay.md): at every switch the
        model says who runs next. *Pulls* are attempts to balance that moved tasks, and those of
        them in which the model takes the same tasks in the same order; 98 % have to be equal.
        *Preemption* is whether a wake-up asked the running task to give way; *model only* are
        switches that the model would have made where the kernel kept its task; *lags* is how many
        tasks' lag from before the recording was estimated. The picks that differ are sorted by the
        change of virtual time that makes the model pick as the kernel did: up to 1 µs is the
        recording's resolution, and below 30 µs lie the interrupt and the pass of the scheduler
        between the kernel's clock and its line. *More, own* are those above that concern none but
        the case's own tasks; the others involve kernel threads and the measuring shell, whose
        history before the recording is not known.

        """);
    text.append(
        "| case | decisions | equal | goal | CPU choices | pulls | preemption | model only | lags"
            + " | ≤ 1 µs | < 30 µs | more | more, own | |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      ReplayResult r = row.result();
      List<Disagreement> more = row.differing(TIE_NS, Long.MAX_VALUE);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.2f %% | %s | %s | %s | %s | %d | %d | %d | %d | %d | %d | %s |\n",
              row.name(),
              r.decisions(),
              100 * row.equal(),
              row.least() == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * row.least()),
              ratio(r.equalCpuChoices(), r.cpuChoices()),
              ratio(r.equalPulls(), r.pulls()),
              ratio(r.equalPreemptionChecks(), r.preemptionChecks()),
              r.kept(),
              row.outcome().unrecorded().lagsNs().size(),
              row.differing(0, RESOLUTION_NS + 1).size(),
              row.differing(RESOLUTION_NS + 1, TIE_NS).size(),
              more.size(),
              row.ownCount(more),
              row.least() == 0 ? "reported" : row.passes() ? "pass" : "**MISS**"));
    }
    return text.toString();
  }

  private static String ratio(long equal, long of) {
    return of == 0 ? "-" : equal + " of " + of;
  }
}
