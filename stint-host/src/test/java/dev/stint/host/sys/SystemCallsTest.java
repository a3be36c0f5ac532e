package dev.stint.host.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "these are calls of Linux")
final class SystemCallsTest {
  @Test
  void tid_ofThisThread_isAThreadOfThisProcess() {
    assertThat(Path.of("/proc/self/task/" + ThreadClock.tid())).isDirectory();
  }

  @Test
  void affinity_setToOneCpu_isReadBack() throws Exception {
    CpuSet before = Affinity.of(0);
    CpuSet first = CpuSet.of(before.next(0));
    try {
      Affinity.set(0, first);
      assertThat(Affinity.of(0)).isEqualTo(first);
    } finally {
      Affinity.set(0, before);
    }
    assertThat(Affinity.of(ThreadClock.tid())).isEqualTo(before);
  }

  @Test
  void affinity_toACpuThatIsNotThere_isEinval() {
    assertThatThrownBy(() -> Affinity.set(0, CpuSet.of(8191)))
        .isInstanceOf(SystemCallFailed.class)
        .hasMessage("sched_setaffinity(0, 8191): EINVAL");
  }

  @Test
  void attributes_ofAThreadThatIsNotThere_isEsrch() {
    assertThatThrownBy(() -> SchedAttributes.of(Integer.MAX_VALUE))
        .hasMessage("sched_getattr(2147483647): ESRCH");
  }

  @Test
  void attributes_setNiceOnAThread_areReadBack() throws Exception {
    AtomicInteger nice = new AtomicInteger();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                new SchedAttributes(SchedAttributes.BATCH, 5, 0, 0).set(0);
                nice.set(SchedAttributes.of(0).nice());
              } catch (SystemCallFailed e) {
                nice.set(-100);
              }
            });
    thread.join();
    assertThat(nice).hasValue(5);
  }

  @Test
  void sleepUntil_aMoment_wakesThenAndUsesNoCpuTime() {
    ThreadClock clock = new ThreadClock();
    ThreadClock.exactTimers();
    long wakeNs = clock.monotonicNs() + 20_000_000;
    long cpuNs = clock.cpuNs();
    clock.sleepUntil(wakeNs);
    assertThat(clock.monotonicNs()).isGreaterThanOrEqualTo(wakeNs);
    assertThat(clock.cpuNs() - cpuNs).isBetween(0L, 15_000_000L);
  }

  @Test
  void keptFile_thatChanges_isReadAgainFromItsStart(@TempDir Path directory) throws IOException {
    Path path = Files.writeString(directory.resolve("file"), "one");
    byte[] bytes = new byte[64];
    try (KeptFile file = new KeptFile(path, 2)) {
      assertThat(new String(bytes, 0, file.read(bytes), StandardCharsets.US_ASCII)).isEqualTo("on");
      Files.writeString(path, "2");
      assertThat(new String(bytes, 0, file.read(bytes), StandardCharsets.US_ASCII)).isEqualTo("2");
    }
    assertThatThrownBy(() -> new KeptFile(directory.resolve("none"), 2))
        .hasMessageEndingWith("none): ENOENT");
  }

  @Test
  void pipe_betweenThreads_carriesBytesInTurn() throws Exception {
    try (BytePipe there = new BytePipe();
        BytePipe back = new BytePipe()) {
      Thread echo =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    there.take();
                    back.put();
                  }
                } catch (SystemCallFailed e) {
                  throw new IllegalStateException(e);
                }
              });
      for (int i = 0; i < 100; i++) {
        there.put();
        back.take();
      }
      echo.join();
      assertThat(echo.isAlive()).isFalse();
    }
  }
}
