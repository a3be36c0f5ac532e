package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Watch;
import dev.stint.report.JsonReport;
import dev.stint.report.Results;
import dev.stint.report.events.EventFileReader;
import dev.stint.report.events.EventFileWriter;
import dev.stint.report.events.RecordedRun;
import dev.stint.report.events.RunLabel;
import dev.stint.report.tables.TableWriter;
import dev.stint.scenario.ScenarioWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// `--out`: everything about a command's runs in one directory, which appears whole or not at all.
final class RunDirectory implements RunOutput {
  static final String OPTION = "--out";
  private static final String EVENTS = ".events";
  private static final String TABLES = "tables";

  private final String asked;
  private final Path target;
  private final boolean force;
  private final Consumer<String> warn;
  private final Workplace workplace;
  private final Thread cleaner;
  private final Map<Integer, Recording> recordings = new ConcurrentHashMap<>();
  private final List<Manifest.Entry> entries = new ArrayList<>();

  private record Recording(String name, HashedFile file, EventFileWriter writer) {}

  /// Checks at once what can be checked, cleans up after processes that died, and begins.
  ///
  /// @param warn takes what the user should know although the command goes on
  RunDirectory(String asked, Path path, boolean force, Consumer<String> warn) {
    this.asked = asked;
    this.force = force;
    this.warn = warn;
    target = path.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null || target.getFileName() == null || target.endsWith("-")) {
      throw Refusal.input(
          OPTION + " " + asked + ": that cannot be a run directory. Name a new one.");
    }
    if (!Files.isDirectory(parent)) {
      throw Refusal.input(
          OPTION + " " + asked + ": there is no directory " + parent + ". Make it first.");
    }
    try {
      Workplace.cleanUp(parent).forEach(line -> warn.accept(OPTION + " " + asked + ": " + line));
      checkTarget();
      workplace = Workplace.beside(target);
    } catch (IOException e) {
      throw unwritable(e);
    }
    cleaner = Thread.ofPlatform().unstarted(this::close);
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  private void checkTarget() throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw Refusal.input(OPTION + " " + asked + ": is no directory. Name a new one.");
    }
    try (Stream<Path> inside = Files.list(target)) {
      if (inside.findAny().isEmpty()) {
        return;
      }
    }
    if (!force) {
      throw Refusal.input(
          OPTION
              + " "
              + asked
              + ": there is something in it. Name a new directory, or add --force to replace a run"
              + " directory.");
    }
    try {
      List<String> strangers = Manifest.read(target).strangers(target);
      if (!strangers.isEmpty()) {
        throw new IOException(strangers.getFirst() + " in it is not Stint's");
      }
    } catch (IOException e) {
      throw Refusal.input(
          OPTION
              + " "
              + asked
              + ": --force replaces only run directories, and "
              + e.getMessage()
              + ". Name a new one, or remove it yourself.");
    }
  }

  @Override
  public RunWatcher watcher(int run, Assembly assembly) {
    return watched -> {
      String name = assembly.text() + EVENTS;
      RunLabel label =
          new RunLabel(
              Version.text(),
              watched.scenario().name(),
              assembly.text(),
              watched.scenario().seed(),
              watched.scenario().durationNs());
      try {
        HashedFile file = new HashedFile(workplace.content().resolve(name));
        EventFileWriter writer =
            new EventFileWriter(
                new Refusing(file),
                new RecordedRun(label, watched.entities(), watched.threadOfVp()));
        recordings.put(run, new Recording(name, file, writer));
        return Watch.events(writer);
      } catch (IOException e) {
        throw unwritable(e);
      }
    };
  }

  /// Says of a disk that is full what it says, in the middle of a run.
  private final class Refusing extends OutputStream {
    private final OutputStream out;

    Refusing(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int single) {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
  }

  @Override
  public void finish(Results results) {
    try {
      for (int run = 0; run < results.runs().size(); run++) {
        Recording recording = recording(run);
        recording
            .writer()
            .finish(results.runs().get(run).durationNs(), results.runs().get(run).digest());
        recording.file().close();
        entries.add(recording.file().entry(recording.name()));
      }
      add("result.json", out -> JsonReport.write(results, out));
      add("scenario.yaml", text(ScenarioWriter.write(results.scenario())));
      boolean tables = tables(results);
      add("README.txt", text(RunDirectoryReadme.text(results, tables)));
      List<String> assemblies = results.runs().stream().map(run -> run.assembly()).toList();
      Manifest manifest =
          new Manifest(
              Version.text(), results.scenario().name(), results.digest(), assemblies, entries);
      byte[] json = manifest.json();
      add(Manifest.NAME, out -> writeTo(out, json));
      checkTarget();
      workplace.publish();
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(e);
    } finally {
      abandon();
    }
  }

  private Recording recording(int run) {
    return Objects.requireNonNull(recordings.get(run), "every run was watched");
  }

  private boolean tables(Results results) throws IOException {
    Optional<TableWriter> writer = ServiceLoader.load(TableWriter.class).findFirst();
    if (writer.isEmpty()) {
      warn.accept(
          OPTION
              + " "
              + asked
              + ": written without tables for DuckDB and the like: the module stint-duckdb is not"
              + " built here. docs/run-directory.md says how.");
      return false;
    }
    Path directory = Files.createDirectory(workplace.content().resolve(TABLES));
    List<FileBytes> open = new ArrayList<>();
    try {
      List<EventFileReader> readers = new ArrayList<>();
      for (int run = 0; run < results.runs().size(); run++) {
        String name = recording(run).name();
        FileBytes bytes = new FileBytes(workplace.content().resolve(name));
        open.add(bytes);
        readers.add(new EventFileReader(name, bytes));
      }
      for (String name : writer.get().write(results, readers, directory, workplace.scratch())) {
        entries.add(HashedFile.entryOf(TABLES + "/" + name, directory.resolve(name)));
      }
    } finally {
      for (FileBytes bytes : open) {
        bytes.close();
      }
    }
    return true;
  }

  private void add(String name, Consumer<OutputStream> content) throws IOException {
    HashedFile file = new HashedFile(workplace.content().resolve(name));
    try (file) {
      content.accept(new Refusing(file));
    }
    entries.add(file.entry(name));
  }

  private static Consumer<OutputStream> text(String text) {
    return out -> writeTo(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void writeTo(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void abandon() {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException _) {
      // The process ends: the hook does what follows, too.
    }
    close();
  }

  private synchronized void close() {
    try {
      for (Recording recording : new TreeMap<>(recordings).values()) {
        recording.file().close();
      }
      workplace.close();
    } catch (IOException e) {
      warn.accept(
          OPTION + " " + asked + ": something is left of it, to be removed next time: " + e);
    }
  }

  private Refusal unwritable(Exception e) {
    String why = String.valueOf(e.getMessage()).replaceFirst("^[\\w.]*Exception: ", "");
    return new Refusal(
        ExitCode.NOT_HERE,
        List.of(
            "stint: cannot write "
                + OPTION
                + " "
                + asked
                + ": "
                + why
                + ". Nothing of it is left; free some space or name another place."));
  }
}
