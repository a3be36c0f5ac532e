package dev.stint.host.observe;

import static dev.stint.host.observe.FakeMachine.MS;
import static dev.stint.host.observe.FakeMachine.entity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.observe.ViewEntity.Kind;
import dev.stint.host.trace.SchedSink;
import dev.stint.host.trace.SchedSource;
import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Looks at a machine of files: one CPU, a QEMU with a vCPU thread in a cgroup with a quota, and a
/// process that hogs the CPU.
final class HostWatchTest {
  @TempDir private Path root;

  private FakeMachine machine;

  @BeforeEach
  void fill() {
    machine = new FakeMachine(root).withCgroups();
    machine.group("vms/gold", "50000 100000", 0, 0, 0);
    machine.group("vms", "max 100000", 0, 0, 0);
    machine.process(50, "vms/gold", "/usr/bin/qemu-system-x86_64", "-name", "guest=gold");
    machine.thread(50, 50, "qemu-system-x86", "vms/gold");
    machine.thread(50, 51, "CPU 0/KVM", "vms/gold");
    machine.process(60, "", "hog");
    machine.thread(60, 60, "hog", "");
    machine.state(50, 50, "qemu-system-x86", 'S', 0, 0);
    machine.state(60, 60, "hog", 'R', 0, 0);
  }

  @Test
  void look_atAVm_dividesItsWaitIntoQuotaAndQueue() {
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.cpus(100, 0, 0);
      machine.times(50, 51, 300, 600, 20);
      machine.state(50, 51, "CPU 0/KVM", 'S', 0, 9);
      machine.times(60, 60, 700, 290, 20);
      machine.group("vms/gold", "50000 100000", 10, 8, 400);
      View view = watch.look();

      Account vcpu = entity(view, "host/thread:gold/vcpu0").account();
      assertThat(vcpu)
          .isEqualTo(new Account(1000 * MS, 300 * MS, 200 * MS, 400 * MS, 0, 100 * MS, 0));
      assertThat(entity(view, "gold").account()).isEqualTo(vcpu);
      ViewEntity group = entity(view, "host/cgroup:vms/gold");
      assertThat(group.account().wallNs()).isEqualTo(2000 * MS); // of two threads
      assertThat(group.account().throttledNs()).isEqualTo(400 * MS);
      assertThat(group.group()).hasValue("host/cgroup:vms");
      assertThat(group.limits().orElseThrow().quota()).hasValue("50ms per 100ms");
      assertThat(group.limits().orElseThrow().throttledPeriods()).hasValue(8);
      assertThat(entity(view, "host/cgroup:vms").account()).isEqualTo(group.account());
      assertThat(entity(view, "lp0").account().runNs()).isEqualTo(1000 * MS);
      assertThat(view.behind().get(Owner.vm("gold")))
          .isEqualTo(Map.of(Owner.process("hog", 60), 200 * MS));
      assertThat(Rules.sentence(Rules.of(view)))
          .contains(
              "cgroup vms/gold is throttled by cpu.max (50ms per 100ms) 44 % of the time",
              "VM gold waits for CPUs 22 %", "mostly for process hog (60)");
      view.entities().forEach(entity -> assertThat(entity.account().residualNs()).isZero());
    }
  }

  @Test
  void total_ofManyLooks_addsUp() {
    try (HostWatch watch = machine.watch()) {
      for (int i = 1; i <= 5; i++) {
        machine.passMs(1000);
        machine.times(50, 51, 300L * i, 200L * i, 20L * i);
        // Ready at every look but the last: until then nobody can tell sleep from waiting.
        machine.state(50, 51, "CPU 0/KVM", i < 5 ? 'R' : 'S', i % 2, i);
        watch.look();
        Account sofar = entity(watch.total(), "gold").account();
        assertThat(sofar.residualNs()).isZero();
        assertThat(sofar.unknownNs()).isEqualTo(i < 5 ? i * 500 * MS : 0);
      }
      ViewEntity vm = entity(watch.total(), "gold");
      assertThat(vm.account())
          .isEqualTo(new Account(5000 * MS, 1500 * MS, 1000 * MS, 0, 0, 2500 * MS, 0));
      assertThat(vm.dispatches()).isEqualTo(100);
      assertThat(vm.migrations()).isEqualTo(5);
      assertThat(vm.waitPerDispatchNs()).hasValue(10 * MS);
      assertThat(entity(watch.total(), "host/cgroup:vms").account().runNs()).isEqualTo(1500 * MS);
    }
  }

  @Test
  void look_atAThreadThatIsGone_forgetsItAndKeepsItsGroupsTotal() {
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.times(50, 51, 300, 0, 20);
      machine.state(50, 51, "CPU 0/KVM", 'S', 0, 1);
      watch.look();
      machine.write("proc/50/task/51/schedstat", ""); // as of a thread that has exited
      machine.passMs(1000);
      View view = watch.look();
      assertThat(view.of(Kind.THREAD)).isEmpty();
      assertThat(entity(watch.total(), "host/cgroup:vms/gold").account().runNs())
          .isEqualTo(300 * MS);
    }
  }

  @Test
  void look_atAReusedNumber_beginsAnew() {
    try (HostWatch watch = machine.watch()) {
      machine.times(60, 60, 900, 0, 5);
      machine.passMs(1000);
      watch.look();
      machine.remove("proc/60");
      machine.process(60, "", "other");
      machine.thread(60, 60, "other", "");
      machine.times(60, 60, 7, 0, 1);
      machine.passMs(1000);
      View view = watch.look();
      // The file that was kept open is that of the first thread, as the kernel's would be.
      assertThat(entity(view, "host/task:hog-60").account().runNs()).isZero();
    }
  }

  @Test
  void look_atANewThread_countsFromThenOn() {
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.thread(50, 52, "CPU 1/KVM", "vms/gold");
      machine.times(50, 52, 5000, 0, 5);
      watch.look();
      machine.passMs(1000);
      machine.times(50, 52, 5400, 0, 9);
      machine.state(50, 52, "CPU 1/KVM", 'S', 0, 2);
      View view = watch.look();
      assertThat(entity(view, "host/thread:gold/vcpu1").account().runNs()).isEqualTo(400 * MS);
    }
  }

  @Test
  void look_afterAThreadTookAName_knowsItAtTheNextLook() {
    machine.thread(50, 53, "qemu-system-x86", "vms/gold");
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.state(50, 53, "CPU 7/KVM", 'S', 0, 2);
      watch.look();
      machine.passMs(1000);
      machine.times(50, 53, 300, 0, 9);
      View view = watch.look();
      assertThat(entity(view, "host/thread:gold/vcpu7").account().runNs()).isEqualTo(300 * MS);
    }
  }

  @Test
  void look_atTheNumberOfAnEndedKernelThread_seesTheProcessThatHasItNow() {
    machine.write("proc/70/stat", FakeMachine.stat(70, "kworker/0:1", 2, 'S', 0));
    try (HostWatch watch = machine.watch()) {
      machine.remove("proc/70");
      machine.passMs(1000);
      watch.look();
      machine.process(70, "", "job");
      machine.thread(70, 70, "job", "");
      machine.passMs(1000);
      watch.look();
      machine.times(70, 70, 30, 0, 1);
      machine.passMs(1000);
      View view = watch.look();
      assertThat(entity(view, "host/task:job-70").account().runNs()).isEqualTo(30 * MS);
    }
  }

  @Test
  void look_withoutQuotaFigures_leavesThemUnknown() {
    machine.write("sys/fs/cgroup/vms/gold/cpu.stat", "usage_usec 5\n");
    machine.write("sys/fs/cgroup/vms/gold/cpu.max", "max 100000\n");
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      ViewEntity.Limits limits =
          entity(watch.look(), "host/cgroup:vms/gold").limits().orElseThrow();
      assertThat(limits.quota()).isEmpty();
      assertThat(limits.throttledNs()).isEqualTo(OptionalLong.empty());
      assertThat(limits.pressureNs()).isEqualTo(OptionalLong.empty());
    }
  }

  @Test
  void look_atCpusOfAVm_seesSteal() {
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.cpus(60, 28, 12);
      View view = watch.look();
      assertThat(entity(view, "lp0").account())
          .isEqualTo(new Account(1000 * MS, 600 * MS, 0, 0, 120 * MS, 280 * MS, 0));
      assertThat(Rules.sentence(Rules.of(view)))
          .contains("The hypervisor took 17 % of the time that this machine's CPUs were not idle");
    }
  }

  @Test
  void look_atAVmWhoseCpusetLeavesACpuIdle_namesTheCpuset() {
    machine.twoCpus(0, 0, 0, 0);
    machine.write("sys/fs/cgroup/vms/cpuset.cpus", "0\n");
    machine.write("sys/fs/cgroup/vms/cpuset.cpus.effective", "0\n");
    machine.write("sys/fs/cgroup/vms/gold/cpuset.cpus", "\n");
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.twoCpus(100, 0, 5, 95);
      machine.times(50, 51, 500, 500, 20);
      machine.state(50, 51, "CPU 0/KVM", 'S', 0, 9, "0");
      View view = watch.look();
      assertThat(view.confined())
          .isEqualTo(
              Map.of(Owner.vm("gold"), new Confinement(CpuSet.of(0), 1, Optional.of("vms"))));
      assertThat(Rules.sentence(Rules.of(view)))
          .contains("while CPU 1 idles 95 %: cpuset vms allows it only CPU 0.");
      assertThat(Rules.of(watch.total())).isEqualTo(Rules.of(view));
    }
  }

  @Test
  void look_atAThreadPinnedByItself_namesTheAffinity() {
    machine.twoCpus(0, 0, 0, 0);
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.twoCpus(0, 100, 100, 0);
      machine.times(60, 60, 500, 500, 20);
      machine.state(60, 60, "hog", 'S', 1, 9, "1");
      assertThat(Rules.sentence(Rules.of(watch.look())))
          .contains("while CPU 0 idles 100 %: an affinity allows it only CPU 1.");
    }
  }

  @Test
  void look_underAHypervisorThatDoesNotTell_hasNoStolenTime() {
    machine.write(
        "sys/devices/system/clocksource/clocksource0/available_clocksource",
        "hyperv_clocksource_tsc_page tsc\n");
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      machine.cpus(60, 40, 0);
      View view = watch.look();
      assertThat(view.stealUnseen().orElseThrow()).contains("Microsoft Hypervisor");
      assertThat(String.join(" ", view.notes())).contains("stolen time is unknown");
      assertThat(ViewJson.text(view, "0")).contains("\"hypervisor.wait\" : null");
      assertThat(MetricsText.of(view)).doesNotContain("stolen\"}");
    }
  }

  /// Events as a trace would tell them.
  private static final class Script implements SchedSource {
    private final List<Consumer<SchedSink>> events = new ArrayList<>();
    private final Set<Long> followed = new TreeSet<>();
    private boolean lossless = true;
    private boolean broken;

    @Override
    public void follow(Collection<Long> tids) {
      followed.addAll(tids);
    }

    @Override
    public boolean drain(SchedSink sink) throws IOException {
      if (broken) {
        throw new IOException("gone");
      }
      events.forEach(event -> event.accept(sink));
      events.clear();
      return lossless;
    }

    @Override
    public void close() {}
  }

  @Test
  void look_atWakeUps_tellsThemOfThreadVmAndGroup_andALossIsUnknown() {
    Script script = new Script();
    WakeTrace trace = WakeTrace.of(script, false);
    try (HostWatch watch = new HostWatch(machine.files(), machine::nowNs, 100, trace)) {
      assertThat(script.followed).containsExactlyInAnyOrder(50L, 51L); // not the hog's
      long beganNs = machine.nowNs();
      script.events.add(sink -> sink.woken(beganNs + 1 * MS, 51));
      script.events.add(sink -> sink.switched(beganNs + 4 * MS, 60, 51));
      machine.passMs(1000);
      View view = watch.look();
      for (String path : List.of("host/thread:gold/vcpu0", "gold", "host/cgroup:vms")) {
        assertThat(entity(view, path).wakes().orElseThrow().known().orElseThrow().sumNs())
            .isEqualTo(3 * MS);
      }
      assertThat(entity(view, "host/task:hog-60").wakes()).isEmpty();
      assertThat(ViewJson.text(view, "0")).contains("\"p50\" : 3000000");
      script.lossless = false;
      machine.passMs(1000);
      assertThat(entity(watch.look(), "gold").wakes().orElseThrow().known()).isEmpty();
      assertThat(entity(watch.total(), "gold").wakes().orElseThrow().unknownNs())
          .isEqualTo(1000 * MS);
      assertThat(String.join(" ", watch.total().notes())).contains("events were lost");
      script.broken = true;
      machine.passMs(1000);
      assertThat(String.join(" ", watch.look().notes())).contains("the trace fails: gone");
    }
  }

  @Test
  void notes_withoutATrace_sayWhatItWouldTake() {
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      assertThat(String.join(" ", watch.look().notes()))
          .contains("wake-up latency is unknown: tracefs is not mounted");
    }
  }

  @Test
  void look_whereNothingCanBeRead_saysSo() {
    machine.write("proc/stat", "garbage");
    machine.remove("proc/50");
    machine.remove("proc/60");
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      View view = watch.look();
      assertThat(Rules.of(view))
          .singleElement()
          .extracting(Finding::code)
          .isEqualTo(Finding.Code.BLIND);
      assertThat(String.join(" ", view.notes()))
          .contains("nothing is known of the CPUs", "hidepid");
    }
  }

  @Test
  void look_atAVmThatDoesNotNameItsThreads_saysWhatToDo() {
    machine.state(50, 51, "qemu-system-x86", 'S', 0, 0);
    try (HostWatch watch = machine.watch()) {
      machine.passMs(1000);
      assertThat(String.join(" ", watch.look().notes())).contains("debug-threads=on");
    }
  }
}
