package dev.stint.report.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import dev.stint.scenario.recording.FtraceReader;
import dev.stint.scenario.recording.MalformedRecording;
import dev.stint.scenario.trace.ImportedTrace;
import dev.stint.scenario.trace.TraceImport;
import dev.stint.scenario.trace.TraceSource;
import dev.stint.scenario.trace.TraceWindow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FtraceTextTest {
  private static final long DURATION_NS = 300_000_000;
  private static final int FIRST_PID = 1000;
  private static final Pattern RUNTIME =
      Pattern.compile("sched_stat_runtime: comm=\\S+ pid=(\\d+) runtime=(\\d+) \\[ns\\]");

  /// @param fixed whether its VPs always ran
  private record Traced(
      RunResult result, Entities entities, String partition, String text, boolean fixed)
      implements TraceSource {
    @Override
    public String name() {
      return "run.ftrace.txt";
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    FtraceReader.Recording read() {
      try {
        return FtraceReader.read(name(), open());
      } catch (IOException | MalformedRecording e) {
        throw new AssertionError(e);
      }
    }

    List<EntityResult> tasks() {
      int parent = entities.find(partition);
      return result.entities().stream()
          .filter(each -> each.kind() == EntityKind.TASK || each.kind() == EntityKind.THREAD)
          .filter(each -> entities.get(entities.find(each.path())).parent() == parent)
          .toList();
    }

    int pid(EntityResult task) {
      return FIRST_PID + entities.find(task.path());
    }
  }

  private static Traced trace(Scenario scenario, Assembly assembly) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FtraceText[] text = new FtraceText[1];
    WatchedRun[] watched = new WatchedRun[1];
    String[] partition = new String[1];
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              watched[0] = run;
              partition[0] =
                  FtraceText.outermost(run.entities())
                      .orElse(FtraceText.layers(run.entities()).getFirst());
              text[0] = new FtraceText(out, run, partition[0]);
              return text[0].watch();
            }),
            _ -> {});
    RunResult result = Experiment.run(scenario, assembly, options);
    try {
      text[0].finish(scenario.durationNs());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Entities entities = watched[0].entities();
    boolean fixed =
        entities.all().stream()
            .filter(vp -> vp.kind() == EntityKind.VP)
            .filter(vp -> vp.parent() == entities.find(partition[0]))
            .allMatch(vp -> result.entity(vp.path()).orElseThrow().totalWaitNs() == 0);
    String lines = text[0].header() + out.toString(StandardCharsets.US_ASCII);
    return new Traced(result, entities, partition[0], lines, fixed);
  }

  private static Scenario scenario(String name) {
    Path file =
        Path.of(System.getProperty("stint.root", ".."))
            .resolve("scenarios")
            .resolve(name)
            .resolve("scenario.yaml");
    return ((ReadResult.Loaded) ScenarioReader.read(file)).scenario().withDuration(DURATION_NS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "basics/changes", "basics/weights", "l1vh/core-vs-integrated", "l1vh/quota-ignored",
        "study/latency-requests", "study/spin-barrier", "study/on-off-vms", "live/nice-0-and-5"
      })
  void outermostLinux_readBack_hasTheLedgersSwitchesAndRunTimes(String name) {
    Scenario scenario = scenario(name);
    for (Assembly assembly : scenario.under()) {
      check(trace(scenario, assembly));
    }
  }

  private static void check(Traced traced) {
    Map<Integer, Long> in = new TreeMap<>();
    Map<Integer, Long> out = new TreeMap<>();
    Map<Integer, Long> onCpuNs = new TreeMap<>();
    Map<Integer, Long> sinceNs = new TreeMap<>();
    Map<Integer, Integer> onCpu = new TreeMap<>();
    for (RecordedEvent event : traced.read().events()) {
      if (event instanceof Switch change) {
        Who before = change.previous();
        Integer last = onCpu.put(change.cpu(), change.next().pid());
        assertThat(before.pid()).isEqualTo(last == null ? 0 : last);
        out.merge(before.pid(), 1L, Long::sum);
        in.merge(change.next().pid(), 1L, Long::sum);
        long from = sinceNs.getOrDefault(change.cpu(), 0L);
        onCpuNs.merge(before.pid(), change.timeNs() - from, Long::sum);
        sinceNs.put(change.cpu(), change.timeNs());
      }
    }
    onCpu.forEach((cpu, pid) -> onCpuNs.merge(pid, DURATION_NS - sinceNs.get(cpu), Long::sum));
    Map<Integer, Long> runtimes = runtimes(traced.text());
    for (EntityResult task : traced.tasks()) {
      int pid = traced.pid(task);
      long smtNs = task.waitNs().getOrDefault(WaitReason.SMT, 0L);
      long heldNs = task.runNs() + task.totalOverheadNs() + smtNs;
      assertThat(runtimes.getOrDefault(pid, 0L)).as(task.path()).isEqualTo(heldNs);
      assertThat(in.getOrDefault(pid, 0L)).as(task.path()).isEqualTo(task.dispatches());
      assertThat(out.getOrDefault(pid, 0L)).as(task.path()).isEqualTo(task.switches());
      if (traced.fixed()) {
        assertThat(onCpuNs.getOrDefault(pid, 0L)).as(task.path()).isEqualTo(heldNs);
      } else {
        assertThat(onCpuNs.getOrDefault(pid, 0L)).as(task.path()).isGreaterThanOrEqualTo(heldNs);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"live/nice-0-and-5", "live/nested-groups", "live/quota-50-of-100"})
  void rootLinux_imported_hasTheSameAccount(String name) throws Exception {
    Traced traced = trace(scenario(name), Assembly.ROOT);
    assertThat(traced.fixed()).isTrue();
    ImportedTrace imported = TraceImport.read(traced, Optional.empty(), TraceWindow.ALL);
    assertThat(imported.warnings()).isEmpty();
    List<RecordedEvent> events = traced.read().events();
    long tailNs = DURATION_NS - imported.firstNs() - imported.result().durationNs();
    Map<Integer, Integer> onCpu = new TreeMap<>();
    for (RecordedEvent event : events) {
      if (event instanceof Switch change) {
        onCpu.put(change.cpu(), change.next().pid());
      }
    }
    for (EntityResult task : traced.tasks()) {
      int pid = traced.pid(task);
      EntityResult seen =
          imported.result().entities().stream()
              .filter(each -> each.path().endsWith("-" + pid))
              .findFirst()
              .orElseThrow();
      long untoldNs = onCpu.containsValue(pid) ? tailNs : 0;
      assertThat(seen.runNs() + untoldNs).as(task.path()).isEqualTo(task.runNs());
      assertThat(seen.totalWaitNs() - task.totalWaitNs()).as(task.path()).isBetween(-tailNs, 0L);
      assertThat(seen.unknownNs()).as(task.path()).isZero();
      assertThat(seen.switches()).as(task.path()).isEqualTo(task.switches());
      assertThat(seen.wakeLatency()).as(task.path()).isEqualTo(task.wakeLatency());
    }
  }

  private static Map<Integer, Long> runtimes(String text) {
    Map<Integer, Long> sums = new TreeMap<>();
    Matcher matcher = RUNTIME.matcher(text);
    while (matcher.find()) {
      sums.merge(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), Long::sum);
    }
    return sums;
  }

  @Test
  void rootLinux_ofTasks_looksAsTracefsWritesIt() {
    Traced traced = trace(scenario("live/nice-0-and-5"), Assembly.ROOT);
    assertThat(traced.fixed()).isTrue();
    List<String> lines = traced.text().lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(traced.text()).startsWith("# tracer: nop\n#\n# entries-in-buffer/entries-written: ");
    assertThat(traced.text()).contains("/" + lines.size() + "   #P:");
    assertThat(lines)
        .allMatch(line ->
            line.matches(
                " *(<idle>-0|\\S+-\\d+) +\\[\\d{3}\\] d\\.[.h][24]\\. +\\d+\\.\\d{9}: sched_\\w+:"
                    + " .*"));
    assertThat(traced.read().events().stream().map(RecordedEvent::timeNs)).isSorted();
    assertThat(traced.text()).contains("prio=125").contains("prev_state=R ==> next_comm=");
  }

  @Test
  void newTask_isWokenAsNew_once() {
    Traced traced = trace(scenario("live/nice-0-and-5"), Assembly.ROOT);
    Map<Integer, Long> news = new TreeMap<>();
    for (RecordedEvent event : traced.read().events()) {
      if (event instanceof Wakeup wake && wake.fork()) {
        news.merge(wake.woken().pid(), 1L, Long::sum);
      }
    }
    assertThat(news).hasSize(traced.tasks().size()).allSatisfy((_, n) -> assertThat(n).isOne());
  }

  @Test
  void movedTask_isToldBeforeItRunsElsewhere() {
    Traced traced = trace(scenario("basics/changes").withDuration(20_000_000_000L), Assembly.ROOT);
    Map<Integer, Integer> cpuOf = new TreeMap<>();
    for (RecordedEvent event : traced.read().events()) {
      switch (event) {
        case Migration move -> cpuOf.put(move.moved().pid(), move.to());
        case Wakeup wake -> cpuOf.put(wake.woken().pid(), wake.target());
        case Switch change -> {
          if (change.next().pid() != 0) {
            assertThat(cpuOf.get(change.next().pid())).isEqualTo(change.cpu());
          }
        }
      }
    }
    assertThat(traced.text()).contains("sched_migrate_task: comm=");
  }

  @Test
  void throttledTask_leavesAsPreemptedInTheKernel() {
    Traced traced = trace(scenario("live/quota-50-of-100"), Assembly.ROOT);
    assertThat(traced.text()).contains("prev_state=R+ ==> ");
  }

  @Test
  void vcpuThreads_keepTheirNumbersInFifteenCharacters() {
    Traced traced = trace(scenario("l1vh/core-vs-integrated"), Assembly.INTEGRATED);
    assertThat(traced.partition()).isEqualTo("l1vh");
    assertThat(traced.text()).contains("comm=vcpu3/vm-bronze ").contains("comm=collector ");
  }
}
