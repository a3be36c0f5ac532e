package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VmmTest {
  private static final List<String> NO_COMMS = List.of();

  @Test
  void qemu_isKnownByItsProgramAndNamedByItsOption() {
    List<String> libvirt =
        List.of("/usr/bin/qemu-system-x86_64", "-name", "guest=web-1,debug-threads=on", "-S");
    assertThat(Vmm.of(libvirt, NO_COMMS)).hasValue(Vmm.QEMU);
    assertThat(Vmm.QEMU.name(libvirt, 5)).isEqualTo("web-1");
    assertThat(Vmm.QEMU.name(List.of("qemu-kvm", "-name", "db,debug-threads=on"), 5))
        .isEqualTo("db");
    assertThat(Vmm.QEMU.name(List.of("qemu-kvm", "-name"), 5)).isEqualTo("vm-5");
    assertThat(Vmm.QEMU.name(List.of("kvm", "-name", "debug-threads=on"), 5)).isEqualTo("vm-5");
  }

  @Test
  void vcpuThreads_areNumbered() {
    assertThat(Vmm.QEMU.vp("CPU 3/KVM")).isEqualTo(3);
    assertThat(Vmm.QEMU.vp("CPU 12/TCG")).isEqualTo(12);
    assertThat(Vmm.QEMU.vp("qemu-system-x86")).isEqualTo(-1);
    assertThat(Vmm.CLOUD_HYPERVISOR.vp("vcpu7")).isEqualTo(7);
    assertThat(Vmm.FIRECRACKER.vp("fc_vcpu 1")).isEqualTo(1);
    assertThat(Vmm.FIRECRACKER.vp("fc_api")).isEqualTo(-1);
  }

  @Test
  void cloudHypervisor_isNamedByItsSocket() {
    List<String> arguments = List.of("cloud-hypervisor", "--api-socket", "/run/ch/blue.sock");
    assertThat(Vmm.of(arguments, NO_COMMS)).hasValue(Vmm.CLOUD_HYPERVISOR);
    assertThat(Vmm.CLOUD_HYPERVISOR.name(arguments, 9)).isEqualTo("blue");
    assertThat(Vmm.CLOUD_HYPERVISOR.name(List.of("x", "--api-socket=path=/a/b.c.sock"), 9))
        .isEqualTo("b.c");
  }

  @Test
  void firecracker_isNamedByItsId() {
    List<String> arguments = List.of("/opt/firecracker", "--id", "f 1\n");
    assertThat(Vmm.of(arguments, NO_COMMS)).hasValue(Vmm.FIRECRACKER);
    assertThat(Vmm.FIRECRACKER.name(arguments, 9)).isEqualTo("f_1_");
  }

  @Test
  void threadNames_unmistakable_tellTheProgramToo() {
    assertThat(Vmm.of(List.of("wrapper"), List.of("wrapper", "CPU 0/KVM"))).hasValue(Vmm.QEMU);
    assertThat(Vmm.of(List.of(), List.of("fc_vcpu 0"))).hasValue(Vmm.FIRECRACKER);
    assertThat(Vmm.of(List.of("worker"), List.of("vcpu0"))).isEmpty();
    assertThat(Vmm.of(List.of(), NO_COMMS)).isEmpty();
  }
}
