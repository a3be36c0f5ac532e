package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.stack.Experiment;
import dev.stint.model.trace.TraceDigest;
import dev.stint.report.events.EventFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class RunDirectoryTest {
  @TempDir private Path directory;
  private Shell shell;
  private Path out;

  @BeforeEach
  void makeScenario() {
    shell = Shell.in(directory).withSmallScenario();
    out = directory.resolve("out");
  }

  private static String contents(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      StringBuilder text = new StringBuilder();
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        text.append(root.relativize(path)).append(' ').append(Files.size(path)).append('\n');
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whatever a command left beside its output.
  private List<String> besides() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("."))
          .toList();
    }
  }

  @Test
  void out_compare_writesEverythingAndTheManifestHolds() throws IOException {
    Shell.Answer answer = shell.stint("compare", "small.yaml", "--out", "out", "--json", "r.json");
    assertThat(answer.code()).isEqualTo(ExitCode.DONE);
    Manifest manifest = Manifest.read(out);
    assertThat(manifest.assemblies()).containsExactly("core", "integrated");
    assertThat(manifest.strangers(out)).isEmpty();
    for (Manifest.Entry entry : manifest.files()) {
      assertThat(HashedFile.entryOf(entry.name(), out.resolve(entry.name()))).isEqualTo(entry);
    }
    assertThat(out.resolve("result.json")).hasSameBinaryContentAs(directory.resolve("r.json"));
    assertThat(out.resolve("README.txt")).content().contains("integrated.events");
    assertThat(besides()).isEmpty();
  }

  @Test
  void out_events_replayToTheResultsDigests() throws IOException {
    shell.stint("compare", "small.yaml", "--out", "out", "--quiet");
    for (var run : JsonMapper.shared().readTree(out.resolve("result.json")).path("runs")) {
      String assembly = run.path("assembly").asString();
      try (FileBytes bytes = new FileBytes(out.resolve(assembly + ".events"))) {
        EventFileReader reader = new EventFileReader(assembly, bytes);
        TraceDigest digest = new TraceDigest();
        reader.replay(_ -> digest);
        assertThat(digest.hex()).isEqualTo(run.path("digest").asString());
        assertThat(reader.label().assembly()).isEqualTo(assembly);
      }
    }
  }

  @Test
  void out_itsScenario_givesTheSameResultAgain() throws IOException {
    shell.stint("run", "small.yaml", "--seed", "9", "--duration", "50ms", "--out", "out");
    shell.stint("run", "out/scenario.yaml", "--out", "again");
    assertThat(directory.resolve("again/result.json"))
        .hasSameBinaryContentAs(out.resolve("result.json"));
  }

  @Test
  void out_somethingThere_isRefusedWithoutForce() throws IOException {
    Files.createDirectory(out);
    assertThat(shell.stint("run", "small.yaml", "--out", "out").code()).isEqualTo(ExitCode.DONE);
    String before = contents(out);
    Shell.Answer answer = shell.stint("run", "small.yaml", "--seed", "3", "--out", "out");
    assertThat(answer.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(answer.err()).contains("--out out: there is something in it.").contains("--force");
    assertThat(contents(out)).isEqualTo(before);
    assertThat(besides()).isEmpty();
  }

  @Test
  void out_force_replacesOnlyWhatStintMade() throws IOException {
    shell.stint("compare", "small.yaml", "--out", "out");
    assertThat(shell.stint("run", "small.yaml", "--out", "out", "--force").code())
        .isEqualTo(ExitCode.DONE);
    assertThat(Manifest.read(out).assemblies()).containsExactly("core");
    assertThat(out.resolve("integrated.events")).doesNotExist();

    Files.writeString(out.resolve("notes.txt"), "mine");
    Shell.Answer answer = shell.stint("run", "small.yaml", "--out", "out", "--force");
    assertThat(answer.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(answer.err()).contains("notes.txt in it is not Stint's");
    assertThat(out.resolve("notes.txt")).hasContent("mine");

    Files.createDirectories(directory.resolve("photos"));
    Files.writeString(directory.resolve("photos/a.jpg"), "mine");
    assertThat(shell.stint("run", "small.yaml", "--out", "photos", "--force").err())
        .contains("there is no manifest.json");
    assertThat(directory.resolve("photos/a.jpg")).hasContent("mine");
  }

  @Test
  void out_badPlaces_areRefused() throws IOException {
    Files.writeString(directory.resolve("file"), "");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("elsewhere"));
    for (String place : List.of("file", "link", "no/such", "/", "file/x")) {
      Shell.Answer answer = shell.stint("run", "small.yaml", "--out", place, "--force");
      assertThat(answer.code()).as(place).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(answer.err()).as(place).contains("--out " + place + ": ");
    }
    assertThat(besides()).isEmpty();
  }

  @Test
  void out_runFails_leavesNothing() throws IOException {
    Shell broken =
        shell.with((scenario, assembly, options) -> {
          Experiment.run(scenario, assembly, options);
          throw new IllegalStateException("a bug");
        });
    assertThat(broken.stint("run", "small.yaml", "--out", "out").code())
        .isEqualTo(ExitCode.INTERNAL);
    assertThat(out).doesNotExist();
    assertThat(besides()).isEmpty();
  }

  @Test
  void manifest_fileMissingOrShort_isNotComplete() throws IOException {
    shell.stint("run", "small.yaml", "--out", "out");
    Files.writeString(out.resolve("README.txt"), "short");
    assertThatThrownBy(() -> Manifest.read(out)).hasMessageContaining("README.txt has 5 bytes");
    Files.delete(out.resolve("README.txt"));
    assertThatThrownBy(() -> Manifest.read(out)).hasMessage("README.txt is missing");
    Files.delete(out.resolve("manifest.json"));
    assertThatThrownBy(() -> Manifest.read(out)).hasMessageContaining("no complete run directory");
  }
}
