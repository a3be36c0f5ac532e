package dev.stint.host.control;

/// Who is likely to write to a cgroup too, told by its name: the kernel does not say.
final class Rival {
  private Rival() {}

  static String of(ControlFile file) {
    String group = file.group();
    if (group.contains("kubepods")) {
      return "A kubelet made this cgroup: set the pod's resources instead.";
    }
    if (group.contains("libvirt") || group.contains("machine-qemu")) {
      return "libvirt or systemd made this cgroup: try virsh schedinfo or vcpupin instead.";
    }
    if (group.matches(".*\\.(slice|scope|service)(/.*)?")) {
      return "systemd made this cgroup: try systemctl set-property instead.";
    }
    return "Its name does not tell who made it.";
  }
}
