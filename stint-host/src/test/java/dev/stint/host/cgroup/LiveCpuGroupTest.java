package dev.stint.host.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.host.HostFiles;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// On this machine's kernel, where it lets us.
final class LiveCpuGroupTest {
  private final HostFiles files = HostFiles.ofThisMachine();

  @Test
  void group_onThisKernel_takesKnobsAndAProcess_andIsGoneAfterwards() throws IOException {
    CpuGroup gold;
    try (OwnedGroups groups = LiveGroups.open("cpu", "cpuset")) {
      gold = groups.top().child("gold");
      gold.weight(new GroupWeight.OfWeight(300));
      gold.quota(new Quota(50_000_000, 100_000_000, 20_000_000));
      gold.cpus(CpuSet.of(0));
      assertThat(gold.effectiveCpus()).hasValue(CpuSet.of(0));
      assertThat(gold.stat().periods()).isPresent();
      assertThatThrownBy(() -> gold.cpus(CpuSet.of(5000))).isInstanceOf(CgroupRefused.class);
      Process process = new ProcessBuilder("sleep", "60").start();
      try {
        groups.top().addProcess(process.pid());
        gold.addThread(process.pid());
        assertThat(Files.readString(files.path("proc/" + process.pid() + "/cgroup")))
            .contains("/gold");
      } finally {
        process.destroyForcibly();
      }
    }
    assertThat(Files.exists(files.path(gold.path("cpu")))).isFalse();
    assertThat(Files.exists(files.path(gold.path("cpuset")))).isFalse();
  }
}
