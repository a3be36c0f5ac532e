package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.RecordedHost;
import dev.stint.testkit.Skip;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks at hosts by a process that may not read all there is.
final class UnprivilegedTest {
  private static final int PATIENCE_S = 60;

  /// Root without what makes it root: the modes of files are held against it, too.
  private static final List<String> POWERLESS =
      List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir private Path directory;

  private record Answer(String doctor, JsonNode view) {
    List<String> notes() {
      return view.get("notes").valueStream().map(JsonNode::asString).toList();
    }

    List<String> paths() {
      return view.get("entities").valueStream().map(e -> e.get("path").asString()).toList();
    }
  }

  private Answer look(List<String> prefix, String classPath, Path root) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            OneLook.class.getName(),
            root.toString()));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as(text).isZero();
    int end = text.indexOf("\n\n");
    return new Answer(
        text.substring(0, end), JsonMapper.builder().build().readTree(text.substring(end)));
  }

  private static boolean isRoot() throws IOException {
    return Files.isReadable(Path.of("/proc/self/status"))
        && Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t");
  }

  private static boolean runs(List<String> prefix) throws InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void filesThatMayNotBeRead_areUnknown_andSaidToBe() throws Exception {
    boolean root = isRoot();
    Skip.unless(!root || runs(POWERLESS), "setpriv (util-linux) cannot drop capabilities here");
    Path host = Files.createDirectory(directory.resolve("host"));
    RecordedHost.DEBIAN_6_1.unpack(host);
    List<String> prefix = root ? POWERLESS : List.of();
    String classPath = System.getProperty("java.class.path");
    Answer open = look(prefix, classPath, host);
    assertThat(open.paths()).contains("host/cgroup:recorded/quota");
    assertThat(open.notes()).noneMatch(note -> note.contains("not for this user"));

    List<String> tasks;
    try (Stream<Path> all = Files.walk(host.resolve("proc"))) {
      tasks =
          all.filter(path -> path.endsWith("schedstat") && path.toString().contains("/task/"))
              .map(Path::toString)
              .sorted()
              .toList();
    }
    close(Path.of(tasks.getLast()));
    close(host.resolve("sys/fs/cgroup/recorded/quota/cpu.stat"));
    close(host.resolve("proc/pressure/cpu"));
    Answer closed = look(prefix, classPath, host);
    assertThat(closed.paths()).hasSizeLessThan(open.paths().size());
    assertThat(closed.notes())
        .anyMatch(note -> note.startsWith("1 threads are not for this user to read"))
        .anyMatch(note -> note.startsWith("throttling of 1 cgroup is unknown: no permission for"));
    assertThat(closed.doctor())
        .contains("pressure: Unavailable[reason=no permission for /proc/pressure/cpu]");
    identity(closed);

    close(host.resolve("proc/stat"));
    Answer blind = look(prefix, classPath, host);
    assertThat(blind.notes())
        .anyMatch(
            note -> note.equals("nothing is known of the CPUs: no permission for /proc/stat"));
    assertThat(blind.paths()).noneMatch(path -> path.startsWith("lp"));
    identity(blind);
  }

  private static void close(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
  }

  private static void identity(Answer answer) {
    for (JsonNode entity : answer.view().get("entities")) {
      assertThat(entity.get("residual_ns").asLong()).as(entity.toString()).isZero();
    }
  }

  @Test
  void nobody_onThisMachine_seesThreads_andIsToldWhatMoreWouldAdd() throws Exception {
    Skip.unless(isRoot(), "only root can become nobody");
    Skip.unless(runs(NOBODY), "setpriv (util-linux) cannot become nobody here");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Answer answer = look(NOBODY, readableClassPath(), Path.of("/"));
    identity(answer);
    assertThat(answer.paths()).anyMatch(path -> path.startsWith("host/task:java-"));
    assertThat(answer.notes()).anyMatch(note -> note.startsWith("wake-up latency is unknown: "));
    assertThat(answer.notes()).noneMatch(note -> note.endsWith("--latency traces it"));
    assertThat(answer.doctor())
        .doesNotContain("apply: Supported")
        .contains("observe: Supported", "simulation: Supported");
  }

  /// Of copies, for a user who may not read where the originals are.
  private String readableClassPath() throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path from = Path.of(entry);
      if (entry.isEmpty() || !Files.exists(from)) {
        continue;
      }
      Path to =
          directory.resolve("classes" + copies.size() + (Files.isDirectory(from) ? "" : ".jar"));
      try (Stream<Path> all = Files.walk(from)) {
        for (Path each : all.toList()) {
          Path copy = to.resolve(from.relativize(each).toString());
          Files.copy(each, each.equals(from) ? to : copy);
        }
      }
      copies.add(to.toString());
    }
    return String.join(File.pathSeparator, copies);
  }
}
