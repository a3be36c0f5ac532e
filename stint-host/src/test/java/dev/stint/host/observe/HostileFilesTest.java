package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.Garbage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/// Files that are missing, huge, garbage, unreadable or gone between two looks: no look fails, and
/// no figure is one that the time cannot hold.
final class HostileFilesTest {
  private static final int LOOKS = 12;

  @TempDir private Path root;

  private SplittableRandom random;
  private Garbage garbage;
  private FakeMachine machine;

  @RepeatedTest(25)
  void looks_atSpoiledFiles_giveAccountsThatAddUp(RepetitionInfo info) throws IOException {
    random = new SplittableRandom(info.getCurrentRepetition());
    garbage = new Garbage(random);
    machine = new FakeMachine(root).withCgroups();
    fill(0);
    try (HostWatch watch = machine.watch()) {
      for (int look = 1; look <= LOOKS; look++) {
        machine.passMs(1 + random.nextInt(1000));
        if (random.nextInt(3) > 0) {
          fill(look);
        }
        for (int i = random.nextInt(6); i > 0; i--) {
          List<Path> files = files();
          spoil(files.get(random.nextInt(files.size())), watch);
        }
        check(watch.look());
        check(watch.total());
        assertThat(MetricsText.of(watch.total())).doesNotContain(" -");
        assertThat(ViewJson.text(watch.total(), "0")).doesNotContain(": -");
      }
    }
  }

  private void fill(int look) {
    machine.cpus(look * 80L, look * 20L, look);
    machine.group("vms/gold", "50000 100000", look * 10L, look * 4L, look * 200L);
    machine.group("vms", "max 100000", 0, 0, 0);
    machine.write("sys/fs/cgroup/vms/cpu.pressure", pressure(look));
    for (int vm = 0; vm < 3; vm++) {
      long pid = 50 + 10L * vm;
      machine.process(pid, "vms/gold", "qemu-system-x86_64", "-name", "vm" + vm);
      machine.thread(pid, pid, "qemu-system-x86", "vms/gold");
      machine.thread(pid, pid + 1, "CPU 0/KVM", "vms/gold");
      machine.times(pid, pid + 1, look * 300L, look * 200L, look * 9L);
      char state = random.nextBoolean() ? 'R' : 'S';
      machine.state(pid, pid + 1, "CPU 0/KVM", state, look % 2, look);
      machine.state(pid, pid, "qemu-system-x86", 'S', 0, 0);
    }
  }

  private static String pressure(int look) {
    return "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + look * 1000 + "\n";
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private void spoil(Path file, HostWatch watch) throws IOException {
    switch (random.nextInt(5)) {
      case 0 -> Files.delete(file);
      case 1 -> Files.writeString(file, "");
      case 2 -> Files.writeString(file, "9".repeat(5000));
      case 3 -> {
        // Opens, as a directory does, and cannot be read: put back at once for the next fill.
        Path aside = file.resolveSibling("aside");
        Files.move(file, aside);
        Files.createDirectory(file);
        check(watch.look());
        Files.delete(file);
        Files.move(aside, file);
        machine.passMs(1);
      }
      default -> Files.writeString(file, garbage.of(Files.readString(file)));
    }
  }

  private static void check(View view) {
    for (ViewEntity entity : view.entities()) {
      Account account = entity.account();
      assertThat(account.residualNs()).as(entity.path()).isZero();
      assertThat(
              List.of(
                  account.wallNs(),
                  account.runNs(),
                  account.queueNs(),
                  account.throttledNs(),
                  account.stolenNs(),
                  account.blockedNs(),
                  account.unknownNs()))
          .as(entity + " in " + view.wallNs())
          .allMatch(ns -> ns >= 0);
      boolean one = entity.kind() != ViewEntity.Kind.GROUP;
      if (one && entity.kind() != ViewEntity.Kind.PARTITION) {
        assertThat(account.wallNs()).as(entity.path()).isLessThanOrEqualTo(view.wallNs());
      }
    }
    assertThat(Rules.of(view)).isNotEmpty();
  }
}
