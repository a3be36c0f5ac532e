package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The titles of all commits.
final class CommitTitleTest {
  /// Titles out of form that are in the history: older than this test, or landed unchecked.
  private static final Set<String> LANDED_ALL_THE_SAME =
      Set.of(
          "cli: add run, compare, doctor; report: tables, JSON and a verdict in words",
          "scenario: publish a JSON Schema, a malformed corpus and the diagnostics page",
          "build: add the launcher, the gate script and a clear word when no JDK fits",
          "linux: add EEVDF runqueues, groups, bandwidth, placement; workloads; dispatch loop",
          "linux: age a CPU's load averages by one shared step; idle ones as nohz does",
          "linux: correct the replayed state by the least change that a choice proves",
          "linux: throttle whole groups up to 6.17, and let limits change at run time",
          "hypervisor: answer DISPATCH_VP and the suspend registers from VpExecution",
          "fix");

  private static final CommitTitle SAMPLE = new CommitTitle(Set.of("model", "linux"));

  /// Every module and every package below `dev.stint`, by each of its names; by hand those whose
  /// classes are not read here.
  private static Set<String> codeAreas() {
    Set<String> areas = new TreeSet<>(Set.of("checks", "bench", "peers"));
    ProductClasses.all().stream()
        .map(JavaClass::getPackageName)
        .flatMap(name -> Arrays.stream(name.split("\\.")).skip(2))
        .forEach(areas::add);
    return areas;
  }

  private static Optional<List<String>> titles() throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "log", "--no-merges", "--format=%s")
            .directory(Checkout.root().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return git.waitFor() == 0 ? Optional.of(output.lines().toList()) : Optional.empty();
  }

  @Test
  void commits_all_haveTitlesInForm() throws InterruptedException {
    Optional<List<String>> titles;
    try {
      titles = titles();
    } catch (IOException e) {
      titles = Optional.empty();
    }
    Skip.unless(
        titles.isPresent(), "no git, or not a git checkout: there are no commits to look at");
    CommitTitle rule = new CommitTitle(codeAreas());
    assertThat(
            titles.orElseThrow().stream()
                .filter(title -> !LANDED_ALL_THE_SAME.contains(title))
                .flatMap(title -> rule.finding(title).stream()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model: add the timer queue",
        "linux: let a quota fix its period phase",
        "docs: say what steal is"
      })
  void title_inForm_isFine(String title) {
    assertThat(SAMPLE.finding(title)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Add the timer queue",
        "nowhere: add the timer queue",
        "model: Added the timer queue",
        "model: add the timer queue.",
        "model: add the timer queue and the entity arrays and the runqueue and the rest"
      })
  void title_notInForm_isFound(String title) {
    assertThat(SAMPLE.finding(title)).isPresent();
  }
}
