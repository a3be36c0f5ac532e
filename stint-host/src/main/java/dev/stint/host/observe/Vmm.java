package dev.stint.host.observe;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that runs virtual machines, known by its executable and by the names that it gives to
/// its vCPU threads.
public enum Vmm {
  /// `qemu-system-x86_64 -name guest=a,debug-threads=on`: `CPU 0/KVM`, `CPU 0/TCG`.
  QEMU("qemu-system-.*|qemu-kvm|kvm", "CPU (\\d{1,5})/(?:KVM|TCG)", true),
  /// `cloud-hypervisor`: `vcpu0`.
  CLOUD_HYPERVISOR("cloud-hypervisor(?:-static)?", "vcpu(\\d{1,5})", false),
  /// `firecracker --id a`: `fc_vcpu 0`.
  FIRECRACKER("firecracker(?:-v.*)?", "fc_vcpu (\\d{1,5})", true);

  private final Pattern executable;
  private final Pattern vcpu;
  private final boolean unmistakable;

  Vmm(String executable, String vcpu, boolean unmistakable) {
    this.executable = Pattern.compile(executable);
    this.vcpu = Pattern.compile(vcpu);
    this.unmistakable = unmistakable;
  }

  /// The one that a process is.
  ///
  /// @param arguments of the process, its program first
  /// @param comms names of its threads
  static Optional<Vmm> of(List<String> arguments, List<String> comms) {
    String program = arguments.isEmpty() ? "" : arguments.getFirst();
    String file = program.substring(program.lastIndexOf('/') + 1);
    for (Vmm vmm : values()) {
      if (vmm.executable.matcher(file).matches()) {
        return Optional.of(vmm);
      }
    }
    for (Vmm vmm : values()) {
      if (vmm.unmistakable && comms.stream().anyMatch(comm -> vmm.vp(comm) >= 0)) {
        return Optional.of(vmm);
      }
    }
    return Optional.empty();
  }

  /// The number of the VP that a thread carries, or -1.
  int vp(String comm) {
    Matcher matcher = vcpu.matcher(comm);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  /// What the user calls the VM; the process's number where the command line does not say.
  String name(List<String> arguments, long pid) {
    Optional<String> named =
        switch (this) {
          case QEMU -> option(arguments, "-name", "--name").map(Vmm::ofQemu);
          case CLOUD_HYPERVISOR ->
              option(arguments, "--api-socket", "--api-socket").map(Vmm::ofSocket);
          case FIRECRACKER -> option(arguments, "--id", "--id");
        };
    return named.map(Vmm::plain).filter(name -> !name.isEmpty()).orElse("vm-" + pid);
  }

  private static Optional<String> option(List<String> arguments, String one, String other) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(one + "=")) {
        return Optional.of(argument.substring(one.length() + 1));
      }
      boolean named = argument.equals(one) || argument.equals(other);
      if (named && i + 1 < arguments.size()) {
        return Optional.of(arguments.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /// `guest=a,debug-threads=on` or `a,debug-threads=on`.
  private static String ofQemu(String text) {
    for (String part : text.split(",")) {
      if (part.startsWith("guest=")) {
        return part.substring("guest=".length());
      }
    }
    String first = text.split(",", 2)[0];
    return first.contains("=") ? "" : first;
  }

  /// `/run/a.sock` or `path=/run/a.sock`.
  private static String ofSocket(String text) {
    String path = text.startsWith("path=") ? text.substring("path=".length()) : text;
    String file = path.split(",", 2)[0];
    file = file.substring(file.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /// Without what would not be a name in a path or on a terminal.
  private static String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_.:@+-]", "_");
    return plain.substring(0, Math.min(plain.length(), 64));
  }
}
