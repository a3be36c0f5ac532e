package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.RecordedHost;
import dev.stint.host.probe.Machinery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Recorded hosts of whose files some are missing, empty, huge, garbage or directories, from the
/// beginning or from the second look on: nothing fails, and each figure is that of the whole
/// recording or is not known.
@EnabledOnOs(value = OS.LINUX, disabledReason = "it keeps files open as Linux does")
final class SpoiledRecordingTest {
  private static final int ROUNDS = 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void look_atASpoiledHost_tellsTheSameOrNothing(RecordedHost host) throws IOException {
    View whole = looked(host, directory.resolve("whole"), new SplittableRandom(0), 0, 0);
    NaiveView naive = new NaiveView(host, whole);
    naive.check(whole);
    SplittableRandom random = new SplittableRandom(host.ordinal() + 1);
    for (int round = 0; round < ROUNDS; round++) {
      Path root = directory.resolve("round" + round);
      naive.check(looked(host, root, random, random.nextInt(8), random.nextInt(8)));
      assertThat(new Machinery(new HostFiles(root), "", List.of()).findings()).isNotEmpty();
    }
  }

  /// @param before files that are spoiled before the first look
  /// @param between files that are spoiled between both
  private static View looked(
      RecordedHost host, Path root, SplittableRandom random, int before, int between)
      throws IOException {
    Files.createDirectories(root);
    RecordedLooks looks = new RecordedLooks(host, root);
    List<Path> spoiled = spoil(root, random, before);
    try (HostWatch watch = looks.first()) {
      looks.advance(path -> !spoiled.contains(root.resolve(path)));
      spoil(root, random, between);
      return watch.look();
    }
  }

  private static List<Path> spoil(Path root, SplittableRandom random, int count)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(Files::isRegularFile).sorted().forEach(files::add);
    }
    List<Path> spoiled = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = files.remove(random.nextInt(files.size()));
      spoiled.add(file);
      switch (random.nextInt(5)) {
        case 0 -> Files.delete(file);
        case 1 -> write(file, "");
        case 2 -> write(file, "x".repeat(HostFiles.LIMIT_BYTES / 64));
        case 3 -> write(file, "\0\u00ff(\n -1 cpu : garbage\n)");
        default -> {
          Files.delete(file);
          Files.createDirectory(file);
        }
      }
    }
    return spoiled;
  }

  private static void write(Path file, String text) throws IOException {
    file.toFile().setWritable(true);
    Files.writeString(file, text);
  }
}
