package dev.stint.checks.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.checks.Checkout;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.trace.EntityKind;
import dev.stint.scenario.recording.RecordedSource;
import dev.stint.scenario.trace.ImportedTrace;
import dev.stint.scenario.trace.MalformedTrace;
import dev.stint.scenario.trace.TraceImport;
import dev.stint.scenario.trace.TraceSource;
import dev.stint.scenario.trace.TraceWindow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every golden trace, imported: the figures of the JSON beside it, which another program made.
final class TraceImportGoldenTest {
  private static final String TRACE = ".ftrace.txt.gz";

  /// The guests' windows open this long after the first event.
  private static final long WARM_UP_NS = 1_200_000_000L;

  private static final double RUN_TOLERANCE = 0.001;
  private static final double LATENCY_TOLERANCE = 0.01;

  /// What the stamps are rounded to.
  private static final double STAMP_US = 1;

  private record GoldenTrace(Path file) implements TraceSource {
    @Override
    public String name() {
      return file.getFileName().toString();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }

    ImportedTrace read(TraceWindow window) throws IOException, MalformedTrace {
      return TraceImport.read(this, Optional.empty(), window);
    }
  }

  private static List<Path> traces(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Checkout.root().resolve("golden").resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(TRACE)).sorted().toList();
    }
  }

  static List<Path> guestsOfOneCpu() throws IOException {
    return Stream.of("guest-6.18.15_smp1", "guest-6.12.107_smp1", "guest-6.1.192_smp1")
        .flatMap(folder -> {
          try {
            return traces(folder).stream();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toList();
  }

  static List<Path> guestsOfTwoCpus() throws IOException {
    return traces("guest-6.18.15_smp2");
  }

  static List<Path> live() throws IOException {
    return traces("traces");
  }

  private static EntityResult task(ImportedTrace trace, String comm) {
    return trace.result().entities().stream()
        .filter(entity -> entity.path().startsWith("linux/task:" + comm + "-"))
        .filter(entity -> entity.runNs() > 0)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("guestsOfOneCpu")
  void guestsTrace_imported_hasTheFiguresOfItsJson(Path file) throws Exception {
    String name = file.getFileName().toString().replace(TRACE, ".json");
    JsonNode json = JsonMapper.builder().build().readTree(file.resolveSibling(name));
    long windowNs = json.path("window_ns").asLong();
    ImportedTrace trace = new GoldenTrace(file).read(new TraceWindow(WARM_UP_NS, windowNs));
    assertThat(trace.warnings()).isEmpty();
    for (JsonNode golden : json.path("tasks")) {
      EntityResult task = task(trace, golden.path("name").asString());
      double runMs = golden.path("run_ms").asDouble();
      assertThat(task.runNs() / 1e6)
          .as(task.path())
          .isCloseTo(runMs, within(runMs * RUN_TOLERANCE));
      assertThat(task.switches())
          .as(task.path())
          .isEqualTo(golden.path("sw_inv").asLong() + golden.path("sw_vol").asLong());
      assertThat(task.unknownNs()).as(task.path()).isZero();
      latency(task, golden.path("wake_us"));
    }
  }

  /// Of the n-th part of values that are whole microseconds, the two programs may take neighbours:
  /// the JSON's has the rank floor(p(n-1)) + 1, ours ceil(pn).
  private static void latency(EntityResult task, JsonNode golden) {
    Percentiles wakes = task.wakeLatency();
    assertThat(wakes.count()).as(task.path()).isEqualTo(golden.path("n").asLong());
    if (wakes.count() > 0) {
      Map<String, Long> figures =
          Map.of(
              "p50",
              wakes.p50Ns(),
              "p90",
              wakes.p90Ns(),
              "p99",
              wakes.p99Ns(),
              "max",
              wakes.maxNs());
      figures.forEach((key, ns) -> {
        double us = golden.path(key).asDouble();
        assertThat(ns / 1e3)
            .as("%s %s", task.path(), key)
            .isCloseTo(us, within(Math.max(us * LATENCY_TOLERANCE, STAMP_US)));
      });
    }
  }

  /// The JSON of these guests is of another run than the trace (their `trace_lines` differ), so a
  /// plain count over the trace stands in for it.
  @ParameterizedTest
  @MethodSource("guestsOfTwoCpus")
  void guestsTraceOfTwoCpus_imported_hasTheFiguresOfAPlainCount(Path file) throws Exception {
    ImportedTrace trace = new GoldenTrace(file).read(TraceWindow.ALL);
    assertThat(trace.warnings()).isEmpty();
    Map<Integer, Long> runNs = new TreeMap<>();
    Map<Integer, Long> switches = new TreeMap<>();
    Map<Integer, Long> sinceNs = new TreeMap<>();
    Map<Integer, Integer> onCpu = new TreeMap<>();
    List<RecordedEvent> events = RecordedSource.recording(file).events();
    for (RecordedEvent event : events) {
      if (event instanceof Switch change) {
        onCpu.put(change.cpu(), change.next().pid());
        Long since = sinceNs.put(change.cpu(), change.timeNs());
        long ran = since == null ? 0 : change.timeNs() - since;
        runNs.merge(change.previous().pid(), ran, Long::sum);
        switches.merge(change.previous().pid(), 1L, Long::sum);
      }
    }
    long endNs = events.getLast().timeNs();
    onCpu.forEach((cpu, pid) -> runNs.merge(pid, endNs - sinceNs.get(cpu), Long::sum));
    for (ImportedTrace.Task task : trace.tasks()) {
      EntityResult seen = trace.result().entity(task.path()).orElseThrow();
      assertThat(seen.switches()).isEqualTo(switches.getOrDefault(task.pid(), 0L));
      assertThat(seen.runNs()).as(task.path()).isEqualTo(runNs.getOrDefault(task.pid(), 0L));
    }
  }

  /// The live machine never traces that CPU 1 leaves its idle task.
  @ParameterizedTest
  @MethodSource("live")
  void liveTrace_imported_hasItsUntracedIdleExitsUnknown(Path file) throws Exception {
    ImportedTrace trace = new GoldenTrace(file).read(TraceWindow.ALL);
    assertThat(trace.warnings())
        .singleElement()
        .asString()
        .contains("CPU 1 went to")
        .contains("A switch between them was not recorded; what it hides is unknown");
    EntityResult idles = trace.result().entity("lp1").orElseThrow();
    assertThat(idles.unknownNs()).isPositive();
    assertThat(trace.result().entities()).allMatch(entity -> entity.residualNs() == 0);
    long tasksNs =
        trace.result().entities().stream()
            .filter(entity -> entity.kind() == EntityKind.TASK)
            .mapToLong(EntityResult::runNs)
            .sum();
    long cpusNs =
        trace.result().entities().stream()
            .filter(entity -> entity.kind() == EntityKind.LP)
            .mapToLong(EntityResult::runNs)
            .sum();
    assertThat(tasksNs).isEqualTo(cpusNs);
  }
}
