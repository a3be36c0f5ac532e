package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CpuGroup;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.LiveGroups;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.host.sys.ThreadClock;
import dev.stint.host.trace.SchedStream;
import dev.stint.host.trace.TraceInstance;
import dev.stint.model.linux.Quota;
import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Observes this machine.
@EnabledOnOs(value = OS.LINUX, disabledReason = "it observes this machine's /proc")
final class LiveObserveTest {
  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    stop.set(true);
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join();
    }
  }

  /// A thread of this process with a name of its own for the kernel; its number there.
  private int start(String comm, boolean spins) throws InterruptedException {
    AtomicInteger tid = new AtomicInteger();
    CountDownLatch running = new CountDownLatch(1);
    Thread thread =
        new Thread(() -> {
          tid.set(ThreadClock.tid());
          rename(tid.get(), comm);
          running.countDown();
          while (!stop.get()) {
            if (!spins) {
              rest();
            }
          }
        });
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    running.await();
    return tid.get();
  }

  private static void rename(int tid, String comm) {
    try {
      Files.writeString(Path.of("/proc/self/task/" + tid + "/comm"), comm);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void rest() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      stop.set(true);
    }
  }

  private static HostWatch watch() {
    HostFiles files = HostFiles.ofThisMachine();
    return new HostWatch(files, System::nanoTime, 4_000, WakeTrace.off(files));
  }

  @Test
  void look_atAThreadNamedAsQemuNamesThem_findsAVmThatRuns() throws InterruptedException {
    start("CPU 0/KVM", true);
    try (HostWatch watch = watch()) {
      Thread.sleep(500);
      View view = watch.look();
      String path = "host/thread:vm-" + ProcessHandle.current().pid() + "/vcpu0";
      Account account = FakeMachine.entity(view, path).account();
      assertThat(account.residualNs()).isZero();
      assertThat(account.wantedNs()).isPositive();
      assertThat(account.blockedNs()).as("it never sleeps: %s", account).isZero();
      view.entities().forEach(entity -> assertThat(entity.account().residualNs()).isZero());
    }
  }

  /// What its cgroup may have is too little for a hog by far, on however busy a machine.
  @Test
  void verdict_onAHogUnderAQuota_namesTheQuota() throws Exception {
    try (OwnedGroups owned = LiveGroups.open("cpu")) {
      CpuGroup group = owned.top().child("hog");
      group.quota(new Quota(2_000_000, 100_000_000, 0));
      Process hog = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
      try {
        owned.top().addProcess(hog.pid());
        group.addThread(hog.pid());
        assertThat(Rules.of(observed(8)))
            .anyMatch(finding ->
                finding.code() == Finding.Code.THROTTLED
                    && finding.entity().endsWith("/hog")
                    && finding.text().contains("cpu.max (2ms per 100ms)"));
      } finally {
        hog.destroyForcibly().waitFor();
      }
    }
  }

  /// By the kernel's own trace; nothing is left of it.
  @Test
  void latency_ofAThreadThatSleepsAndWakes_isMeasuredOrCountedAsUnmeasured() throws Exception {
    HostFiles files = HostFiles.ofThisMachine();
    Skip.unless(SchedStream.probe(files).supported(), SchedStream.probe(files).reason());
    int tid = start("naps", false);
    GroupMarker marker = GroupMarker.ofThisProcess(files);
    try (HostWatch watch =
        new HostWatch(files, System::nanoTime, 4_000, WakeTrace.open(files, marker, true))) {
      Thread.sleep(600);
      WakeLatency wakes =
          FakeMachine.entity(watch.look(), "host/task:naps-" + tid).wakes().orElseThrow();
      assertThat(wakes.measured().count() + wakes.unmeasured()).isPositive();
      assertThat(wakes.measured().maxNs()).isLessThan(600_000_000L);
    }
    String instances = TraceInstance.tracefs(files).orElseThrow() + "/instances";
    assertThat(files.list(instances)).doesNotContain(marker.name());
  }

  private static View observed(int looks) throws InterruptedException {
    try (HostWatch watch = watch()) {
      for (int i = 0; i < looks; i++) {
        Thread.sleep(400);
        watch.look();
      }
      return watch.total();
    }
  }

  /// The bound promised is 10 ms of CPU time for a look at 200 threads, and in proportion for more.
  @Test
  void look_at200Threads_costsLittle() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      start(i % 100 == 0 ? "spin" + i : "sleep" + i, i % 100 == 0);
    }
    ThreadClock clock = new ThreadClock();
    try (HostWatch watch = watch()) {
      for (int i = 0; i < 60; i++) {
        watch.look();
      }
      long before = clock.cpuNs();
      int looks = 20;
      for (int i = 0; i < looks; i++) {
        watch.look();
        Thread.sleep(20);
      }
      long eachNs = (clock.cpuNs() - before) / looks;
      assertThat(eachNs)
          .as("nanoseconds of CPU time for a look at %d threads", watch.threadCount())
          .isLessThan(Math.max(10_000_000L, 50_000L * watch.threadCount()));
    }
  }
}
