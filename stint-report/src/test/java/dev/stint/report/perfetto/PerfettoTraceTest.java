package dev.stint.report.perfetto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.report.perfetto.ReadTrace.Slice;
import dev.stint.report.perfetto.ReadTrace.Track;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PerfettoTraceTest {
  private static final String L1VH =
      """
      name: picture
      duration: 400ms
      machine: {cores: 2}
      under: [core, integrated]
      partitions:
        l1vh:
          kind: l1vh
          vps: 2
          groups:
            gold: {cpu.weight: 300}
            bronze: {cpu.weight: 100, cpu.max: 20000 100000}
          tasks:
            agent: {periodic: {run: 1ms, period: 10ms}}
          children:
            vm-gold: {vps: 2, group: gold, tasks: {web: {requests: {every: 5ms, service: 2ms}}}}
            vm-bronze: {vps: 2, group: bronze, tasks: {job: {count: 2, busy: {}}}}
      """;

  private static Scenario scenario() {
    ReadResult read = ScenarioReader.read(L1VH, "picture.yaml");
    return ((ReadResult.Loaded) read).scenario();
  }

  private static ReadTrace read(Assembly assembly) {
    return new ReadTrace(TracedRun.of(scenario(), assembly).file());
  }

  private static Track track(ReadTrace trace, String name) {
    return trace.tracks.values().stream()
        .filter(track -> track.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String parent(ReadTrace trace, String name) {
    return trace.tracks.get(track(trace, name).parent()).name();
  }

  private static List<Slice> slices(ReadTrace trace, String track) {
    return trace.slices.stream().filter(slice -> slice.track().name().equals(track)).toList();
  }

  @Test
  void tracks_ofAStack_areGroupedByLayer() {
    ReadTrace trace = read(Assembly.INTEGRATED);
    assertThat(track(trace, "integrated").parent()).isZero();
    assertThat(parent(trace, "hypervisor")).isEqualTo("integrated");
    assertThat(parent(trace, "lp0")).isEqualTo("hypervisor");
    assertThat(parent(trace, "l1vh")).isEqualTo("integrated");
    assertThat(parent(trace, "l1vh/vp1")).isEqualTo("l1vh");
    assertThat(parent(trace, "l1vh/cgroup:gold")).isEqualTo("l1vh");
    assertThat(parent(trace, "l1vh/thread:vm-gold/vcpu0")).isEqualTo("l1vh/cgroup:gold");
    assertThat(parent(trace, "l1vh/vm-gold/task:web")).isEqualTo("l1vh/vm-gold");
    assertThat(parent(trace, "l1vh/vm-bronze/vp0 steal")).isEqualTo("l1vh/vm-bronze/vp0");
    assertThat(parent(trace, "lp0 runnable")).isEqualTo("lp0");
  }

  @Test
  void slices_ofAStack_sayWhatRanAndWhy() {
    ReadTrace trace = read(Assembly.INTEGRATED);
    assertThat(slices(trace, "lp0")).extracting(Slice::name).contains("l1vh/vp0");
    assertThat(slices(trace, "l1vh/vp0"))
        .extracting(Slice::name)
        .contains("l1vh/thread:vm-gold/vcpu0", "l1vh/task:agent");
    assertThat(slices(trace, "l1vh/vm-gold/vp0"))
        .extracting(Slice::name)
        .contains("l1vh/vm-gold/task:web");
    assertThat(slices(trace, "l1vh/thread:vm-gold/vcpu0"))
        .extracting(Slice::name)
        .contains("l1vh/vm-gold/vp0");
    assertThat(slices(trace, "l1vh/vm-bronze/task:job-0"))
        .anySatisfy(slice -> {
          assertThat(slice.name()).isEqualTo("waiting: vmm.throttled");
          assertThat(slice.arguments())
              .containsEntry("reason", "vmm.throttled")
              .containsEntry("occupant", "quota:l1vh/cgroup:bronze")
              .containsEntry("processor", "l1vh/vm-bronze/vp0");
        })
        .anySatisfy(slice -> assertThat(slice.name()).isEqualTo("on l1vh/vm-bronze/vp0"));
  }

  @Test
  void counters_ofALiveRun_tellLagAndQuota() {
    ReadTrace trace = read(Assembly.INTEGRATED);
    assertThat(trace.values)
        .anySatisfy(
            value -> assertThat(value.track().name()).isEqualTo("l1vh/thread:vm-bronze/vcpu0 lag"))
        .anySatisfy(value -> {
          assertThat(value.track().name()).isEqualTo("l1vh/cgroup:bronze quota left");
          assertThat(value.value()).isBetween(0L, 20_000_000L);
        });
    assertThat(trace.tracks.values())
        .extracting(Track::name)
        .doesNotContain("l1vh/cgroup:gold quota left");
  }

  @Test
  void arrow_ofASleeperWokenByATimer_leadsThroughTheLayersToItsRun() {
    ReadTrace trace = read(Assembly.INTEGRATED);
    assertThat(trace.arrows).hasSizeGreaterThan(10);
    List<Long> onWay = trace.arrowsThrough("l1vh/thread:vm-gold/vcpu0");
    assertThat(onWay).isNotEmpty();
    assertThat(trace.arrowsThrough("l1vh/vm-gold/task:web")).containsAll(onWay);
    assertThat(trace.arrowsThrough("l1vh/vm-gold/vp0")).containsAll(onWay);
  }

  @Test
  void runs_appended_areOneTrace() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(TracedRun.of(scenario(), Assembly.CORE, 0, 2).file());
    both.write(TracedRun.of(scenario(), Assembly.INTEGRATED, 1, 2).file());
    ReadTrace trace = new ReadTrace(both.toByteArray());
    assertThat(trace.tracks.values())
        .filteredOn(track -> track.parent() == 0)
        .extracting(Track::name)
        .containsExactly("core", "integrated");
  }

  @Test
  void about_aRun_isOnItsTopTrack() {
    ReadTrace trace = read(Assembly.CORE);
    List<Slice> about = slices(trace, "core");
    assertThat(about).hasSize(1);
    assertThat(about.getFirst().ns()).isEqualTo(scenario().durationNs());
    assertThat(about.getFirst().name()).isEqualTo("picture under core");
    assertThat(about.getFirst().arguments())
        .containsEntry("seed", "1")
        .containsEntry("hypervisor.rotation", "round-robin");
  }

  @Test
  void event_costs_atMostFortyBytes() {
    TracedRun run = TracedRun.of(scenario(), Assembly.INTEGRATED);
    ReadTrace trace = new ReadTrace(run.file());
    long events = 2L * trace.slices.size() + trace.instants.size() + trace.values.size();
    assertThat(run.file().length / events).isLessThanOrEqualTo(40);
  }

  @Test
  void finish_afterAFailedWrite_saysWhy() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space");
          }
        };
    PerfettoTrace[] trace = new PerfettoTrace[1];
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              trace[0] = new PerfettoTrace(full, WorkQueue.NONE, run, 0, 1, Map.of());
              return trace[0].watch();
            }),
            _ -> {});
    Experiment.run(scenario(), Assembly.CORE, options);
    assertThatThrownBy(() -> trace[0].finish(scenario().durationNs(), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("no space");
  }
}
