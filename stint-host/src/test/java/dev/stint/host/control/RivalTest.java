package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RivalTest {
  @ParameterizedTest
  @CsvSource({
    "kubepods.slice/kubepods-burstable.slice/kubepods-pod1.slice, kubelet",
    "kubepods/burstable/pod1, kubelet",
    "machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt, libvirt",
    "machine/qemu-1-web.libvirt-qemu, libvirt",
    "system.slice/pg.service, systemd",
    "system.slice/pg.service/child, systemd",
    "machine.slice/batch, systemd",
    "batch/web, Its name does not tell",
    "myslice/scope, Its name does not tell",
  })
  void rival_isGuessedFromTheGroupsName(String group, String guess) {
    assertThat(Rival.of(new ControlFile("cpu", group, "cpu.weight"))).contains(guess);
  }
}
