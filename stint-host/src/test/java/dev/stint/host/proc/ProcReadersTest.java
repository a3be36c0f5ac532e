package dev.stint.host.proc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.CpuList;
import dev.stint.host.Garbage;
import dev.stint.host.HostFiles;
import dev.stint.host.Reading;
import dev.stint.host.cgroup.CpuStat;
import dev.stint.host.cgroup.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ProcReadersTest {
  private static final String STAT =
      """
      cpu  30 3 6 200 4 1 2 9 0 0
      cpu0 10 1 2 100 2 1 1 4 0 0
      cpu1 20 2 4 100 2 0 1 5 0 0
      intr 5 5
      ctxt 77
      """;
  private static final String PRESSURE =
      """
      some avg10=93.13 avg60=93.74 avg300=88.44 total=26896736839
      full avg10=0.00 avg60=0.00 avg300=0.00 total=4
      """;
  private static final String SCHEDSTAT =
      """
      version 17
      timestamp 4295
      cpu0 0 0 0 0 0 0 111 222 333
      domain0 MC 3 1 2 3
      cpu1 0 0 0 0 0 0 4 5 6
      """;
  private static final String THREAD =
      "17 (a) (b c) R 3 17 17 0 -1 64 0 0 0 0 7 8 0 0 20 -5 1 0 4242 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
          + " 0 17 1 0 0 0 0 0\n";
  private static final String STATUS =
      "Name:\tx\nvoluntary_ctxt_switches:\t51\nnonvoluntary_ctxt_switches:\t7\n";

  @TempDir private Path root;

  @Test
  void cpuTicks_ofStat_addInterruptsToSystem() {
    assertThat(CpuTicks.parse(STAT).orElseThrow())
        .isEqualTo(Map.of(0, new CpuTicks(11, 4, 102, 4), 1, new CpuTicks(22, 5, 102, 5)));
    CpuTicks zero = CpuTicks.parse(STAT).orElseThrow().get(0);
    assertThat(zero.busy()).isEqualTo(15);
    assertThat(zero.since(new CpuTicks(1, 1, 2, 3))).isEqualTo(new CpuTicks(10, 3, 100, 1));
  }

  @Test
  void threadTimes_areThreeCounts() {
    assertThat(ThreadTimes.parse("5 6 7\n")).hasValue(new ThreadTimes(5, 6, 7));
    assertThat(ThreadTimes.parse("5 6\n")).isEmpty();
    assertThat(ThreadTimes.parse("5 6 x")).isEmpty();
  }

  @Test
  void threadStat_ofANameWithParentheses_isRead() {
    assertThat(ThreadStat.parse(THREAD))
        .hasValue(new ThreadStat("a) (b c", 'R', 3, -5, 1, 4242, 1));
  }

  @Test
  void threadSwitches_areOfStatus() {
    assertThat(ThreadSwitches.parse(STATUS)).hasValue(new ThreadSwitches(51, 7));
  }

  @Test
  void pressure_totalsAreNanoseconds() {
    assertThat(PressureStall.parse(PRESSURE))
        .hasValue(new PressureStall(26_896_736_839_000L, 9313, OptionalLong.of(4_000)));
  }

  @Test
  void queueTimes_ofKnownVersionsOnly() {
    assertThat(QueueTimes.parse(SCHEDSTAT).orElseThrow())
        .isEqualTo(Map.of(0, new QueueTimes(111, 222, 333), 1, new QueueTimes(4, 5, 6)));
    assertThat(QueueTimes.parse(SCHEDSTAT.replace("version 17", "version 18"))).isEmpty();
  }

  @Test
  void reading_whatIsNotThereOrNotIt_saysWhy() throws IOException {
    HostFiles files = new HostFiles(root);
    assertThat(ThreadTimes.read(files, 1, 2))
        .isEqualTo(new Reading.Unknown<>("there is no /proc/1/task/2/schedstat"));
    Files.createDirectories(root.resolve("proc/1/task/2"));
    Files.writeString(root.resolve("proc/1/task/2/schedstat"), "gone");
    assertThat(ThreadTimes.read(files, 1, 2))
        .isEqualTo(new Reading.Unknown<>("/proc/1/task/2/schedstat is not what was expected"));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "it reads this machine's /proc")
  void readers_onThisMachine_findThisProcess() {
    HostFiles files = HostFiles.ofThisMachine();
    long pid = ProcessHandle.current().pid();
    assertThat(ThreadStat.read(files, pid).known().orElseThrow().comm()).isEqualTo("java");
    assertThat(ThreadSwitches.read(files, pid, pid).known()).isPresent();
    assertThat(CpuTicks.read(files).known().orElseThrow()).containsKey(0);
  }

  /// Whatever a file holds, reading it neither throws nor yields a negative figure.
  @Test
  void readers_ofGarbage_neverThrowAndNeverGoBelowZero() {
    Map<String, Function<String, Object>> readers = new LinkedHashMap<>();
    readers.put(STAT, CpuTicks::parse);
    readers.put("5 6 7\n", ThreadTimes::parse);
    readers.put(THREAD, ThreadStat::parse);
    readers.put(STATUS, ThreadSwitches::parse);
    readers.put(PRESSURE, PressureStall::parse);
    readers.put(SCHEDSTAT, QueueTimes::parse);
    readers.put("0-3,8\n", CpuList::parse);
    readers.put("usage_usec 5\nnr_periods 1\nthrottled_usec 9\n", CpuStat::ofVersion2);
    readers.put(
        "nr_periods 5\nburst_time 1\n", text -> CpuStat.ofVersion1(text, OptionalLong.empty()));
    readers.put("31 23 0:28 / /a\\040b rw,relatime - cgroup cgroup rw,cpu\n", Mount::parse);
    SplittableRandom random = new SplittableRandom(1);
    Garbage garbage = new Garbage(random);
    readers.forEach((text, reader) -> {
      for (int round = 0; round < 2_000; round++) {
        String spoiled = garbage.of(text);
        try {
          String figures = reader.apply(spoiled).toString();
          assertThat(figures.replaceAll("(nice|comm|type|root)=-", ""))
              .as(spoiled)
              .doesNotContain("=-");
        } catch (RuntimeException e) {
          throw new AssertionError("on \"" + spoiled + "\"", e);
        }
      }
    });
  }
}
