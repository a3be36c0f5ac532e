package dev.stint.scenario.recording;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import dev.stint.scenario.recording.RecordedSystem.Group;
import dev.stint.scenario.recording.RecordedSystem.Member;
import dev.stint.scenario.trace.MalformedTrace;
import dev.stint.scenario.trace.TraceSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/// Opens recordings and the descriptions of their systems.
public final class RecordedSource {
  /// The folder of golden files that describe their scenarios.
  private static final String LIVE = "live-6.18.44";

  private RecordedSource() {}

  /// Reads a recording, plain or gzipped.
  public static FtraceReader.Recording recording(Path file) throws MalformedRecording {
    try (InputStream text = TraceSource.text(new FileSource(file))) {
      return FtraceReader.read(file.toString(), text);
    } catch (ZipException | EOFException e) {
      throw new MalformedRecording(
          file.toString(), "is damaged or cut off gzip: " + e.getMessage(), "Copy it again");
    } catch (MalformedTrace e) {
      throw new MalformedRecording(String.valueOf(e.getMessage()));
    } catch (IOException _) {
      throw unreadable(file);
    }
  }

  private record FileSource(Path file) implements TraceSource {
    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }

  private static MalformedRecording unreadable(Path file) {
    String why = Files.isDirectory(file) ? "is a directory" : "cannot be read";
    String detail = Files.exists(file) ? "" : " (no such file)";
    return new MalformedRecording(file.toString(), why + detail, "Name a file that you may read");
  }

  /// The release that a recording's folder is named after (`guest-6.18.15_smp1`).
  public static Optional<KernelVersion> kernelOfFolder(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    String name = folder == null ? "" : String.valueOf(folder.getFileName());
    int dash = name.indexOf('-');
    return dash < 0 ? Optional.empty() : KernelVersion.parse(name.substring(dash + 1));
  }

  /// Reads what `file` says of the recorded system: a golden JSON, or a scenario with one Linux
  /// that has tasks.
  public static RecordedSystem system(Path file) throws MalformedRecording {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException _) {
      throw unreadable(file);
    }
    return switch (GoldenScenario.read(file.toString(), text)) {
      case GoldenScenario.Found.Text(GoldenScenario golden) -> golden.system();
      case GoldenScenario.Found.Named(String scenario) -> system(describing(file, scenario));
      case GoldenScenario.Found.Other() -> ofScenario(file);
    };
  }

  /// Golden files of guests name their scenario; the live machine's of the same name describes it.
  private static Path describing(Path file, String scenario) throws MalformedRecording {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path above = folder == null ? null : folder.getParent();
    if (above != null && Files.isRegularFile(above.resolve(LIVE).resolve(scenario + ".json"))) {
      return above.resolve(LIVE).resolve(scenario + ".json");
    }
    throw new MalformedRecording(
        file.toString(),
        "only names its scenario, and there is no " + LIVE + "/" + scenario + ".json beside",
        "Give the file that describes the scenario");
  }

  private static RecordedSystem ofScenario(Path file) throws MalformedRecording {
    Scenario scenario =
        switch (ScenarioReader.read(file)) {
          case ReadResult.Loaded(Scenario loaded, _) -> loaded;
          case ReadResult.Refused(List<Diagnostic> errors) ->
              throw new MalformedRecording(errors.getFirst().render());
        };
    List<PartitionSpec> found = new ArrayList<>();
    withTasks(scenario.partitions(), found);
    if (found.size() != 1) {
      throw new MalformedRecording(
          file.toString(),
          found.size() + " partitions have tasks",
          "Describe the one Linux that was recorded");
    }
    PartitionSpec linux = found.getFirst();
    List<Group> groups = new ArrayList<>();
    addGroups("", linux.groups(), groups);
    List<Member> tasks =
        linux.tasks().stream()
            .map(t -> new Member(t.name(), t.group(), t.sliceNs(), t.affinity(), false))
            .toList();
    return new RecordedSystem(groups, tasks);
  }

  private static void withTasks(List<PartitionSpec> partitions, List<PartitionSpec> found) {
    for (PartitionSpec partition : partitions) {
      if (!partition.tasks().isEmpty()) {
        found.add(partition);
      }
      withTasks(partition.children(), found);
    }
  }

  private static void addGroups(String above, List<GroupSpec> specs, List<Group> groups) {
    for (GroupSpec spec : specs) {
      String path = above + spec.name();
      groups.add(new Group(path, spec.weight(), spec.quota(), spec.cpus()));
      addGroups(path + "/", spec.groups(), groups);
    }
  }
}
