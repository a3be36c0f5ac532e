package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run --observe`: what processes inside the guests could read.
final class ObserveTest {
  @TempDir Path directory;
  private Shell shell = Shell.in(Path.of("."));

  @BeforeEach
  void scenario() {
    shell = Shell.in(directory).withSmallScenario();
  }

  @Test
  void directory_isLaidOutLikeTheRealOne() throws IOException {
    Shell.Answer answer = shell.stint("run", "small.yaml", "--observe", "guests");
    assertThat(answer.status()).as(answer.err()).isZero();
    Path guest = directory.resolve("guests/l1vh");
    assertThat(Files.readAllLines(guest.resolve("proc/stat")).getFirst())
        .matches("cpu  (\\d+ ){9}\\d+");
    assertThat(Files.readString(guest.resolve("sys/fs/cgroup/gold/cpu.stat")))
        .startsWith("usage_usec ");
    assertThat(Files.readString(guest.resolve("sys/fs/cgroup/gold/cpu.weight"))).isEqualTo("300\n");
    assertThat(Files.readString(guest.resolve("sys/fs/cgroup/gold/cpu.pressure")))
        .startsWith("some avg10=");
    assertThat(guest.resolve("vm-gold/proc/1000/schedstat")).exists();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("guests", "small.yaml");
    }
  }

  @Test
  void parent_seesDebugfsOfItsDriver() throws IOException {
    shell.stint("run", "small.yaml", "--under", "integrated", "--observe", "l1vh");
    Path mshv = directory.resolve("l1vh/l1vh/sys/kernel/debug/mshv");
    try (Stream<Path> top = Files.list(mshv)) {
      assertThat(top.map(path -> path.getFileName().toString())).containsExactly("partition");
    }
    assertThat(Files.readString(mshv.resolve("partition/self/stats")))
        .contains("PtNumberofActiveChildPartitions      : 2\n");
    try (Stream<Path> partitions = Files.list(mshv.resolve("partition"))) {
      assertThat(partitions.filter(path -> !path.endsWith("self")))
          .hasSize(2)
          .allSatisfy(child -> {
            assertThat(child.getFileName().toString()).matches("\\d+");
            assertThat(Files.readString(child.resolve("vp/1/stats")))
                .contains("\nVpHierarchicalSuspendTime                  : ");
          });
    }
    assertThat(directory.resolve("l1vh/l1vh/vm-gold/sys/kernel")).doesNotExist();
    shell.stint("run", "small.yaml", "--under", "root", "--observe", "root");
    mshv = directory.resolve("root/l1vh/sys/kernel/debug/mshv");
    assertThat(Files.readString(mshv.resolve("stats")))
        .startsWith("HvLogicalProcessors        : 2");
    assertThat(Files.readString(mshv.resolve("lp/1/stats")))
        .contains("LpRootVpIndex                   : 1\n");
    assertThat(mshv.resolve("partition/1/vp/0/stats")).exists();
    assertThat(mshv.resolve("partition/self")).doesNotExist();
    shell.stint("run", "small.yaml", "--under", "kvm", "--observe", "kvm");
    assertThat(directory.resolve("kvm/l1vh/proc/stat")).exists();
    assertThat(directory.resolve("kvm/l1vh/sys/kernel")).doesNotExist();
    assertThat(shell.stint("run", "small.yaml", "--under", "kvm", "--counters").out())
        .contains("no counters of it");
  }

  @Test
  void counters_areShownOnDemand_andChangeNoFigure() {
    String plain = shell.stint("run", "small.yaml").out();
    String counted = shell.stint("run", "small.yaml", "--counters").out();
    assertThat(counted).startsWith(plain).contains("dispatches/s", "l1vh/vm-gold/vp1", "\nlp1 ");
    assertThat(counted.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void output_namesEachFile() {
    Shell.Answer answer = shell.stint("run", "small.yaml", "--observe", "-");
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).startsWith("==> l1vh/proc/").contains("\n==> l1vh/vm-gold/proc/stat");
  }

  @Test
  void observing_changesNoFigure() {
    String plain = shell.stint("run", "small.yaml").out();
    assertThat(shell.stint("run", "small.yaml", "--observe", "guests").out()).isEqualTo(plain);
  }

  @Test
  void something_isNotReplacedWithoutForce() throws IOException {
    Files.createDirectory(directory.resolve("mine"));
    Files.writeString(directory.resolve("mine/note"), "keep");
    Shell.Answer refused = shell.stint("run", "small.yaml", "--observe", "mine");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--force");
    assertThat(directory.resolve("mine/l1vh")).doesNotExist();
    assertThat(shell.stint("run", "small.yaml", "--observe", "mine", "--force").status()).isZero();
    assertThat(Files.readString(directory.resolve("mine/note"))).isEqualTo("keep");
    assertThat(directory.resolve("mine/l1vh/proc/stat")).exists();
  }

  @Test
  void nonsense_isRefused() throws IOException {
    Files.writeString(directory.resolve("file"), "");
    for (String[] words :
        List.of(
            new String[] {"run", "small.yaml", "--observe", "file"},
            new String[] {"run", "small.yaml", "--observe", "no/where"},
            new String[] {"run", "small.yaml", "--observe", "-", "--json", "-"},
            new String[] {"compare", "small.yaml", "--observe", "-"})) {
      assertThat(shell.stint(words).status()).isEqualTo(2);
    }
  }
}
