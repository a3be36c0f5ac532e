package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.stats.Ledger;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What a Linux 6.1 does, drawn: a letter is 4 ms (one tick at HZ=250) unless said otherwise.
final class CfsTimelineTest {
  private static final long MS = 1_000_000;
  private static final long TICK = 4 * MS;
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();

  private static LinuxBox box(int cpus, int hz) {
    return new LinuxBox(
        cpus, new LinuxConfig(KernelVersion.V6_1, hz, OptionalLong.empty(), false), 1);
  }

  @Test
  void twoHogs_equalNice_alternateEveryTick() {
    LinuxBox box = box(1, 250);
    box.task("a", 0, BUSY);
    box.task("b", 0, BUSY);
    box.run(48 * MS);
    assertThat(box.line(0, TICK, 48 * MS)).isEqualTo("BABABABABABA");
  }

  @Test
  void twoHogs_fineTicks_runHalfOfTheLatency() {
    LinuxBox box = box(1, 1000);
    box.task("a", 0, BUSY);
    box.task("b", 0, BUSY);
    box.run(48 * MS);
    assertThat(box.line(0, MS, 32 * MS)).isEqualTo("BBBAAABBBAAABBBAAABBBAAABBBAAABB");
  }

  @Test
  void twoHogs_nice0And5_runThreeTicksToOne() {
    LinuxBox box = box(1, 250);
    box.task("a", 0, BUSY);
    box.task("b", 5, BUSY);
    Ledger ledger = box.run(10_000 * MS);
    assertThat(box.line(0, TICK, 64 * MS)).isEqualTo("BAAABAAABAAABAAA");
    assertThat(LinuxBox.share(ledger, "a", 10_000 * MS)).isCloseTo(1024 / 1359.0, within(0.001));
  }

  @Test
  void sleeper_wakesBesideHog_preemptsAtOnce() {
    LinuxBox box = box(1, 250);
    box.task("h", 0, BUSY);
    box.task("p", 0, new WorkloadSpec.Periodic(2 * MS, 10 * MS, 2 * MS));
    Ledger ledger = box.run(1_000 * MS);
    int sleeper = box.entities().find("task:p");
    assertThat(ledger.metric(sleeper, Metric.START_LATENCY).percentiles().p50Ns()).isZero();
    assertThat(box.line(0, MS, 30 * MS)).isEqualTo("HHPPHHHHHHHHPPHHHHHHHHPPHHHHHH");
  }
}
