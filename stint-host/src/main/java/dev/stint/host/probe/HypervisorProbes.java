package dev.stint.host.probe;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Probe;
import dev.stint.host.proc.CpuTicks;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which hypervisor a machine is under, as what, and whether it tells of the time that it takes.
public final class HypervisorProbes {
  private static final Pattern DETECTED = Pattern.compile("Hypervisor detected: ([^\\n]{1,40})");
  private static final Pattern PARTITION =
      Pattern.compile("Hyper-V: [Rr]unning as (?:a )?(root|L1VH|nested)\\b");
  private static final Pattern SCHEDULER = Pattern.compile("Hypervisor using ([^\\n]{1,40})");

  private final HostFiles files;
  private final String log;

  /// @param files of the machine
  /// @param log of its kernel; empty where it is not read
  public HypervisorProbes(HostFiles files, String log) {
    this.files = files;
    this.log = log;
  }

  /// What makes steal visible.
  private enum Kind {
    NONE,
    HYPERV,
    /// They have a steal clock.
    KVM,
    XEN,
    OTHER
  }

  List<Finding> findings() {
    Optional<String> name = name();
    Kind kind = kind(name);
    return List.of(
        new Finding(
            "hypervisor",
            name.<Probe>map(found -> new Probe.Supported("under " + Machinery.shown(found)))
                .orElseGet(() -> new Probe.Unsupported("none below, or it does not show itself"))),
        new Finding("partition", partition(kind)),
        new Finding("hv scheduler", scheduler(kind)),
        new Finding("steal", steal(kind)),
        new Finding("mshv", device("mshv", "no parent under Microsoft Hypervisor")),
        new Finding("mshv debugfs", debugfs()),
        new Finding("kvm", device("kvm", "no virtualization, or no driver")));
  }

  /// Why nothing can be known of what the hypervisor takes; absent if it is told, or may be.
  public Optional<String> silentOnSteal() {
    Kind kind = kind(name());
    return kind == Kind.HYPERV && steal(kind) instanceof Probe.Unsupported(String reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /// By what the kernel logged, or Xen's files, the firmware's names, or the clock in use.
  private Optional<String> name() {
    Matcher detected = DETECTED.matcher(log);
    if (detected.find()) {
      return Optional.of(detected.group(1).strip());
    }
    Optional<String> type = text("sys/hypervisor/type").filter(text -> !text.isEmpty());
    if (type.isPresent()) {
      return type;
    }
    String clock =
        text("sys/devices/system/clocksource/clocksource0/available_clocksource").orElse("");
    if (clock.contains("kvm-clock")) {
      return Optional.of("KVM");
    }
    if (clock.contains("hyperv")) {
      return Optional.of("Microsoft Hyper-V");
    }
    boolean flagged =
        text("proc/cpuinfo").filter(text -> text.matches("(?s).*\\bhypervisor\\b.*")).isPresent();
    if (!flagged) {
      return Optional.empty();
    }
    String vendor = text("sys/class/dmi/id/sys_vendor").orElse("");
    String product = text("sys/class/dmi/id/product_name").orElse("");
    if (vendor.equals("Microsoft Corporation") && product.equals("Virtual Machine")) {
      return Optional.of("Microsoft Hyper-V");
    }
    return Optional.of(vendor.isEmpty() ? "one that does not name itself" : "one named " + vendor);
  }

  private static Kind kind(Optional<String> name) {
    String found = name.orElse("");
    if (found.isEmpty()) {
      return Kind.NONE;
    }
    if (found.contains("Hyper-V")) {
      return Kind.HYPERV;
    }
    if (found.contains("KVM") || found.contains("QEMU")) {
      return Kind.KVM;
    }
    return found.toLowerCase(Locale.ROOT).contains("xen") ? Kind.XEN : Kind.OTHER;
  }

  private Probe partition(Kind kind) {
    if (kind != Kind.HYPERV) {
      return new Probe.Unsupported("not under Microsoft Hypervisor");
    }
    if (log.isEmpty()) {
      return new Probe.Unavailable("unknown: the kernel's log needs root");
    }
    Matcher matcher = PARTITION.matcher(log);
    if (matcher.find()) {
      return new Probe.Supported("the " + matcher.group(1) + " partition");
    }
    return log.contains("Hyper-V: ")
        ? new Probe.Supported("a guest: the kernel's log names no other kind")
        : new Probe.Unavailable("unknown: the kernel's log does not reach back to the start");
  }

  private Probe scheduler(Kind kind) {
    if (kind != Kind.HYPERV) {
      return new Probe.Unsupported("not under Microsoft Hypervisor");
    }
    Matcher matcher = SCHEDULER.matcher(log);
    return matcher.find()
        ? new Probe.Supported(Machinery.shown(matcher.group(1).strip()))
        : new Probe.Unavailable("unknown: only a parent's driver mshv logs it, for root");
  }

  private Probe steal(Kind kind) {
    Map<Integer, CpuTicks> cpus = CpuTicks.read(files).known().orElse(Map.of());
    if (cpus.values().stream().anyMatch(cpu -> cpu.steal() > 0)) {
      return new Probe.Supported("/proc/stat tells of stolen time");
    }
    return switch (kind) {
      case NONE -> new Probe.Unsupported("nobody below to take time");
      case HYPERV -> new Probe.Unsupported("Microsoft Hypervisor does not tell Linux of it");
      case KVM, XEN ->
          cpus.isEmpty()
              ? new Probe.Unavailable("unknown: /proc/stat cannot be read")
              : new Probe.Unavailable("unknown: no time was stolen yet, or it is not told");
      case OTHER -> new Probe.Unavailable("unknown: no time was stolen yet, or it is not told");
    };
  }

  private Probe device(String name, String absent) {
    if (!Files.exists(files.path("dev/" + name))) {
      return new Probe.Unsupported("there is no /dev/" + name + ": " + absent);
    }
    boolean usable =
        Files.isReadable(files.path("dev/" + name)) && Files.isWritable(files.path("dev/" + name));
    return usable
        ? new Probe.Supported("/dev/" + name)
        : new Probe.Unavailable("no permission for /dev/" + name);
  }

  private Probe debugfs() {
    String path = "sys/kernel/debug/mshv";
    if (!Files.exists(files.path("dev/mshv"))) {
      return new Probe.Unsupported("there is no /dev/mshv");
    }
    return Files.isReadable(files.path(path)) && !files.list(path).isEmpty()
        ? new Probe.Supported("counters of the hypervisor at /" + path)
        : new Probe.Unavailable("no /" + path + ": not mounted, an older driver, or not root");
  }

  private Optional<String> text(String path) {
    return switch (files.read(path)) {
      case Text.Read(String text) -> Optional.of(text.strip());
      case Text.Unreadable _ -> Optional.empty();
    };
  }
}
