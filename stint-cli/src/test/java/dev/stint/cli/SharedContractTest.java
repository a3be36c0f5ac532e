package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.cgroup.CpuStat;
import dev.stint.host.proc.CpuTicks;
import dev.stint.host.proc.PressureStall;
import dev.stint.host.proc.ThreadTimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A simulated host and a real one are controlled and observed by the same names and texts, those
/// of the kernel's files (docs/decisions/0012): what reads a real host reads a simulated one, and
/// finds the figures of the simulation's own results.
final class SharedContractTest {
  private static final long TICK_NS = 4_000_000L;
  private static final long VPS = 2;
  private static final String QUOTAS =
      """
      name: quotas
      duration: 2s
      machine: {cores: 2}
      under: [integrated]
      partitions:
        l1vh:
          kind: l1vh
          vps: 2
          groups:
            gold: {cpu.weight: 300}
            limited: {cpu.max: 20000 100000}
          tasks:
            free: {group: gold, busy: {}}
            hog: {group: limited, affinity: 0, busy: {}}
      """;

  @TempDir private Path directory;
  private HostFiles host = HostFiles.ofThisMachine();
  private JsonNode entities = JsonMapper.builder().build().createArrayNode();

  @BeforeEach
  void simulate() throws Exception {
    Shell shell = Shell.in(directory).withFile("quotas.yaml", QUOTAS);
    Shell.Answer answer =
        shell.stint("run", "quotas.yaml", "--observe", "guests", "--json", "result.json");
    assertThat(answer.status()).as(answer.err()).isZero();
    host = new HostFiles(directory.resolve("guests/l1vh"));
    JsonNode result =
        JsonMapper.builder().build().readTree(Files.readString(directory.resolve("result.json")));
    entities = result.get("runs").get(0).get("entities");
  }

  private JsonNode entity(String path) {
    for (JsonNode entity : entities) {
      if (entity.get("path").asString().equals(path)) {
        return entity;
      }
    }
    throw new AssertionError("no " + path);
  }

  private String text(String path) {
    return switch (host.read(path)) {
      case Text.Read(String text) -> text;
      case Text.Unreadable(String reason) -> throw new AssertionError(reason);
    };
  }

  @Test
  void threads_areReadAsThoseOfARealHost() {
    for (String name : new String[] {"free", "hog"}) {
      String pid =
          host.list("proc").stream()
              .filter(entry ->
                  entry.matches("\\d+") && text("proc/" + entry + "/comm").strip().equals(name))
              .findFirst()
              .orElseThrow();
      ThreadTimes times = ThreadTimes.parse(text("proc/" + pid + "/schedstat")).orElseThrow();
      JsonNode task = entity("l1vh/task:" + name);
      long waitNs = 0;
      for (JsonNode reason : task.get("wait_ns")) {
        waitNs += reason.asLong();
      }
      long runNs = task.get("run_ns").asLong();
      // As on a real host run time is added at ticks, and a wait when it ends.
      assertThat(times.runNs()).as(name).isBetween(runNs - TICK_NS, runNs);
      assertThat(times.waitNs()).as(name).isBetween(waitNs - 100_000_000L, waitNs);
      assertThat(times.dispatches()).as(name).isEqualTo(task.get("dispatches").asLong());
    }
  }

  @Test
  void cgroups_areReadAsThoseOfARealHost() {
    CpuStat limited = CpuStat.ofVersion2(text("sys/fs/cgroup/limited/cpu.stat"));
    JsonNode group = entity("l1vh/cgroup:limited");
    long runNs = group.get("run_ns").asLong();
    assertThat(limited.usageNs().orElseThrow()).isBetween(runNs - TICK_NS * VPS, runNs);
    assertThat(limited.periods().orElseThrow()).isEqualTo(group.get("periods").asLong());
    assertThat(limited.throttledPeriods().orElseThrow())
        .isPositive()
        .isEqualTo(group.get("throttled_periods").asLong());
    assertThat(text("sys/fs/cgroup/limited/cpu.max")).isEqualTo("20000 100000\n");
    assertThat(text("sys/fs/cgroup/gold/cpu.weight")).isEqualTo("300\n");
    assertThat(PressureStall.parse(text("sys/fs/cgroup/limited/cpu.pressure"))).isPresent();
  }

  @Test
  void cpus_areReadAsThoseOfARealHost() {
    Map<Integer, CpuTicks> cpus = CpuTicks.read(host).known().orElseThrow();
    assertThat(cpus).containsOnlyKeys(0, 1);
    long busyNs = cpus.values().stream().mapToLong(CpuTicks::busy).sum() * CpuTicks.TICK_NS;
    long runNs =
        entity("l1vh/task:free").get("run_ns").asLong()
            + entity("l1vh/task:hog").get("run_ns").asLong();
    assertThat(busyNs).isBetween(runNs - 200_000_000L, runNs + 200_000_000L);
    assertThat(PressureStall.read(host).known()).isPresent();
  }

  /// The knobs of a policy for a real host are those of a scenario's groups, by the same names.
  @Test
  void knobs_ofAPolicy_areThoseOfAScenario() throws Exception {
    JsonNode policy = schema("policy").get("$defs").get("knobs").get("properties");
    JsonNode group = schema("scenario").get("$defs").get("group").get("properties");
    assertThat(policy.propertyNames()).isNotEmpty();
    assertThat(group.propertyNames()).containsAll(policy.propertyNames());
  }

  private static JsonNode schema(String name) throws Exception {
    Path docs = Path.of("").toAbsolutePath();
    while (!Files.exists(docs.resolve("docs/policy.schema.json"))) {
      docs = docs.getParent();
    }
    return JsonMapper.builder()
        .build()
        .readTree(Files.readString(docs.resolve("docs/" + name + ".schema.json")));
  }
}
