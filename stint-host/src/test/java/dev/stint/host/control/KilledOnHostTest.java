package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.CpuGroup;
import dev.stint.host.cgroup.LiveGroups;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `apply` and `rollback` on this machine's own cgroups, where it lets us, in a process that
/// SIGKILL ends: a rollback restores what every file of them reads. It kills at every position, or
/// at so many, evenly spread, as a quarter of a minute has room for; at every one with
/// `-Dstint.soak=true`.
final class KilledOnHostTest {
  private static final long BUDGET_NS = 15_000_000_000L;
  private static final int LEAST = 10;

  /// What counts, and is no knob.
  private static final List<String> COUNTERS = List.of("stat", "usage", "pressure", "procs");

  private final HostFiles files = HostFiles.ofThisMachine();
  private final Cgroups cgroups = Cgroups.of(files);

  @TempDir private Path directory;

  /// A tree on which the policy has much to do: moved CPUs, a greater quota, a weight to lose.
  private Victim victim(CpuGroup top) {
    int[] cpus = top.effectiveCpus().orElseThrow().toArray();
    int first = cpus[0];
    int last = cpus[cpus.length - 1];
    CpuGroup one = top.child("one");
    one.weight(new GroupWeight.OfWeight(200));
    one.quota(new Quota(50_000_000, 100_000_000, 0));
    one.cpus(CpuSet.of(first));
    CpuGroup inner = one.child("inner");
    inner.quota(new Quota(20_000_000, 100_000_000, 0));
    inner.cpus(CpuSet.of(first));
    top.child("two").weight(new GroupWeight.OfWeight(75));
    String point = cgroups.of("cpu").orElseThrow().point();
    String owns = top.path("cpu").substring(point.length() + 1);
    String policy =
        String.format(
            Locale.ROOT,
            """
            owns: %s
            cgroups:
              one: {cpu.weight: 300, cpu.max: 60000 100000, cpu.max.burst: 5000, cpuset.cpus: %d}
              one/inner: {cpu.max: 20000 50000, cpuset.cpus: %d}
              two: {cpu.idle: 1}
            """,
            owns,
            last,
            last);
    return new Victim(files.path(""), directory.resolve("state"), owns, policy);
  }

  /// What all files of the groups read, apart from those that count.
  private Map<String, String> values(CpuGroup top) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String controller : List.of("cpu", "cpuset")) {
      try (Stream<Path> all = Files.walk(files.path(top.path(controller)))) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String name = file.getFileName().toString();
          if (COUNTERS.stream().noneMatch(name::contains) && Files.isReadable(file)) {
            values.put(file.toString(), value(file));
          }
        }
      }
    }
    return values;
  }

  private static String value(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException refused) {
      return "(" + refused.getMessage() + ")";
    }
  }

  @ParameterizedTest
  @EnumSource(Victim.Command.class)
  void command_endedBySigkill_isRolledBackToWhatTheKernelSaidBefore(Victim.Command command)
      throws Exception {
    try (OwnedGroups groups = LiveGroups.open("cpu", "cpuset")) {
      Victim victim = victim(groups.top());
      Map<String, String> before = values(groups.top());
      int applyPositions = victim.apply(_ -> {});
      assertThat(values(groups.top())).isNotEqualTo(before);
      int rollbackPositions = victim.rollBack();
      assertThat(values(groups.top())).isEqualTo(before);
      int positions = command == Victim.Command.APPLY ? applyPositions : rollbackPositions;
      long beginNs = System.nanoTime();
      killAt(victim, command, positions - 1, groups.top(), before);
      int room = (int) (BUDGET_NS / (System.nanoTime() - beginNs));
      int tested =
          Boolean.getBoolean("stint.soak") ? positions : Math.clamp(room, LEAST, positions);
      for (int i = 0; i < tested; i++) {
        killAt(victim, command, i * (positions - 1) / (tested - 1), groups.top(), before);
      }
      System.out.printf(
          Locale.ROOT,
          "%s killed on real cgroups (v%d): %d of %d positions%s, %d files compared each time.%n",
          command,
          cgroups.of("cpu").orElseThrow().version(),
          tested,
          positions,
          tested < positions ? ", evenly spread; all: -Dstint.soak=true" : "",
          before.size());
    }
  }

  private void killAt(
      Victim victim, Victim.Command command, int position, CpuGroup top, Map<String, String> before)
      throws IOException, InterruptedException {
    if (command == Victim.Command.ROLLBACK) {
      victim.apply(_ -> {});
    }
    assertThat(victim.elsewhere(command, position)).isEqualTo(Victim.KILLED);
    // One that died after its last step has left nothing to take back.
    victim.rollBack();
    assertThat(values(top)).as("%s killed at %d", command, position).isEqualTo(before);
  }
}
