package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.Reading;
import dev.stint.host.RecordedHost;
import dev.stint.host.observe.ViewEntity.Kind;
import dev.stint.host.proc.QueueTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two looks at recorded hosts, against what their text plainly says.
@EnabledOnOs(value = OS.LINUX, disabledReason = "it keeps files open as Linux does")
final class RecordedLooksTest {
  @TempDir private Path root;

  private View looked(RecordedHost host) throws IOException {
    RecordedLooks looks = new RecordedLooks(host, root);
    try (HostWatch watch = looks.first()) {
      looks.advance(_ -> true);
      View view = watch.look();
      assertThat(accounts(watch.total())).isEqualTo(accounts(view));
      return view;
    }
  }

  private static List<String> accounts(View view) {
    return view.entities().stream().map(entity -> entity.path() + entity.account()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void look_again_tellsOfEveryThreadAndCpuWhatTheRecordingSays(RecordedHost host)
      throws IOException {
    View view = looked(host);
    NaiveView naive = new NaiveView(host, view);
    naive.check(view);
    assertThat(view.of(Kind.LP)).hasSize(2);
    assertThat(view.of(Kind.TASK).size() + view.of(Kind.THREAD).size())
        .isEqualTo(naive.threads().size())
        .isGreaterThan(10);
    assertThat(view.of(Kind.GROUP))
        .extracting(ViewEntity::path)
        .containsExactly(
            "host/cgroup:recorded",
            "host/cgroup:recorded/machines",
            "host/cgroup:recorded/pinned",
            "host/cgroup:recorded/quota");
  }

  /// The hog is alone in its cgroup: its throttled time is its own.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DEBIAN_6_18")
  void verdict_onTheHogUnderAQuota_isTheKernelsThrottledTime(RecordedHost host) throws IOException {
    View view = looked(host);
    boolean version1 = host == RecordedHost.FIRECRACKER;
    String stat = "sys/fs/cgroup/" + (version1 ? "cpu/" : "") + "recorded/quota/cpu.stat";
    String counter = version1 ? "throttled_time" : "throttled_usec";
    long throttledNs =
        (count(host, 2, stat, counter) - count(host, 1, stat, counter)) * (version1 ? 1 : 1000);
    NaiveView.Thread hog =
        new NaiveView(host, view)
            .threads().values().stream()
                .filter(thread -> thread.group().equals("recorded/quota"))
                .findFirst()
                .orElseThrow();
    ViewEntity entity = FakeMachine.entity(view, "host/task:hog-" + hog.tid());
    long waitNs = hog.waitNs(host.intervalNs());
    assertThat(entity.account().throttledNs()).isEqualTo(Math.min(throttledNs, waitNs));
    ViewEntity.Limits limits =
        FakeMachine.entity(view, "host/cgroup:recorded/quota").limits().orElseThrow();
    assertThat(limits.quota()).hasValue("5ms per 100ms");
    assertThat(limits.throttledNs()).hasValue(throttledNs);
    assertThat(limits.pressureNs().isPresent()).isNotEqualTo(version1);
    long percent =
        Math.round(100.0 * Math.min(throttledNs, waitNs) / (hog.runNs(host.intervalNs()) + waitNs));
    assertThat(percent).isGreaterThan(50);
    assertThat(Rules.of(view))
        .anySatisfy(finding -> {
          assertThat(finding.code()).isEqualTo(Finding.Code.THROTTLED);
          assertThat(finding.text())
              .startsWith(
                  String.format(
                      Locale.ROOT,
                      "cgroup recorded/quota is throttled by cpu.max (5ms per 100ms) %d %% of the"
                          + " time that it wants to run",
                      percent));
        });
  }

  /// In the emulator the hog of 6.18 had overdrawn its quota by so much that it was stopped from
  /// one look to the other: the kernel tells of the time when it ends, so it is unknown, not 0.
  @Test
  void hogThatWasStoppedAllTheTime_isUnknown_andItsPeriodsAreTold() throws IOException {
    View view = looked(RecordedHost.DEBIAN_6_18);
    NaiveView.Thread hog =
        new NaiveView(RecordedHost.DEBIAN_6_18, view)
            .threads().values().stream()
                .filter(thread -> thread.group().equals("recorded/quota"))
                .findFirst()
                .orElseThrow();
    assertThat(FakeMachine.entity(view, "host/task:hog-" + hog.tid()).account())
        .isEqualTo(Account.unknown(view.wallNs()));
    ViewEntity.Limits limits =
        FakeMachine.entity(view, "host/cgroup:recorded/quota").limits().orElseThrow();
    assertThat(limits.periods()).hasValue(14);
    assertThat(limits.throttledPeriods()).hasValue(14);
  }

  private static long count(RecordedHost host, int look, String path, String name) {
    return host.text(look, path)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .sum();
  }

  @Test
  void vms_areFoundByName_withTheirVcpuThreads() throws IOException {
    View view = looked(RecordedHost.FIRECRACKER);
    assertThat(view.of(Kind.PARTITION))
        .extracting(ViewEntity::path)
        .containsExactly("gold", "stopped");
    assertThat(view.of(Kind.THREAD))
        .extracting(ViewEntity::path)
        .containsExactly(
            "host/thread:gold/vcpu0", "host/thread:gold/vcpu1", "host/thread:stopped/vcpu0");
    Map<Boolean, Long> asleep =
        view.of(Kind.THREAD).stream()
            .collect(
                Collectors.partitioningBy(
                    entity -> entity.account().blockedNs() == view.wallNs(),
                    Collectors.counting()));
    assertThat(asleep).containsEntry(true, 2L).containsEntry(false, 1L);
    assertThat(view.notes()).containsExactly("wake-up latency is unknown: --latency traces it");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FIRECRACKER")
  void guestsWithoutVms_haveNone(RecordedHost host) throws IOException {
    View view = looked(host);
    assertThat(view.of(Kind.PARTITION)).isEmpty();
    assertThat(view.of(Kind.THREAD)).isEmpty();
    assertThat(view.notes()).containsExactly("wake-up latency is unknown: --latency traces it");
  }

  /// The kernel of the one was built without it.
  @ParameterizedTest
  @EnumSource
  void schedstatOfCpus_isReadOrSaidToBeMissing(RecordedHost host) throws IOException {
    HostFiles files = host.unpack(root);
    Reading<Map<Integer, QueueTimes>> queues = QueueTimes.read(files);
    if (host == RecordedHost.FIRECRACKER) {
      assertThat(queues).isEqualTo(new Reading.Unknown<>("there is no /proc/schedstat"));
      return;
    }
    String[] fields =
        host.text(1, "proc/schedstat")
            .lines()
            .filter(line -> line.startsWith("cpu1 "))
            .findFirst()
            .orElseThrow()
            .split(" ");
    assertThat(queues.known().orElseThrow())
        .containsOnlyKeys(0, 1)
        .containsEntry(
            1,
            new QueueTimes(
                Long.parseLong(fields[7]), Long.parseLong(fields[8]), Long.parseLong(fields[9])));
  }
}
