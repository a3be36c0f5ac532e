package dev.stint.report.perfetto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.EntityKind;
import dev.stint.report.perfetto.ReadTrace.Slice;
import dev.stint.report.perfetto.ReadTrace.Track;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every scenario directory under its assemblies: what an independent reader of the trace adds up
/// is what the ledger says.
final class TraceCorpusTest {
  private static final long DURATION_NS = 120_000_000;
  private static final Path SCENARIOS =
      Path.of(System.getProperty("stint.root", "..")).resolve("scenarios");

  static List<Path> directories() throws IOException {
    try (Stream<Path> files = Files.walk(SCENARIOS)) {
      return files
          .filter(file -> file.endsWith("scenario.yaml"))
          .map(file -> SCENARIOS.relativize(file).getParent())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("directories")
  void scenario_tracedUnderItsAssemblies_addsUpToTheLedger(Path directory) {
    ReadResult read = ScenarioReader.read(SCENARIOS.resolve(directory).resolve("scenario.yaml"));
    Scenario scenario = ((ReadResult.Loaded) read).scenario().withDuration(DURATION_NS);
    for (Assembly assembly : scenario.under()) {
      TracedRun run = TracedRun.of(scenario, assembly);
      checkSums(new ReadTrace(run.file()), run.result());
    }
  }

  private static void checkSums(ReadTrace trace, RunResult result) {
    Map<String, Long> sums = new TreeMap<>();
    for (Slice slice : trace.slices) {
      switch (slice.category()) {
        case "run" -> add(sums, slice.track().name() + " run", slice.ns());
        case "wait" -> {
          Map<String, String> arguments = slice.arguments();
          assertThat(slice.name()).isEqualTo("waiting: " + arguments.get("reason"));
          add(sums, cell(slice, arguments.get("reason"), arguments.get("occupant")), slice.ns());
        }
        default -> assertThat(slice.category()).isEqualTo("about");
      }
    }
    Map<String, Long> expected = new TreeMap<>();
    Map<String, Long> stolen = new TreeMap<>();
    Map<String, Long> lost = new TreeMap<>();
    for (EntityResult entity : result.entities()) {
      if (!entity.kind().accounted()) {
        continue;
      }
      long smtNs = entity.waitNs().getOrDefault(WaitReason.SMT, 0L);
      add(expected, entity.path() + " run", entity.runNs() + entity.totalOverheadNs() + smtNs);
      if (entity.kind() == EntityKind.VP) {
        add(stolen, entity.path() + " steal", entity.totalWaitNs() - smtNs);
      }
      if (entity.kind() == EntityKind.TASK) {
        entity.overheadNs().forEach((kind, ns) -> add(lost, lostOf(entity, kind), ns));
        add(lost, lostOf(entity, CostKind.SMT), smtNs);
      }
    }
    for (Theft theft : result.theft()) {
      boolean accounted = result.entity(theft.victim()).orElseThrow().kind().accounted();
      if (accounted && theft.reason() != WaitReason.SMT) {
        add(expected, cell(theft.victim(), theft.reason().text(), theft.occupant()), theft.ns());
      }
    }
    assertThat(sums).isEqualTo(expected);
    assertThat(lastValues(trace, " steal")).isEqualTo(stolen);
    assertThat(losses(trace)).isEqualTo(lost);
    assertThat(trace.values.stream().filter(each -> each.track().name().endsWith(" runnable")))
        .allMatch(each -> each.value() >= 0);
  }

  private static void add(Map<String, Long> sums, String key, long ns) {
    if (ns != 0) {
      sums.merge(key, ns, Long::sum);
    }
  }

  private static String cell(Slice slice, String reason, String occupant) {
    return cell(slice.track().name(), reason, occupant);
  }

  private static String cell(String victim, String reason, String occupant) {
    return victim + " waits: " + reason + ", for " + occupant;
  }

  private static String lostOf(EntityResult entity, CostKind kind) {
    return entity.path() + " lost: " + kind.text();
  }

  private static Map<String, Long> lastValues(ReadTrace trace, String suffix) {
    Map<String, Long> last = new TreeMap<>();
    trace.values.stream()
        .filter(each -> each.track().name().endsWith(suffix))
        .forEach(each -> last.put(each.track().name(), each.value()));
    return last;
  }

  private static Map<String, Long> losses(ReadTrace trace) {
    Map<String, Long> losses = new TreeMap<>();
    for (Slice instant : trace.instants) {
      if (instant.category().equals("overhead") && instant.track().name().contains("/task:")) {
        Track track = instant.track();
        long ns = Long.parseLong(instant.arguments().get("lost_ns"));
        add(losses, track.name() + " " + instant.name(), ns);
      }
    }
    return losses;
  }
}
