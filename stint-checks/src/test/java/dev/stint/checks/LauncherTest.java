package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher `./stint`, in a checkout of its own with a pretended JDK and a pretended Maven. The
/// pretended Java prints its arguments one a line, in brackets; the pretended Maven counts its
/// builds.
final class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in *AOTCacheOutput*) exit 1 ;; esac
      for argument in "$@"; do printf '[%s]\\n' "$argument"; done
      exit "${PRETENDED_EXIT:-0}"
      """;
  private static final String MAVEN =
      """
      #!/bin/sh
      echo build >> "$PRETENDED_BUILDS"
      sleep 0.2
      if [ -n "${PRETENDED_FAILURE:-}" ]; then
        echo '[INFO] noise'
        echo '[ERROR] Main.java:7: the reason'
        exit 1
      fi
      case "$*" in
        *stint-duckdb*)
          if [ -n "${PRETENDED_NO_TABLES:-}" ]; then exit 1; fi
          mkdir -p stint-duckdb/target/lib
          echo jar > stint-duckdb/target/stint-duckdb-1.jar
          echo jar > stint-duckdb/target/lib/driver.jar
          exit 0
          ;;
        *stint-bench*)
          mkdir -p stint-bench/target/lib
          echo jar > stint-bench/target/stint-bench-1.jar
          echo jar > stint-bench/target/lib/jmh.jar
          exit 0
          ;;
      esac
      mkdir -p stint-cli/target/lib
      echo jar > stint-cli/target/stint-cli-1.jar
      echo jar > stint-cli/target/lib/other.jar
      """;

  @TempDir private Path directory;
  private Path checkout;
  private Path builds;

  private record Result(int exit, List<String> out, String err) {
    /// What follows the name of the main class: the user's own arguments.
    List<String> arguments() {
      return out.subList(out.indexOf("[dev.stint.cli.Main]") + 1, out.size());
    }
  }

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectories(directory.resolve("a checkout"));
    builds = directory.resolve("builds");
    String launcher = Checkout.read(Checkout.root().resolve("stint"));
    script(checkout.resolve("stint"), launcher);
    Files.createDirectories(checkout.resolve("stint-cli/src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "pom");
    script(directory.resolve("jdk/bin/java"), JAVA);
    script(directory.resolve("jdk/bin/javac"), JAVA);
    Files.writeString(
        directory.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\n");
    script(directory.resolve("bin/mvn"), MAVEN);
  }

  private static void script(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private Process start(Path program, Path from, List<String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("STINT_"));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("PRETENDED_BUILDS", builds.toString());
    for (String setting : environment) {
      String[] parts = setting.split("=", 2);
      builder.environment().put(parts[0], parts[1]);
    }
    return builder.start();
  }

  private static Result result(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out.lines().toList(), err);
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    return result(start(checkout.resolve("stint"), checkout, List.of(), arguments));
  }

  private int buildCount() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  @Test
  void arguments_ofAnyKind_arePassedAsTheyAre() throws Exception {
    assertThat(run("run", "a b", "", "*", "$HOME", "--x='y'").arguments())
        .containsExactly("[run]", "[a b]", "[]", "[*]", "[$HOME]", "[--x='y']");
  }

  @Test
  void classPath_afterABuild_holdsEachJarOnce() throws Exception {
    List<String> out = run().out();
    String classPath = out.get(out.indexOf("[-cp]") + 1);
    String app = checkout.toRealPath() + "/.stint/app/";
    assertThat(classPath).isEqualTo("[" + app + "stint-cli-1.jar:" + app + "other.jar]");
  }

  @Test
  void exitCode_ofTheProgram_isForwarded() throws Exception {
    Path launcher = checkout.resolve("stint");
    assertThat(result(start(launcher, checkout, List.of("PRETENDED_EXIT=42"))).exit())
        .isEqualTo(42);
  }

  @Test
  void link_fromAnotherDirectory_runsThisCheckout() throws Exception {
    Path elsewhere = Files.createDirectories(directory.resolve("else/where"));
    Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("../../a checkout/stint"));
    Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("one"));
    Result result = result(start(elsewhere.resolve("two"), elsewhere, List.of(), "help"));
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("[-Dstint.home=" + checkout.toRealPath() + "]");
  }

  @Test
  void javaOptions_ofTheUser_comeAfterOurs() throws Exception {
    Path launcher = checkout.resolve("stint");
    Result result = result(start(launcher, checkout, List.of("STINT_JAVA_OPTS=-Xmx1g -ea"), "run"));
    assertThat(result.out())
        .containsSubsequence("[-XX:+UseSerialGC]", "[-Xmx1g]", "[-ea]", "[-cp]");
  }

  @Test
  void compiler_forShortCommandsOnly_isTheFirstTier() throws Exception {
    assertThat(run("lint", "x").out()).contains("[-XX:TieredStopAtLevel=1]");
    assertThat(run("compare", "x").out()).doesNotContain("[-XX:TieredStopAtLevel=1]");
  }

  @Test
  void build_whenSourcesAreOlder_isNotRepeated() throws Exception {
    assertThat(run().err()).contains("building");
    assertThat(run().err()).isEmpty();
    assertThat(buildCount()).isEqualTo(1);
  }

  @Test
  void build_whenASourceIsNewer_isRepeated() throws Exception {
    run();
    Path source = Files.writeString(checkout.resolve("stint-cli/src/main/A.java"), "class A {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    run();
    assertThat(buildCount()).isEqualTo(2);
  }

  @Test
  void tables_forRunDirectoriesOnly_areBuiltOnce() throws Exception {
    assertThat(run("run", "x").err()).doesNotContain("tables");
    Result first = run("run", "x", "--out", "y");
    assertThat(first.err()).contains("building the tables module");
    String tables = checkout.toRealPath() + "/.stint/tables/";
    String classPath = first.out().get(first.out().indexOf("[-cp]") + 1);
    assertThat(classPath)
        .endsWith("other.jar:" + tables + "driver.jar:" + tables + "stint-duckdb-1.jar]");
    assertThat(first.arguments()).containsExactly("[run]", "[x]", "[--out]", "[y]");
    Files.writeString(checkout.resolve(".stint/app/stint.aot"), "cache");
    Result second = run("run", "x", "--out=y");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).contains(classPath, "[--enable-native-access=ALL-UNNAMED]");
    assertThat(second.out()).anyMatch(line -> line.contains("AOTCache"));
    assertThat(run("run", "x").out())
        .noneMatch(line -> line.contains("duckdb"))
        .anyMatch(line -> line.contains("AOTCache"));
    assertThat(buildCount()).isEqualTo(2);
  }

  @Test
  void bench_onlyWhenAskedFor_isBuiltOnce() throws Exception {
    assertThat(run("run", "bench").err()).doesNotContain("benchmarks");
    Result first = run("bench", "--quick");
    assertThat(first.err()).contains("building the benchmarks");
    String bench = checkout.toRealPath() + "/.stint/bench/";
    assertThat(first.out().get(first.out().indexOf("[-cp]") + 1))
        .endsWith("other.jar:" + bench + "jmh.jar:" + bench + "stint-bench-1.jar]");
    assertThat(first.out()).doesNotContain("[-XX:TieredStopAtLevel=1]");
    assertThat(run("bench").err()).isEmpty();
    assertThat(buildCount()).isEqualTo(2);
  }

  @Test
  void tables_thatCannotBeBuilt_areDoneWithoutAndNotTriedAgainAtOnce() throws Exception {
    Path launcher = checkout.resolve("stint");
    List<String> offline = List.of("PRETENDED_NO_TABLES=1");
    Result first = result(start(launcher, checkout, offline, "run", "x", "--out", "y"));
    assertThat(first.exit()).isZero();
    assertThat(first.err()).contains("Going on without tables").contains(".stint/tables.log");
    assertThat(first.out()).noneMatch(line -> line.contains("duckdb"));
    assertThat(result(start(launcher, checkout, offline, "run", "x", "--out", "y")).err())
        .isEmpty();
    assertThat(buildCount()).isEqualTo(2);
    Files.setLastModifiedTime(
        checkout.resolve(".stint/tables.failed"), FileTime.fromMillis(0)); // an hour ago, and more
    assertThat(result(start(launcher, checkout, offline, "run", "x", "--out", "y")).err())
        .contains("Going on without tables");
    assertThat(buildCount()).isEqualTo(3);
  }

  @Test
  void build_thatFails_showsTheReasonAndTheLog() throws Exception {
    Path launcher = checkout.resolve("stint");
    Result result = result(start(launcher, checkout, List.of("PRETENDED_FAILURE=1"), "run"));
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("Main.java:7: the reason", checkout.toRealPath() + "/.stint/build.log")
        .doesNotContain("noise");
  }

  @Test
  void build_twoFirstStartsAtOnce_happensOnce() throws Exception {
    Path launcher = checkout.resolve("stint");
    Process first = start(launcher, checkout, List.of(), "run", "one");
    Process second = start(launcher, checkout, List.of(), "run", "two");
    assertThat(result(first).arguments()).containsExactly("[run]", "[one]");
    assertThat(result(second).arguments()).containsExactly("[run]", "[two]");
    assertThat(buildCount()).isEqualTo(1);
  }

  @Test
  void jdk_thatIsTooOld_isSaidPlainly() throws Exception {
    String launcher = Checkout.read(checkout.resolve("stint"));
    assertThat(launcher).contains("least_jdk=25\n");
    script(checkout.resolve("stint"), launcher.replace("least_jdk=25\n", "least_jdk=999\n"));
    Result result = run("run");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("stint: no JDK 999 or newer was found")
        .contains("Install one");
    assertThat(buildCount()).isZero();
  }

  @Test
  void maven_thatIsMissing_isSaidPlainly() throws Exception {
    Files.delete(directory.resolve("bin/mvn"));
    for (String tool :
        List.of("sh", "find", "readlink", "mkdir", "rm", "flock", "mv", "cat", "id")) {
      Path real = Path.of("/usr/bin", tool);
      if (Files.exists(real)) {
        script(directory.resolve("bin/" + tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
      }
    }
    Result result =
        result(
            start(
                checkout.resolve("stint"),
                checkout,
                List.of("PATH=" + directory.resolve("bin")),
                "run"));
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("Maven (mvn) is not on PATH");
  }
}
