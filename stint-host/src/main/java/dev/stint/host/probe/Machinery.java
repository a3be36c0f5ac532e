package dev.stint.host.probe;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Numbers;
import dev.stint.host.Probe;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.trace.TraceInstance;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a machine has for scheduling and for measuring it, and what each command can do with it.
public final class Machinery {
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
  private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{16})$");
  private static final int EEVDF_MAJOR = 6;
  private static final int EEVDF_MINOR = 6;

  private static final List<String> PROGRAMS = List.of("usr/local/bin/", "usr/bin/", "bin/");

  /// Bits of `CapEff` (capabilities(7)).
  private static final int CAP_SYS_ADMIN = 21;

  private static final int CAP_SYS_NICE = 23;
  private static final int CAP_PERFMON = 38;

  private final HostFiles files;
  private final String log;
  private final List<String> kernels;
  private final Cgroups cgroups;

  /// @param files of the machine
  /// @param log of its kernel; empty where it cannot be read
  /// @param kernels releases of the kernels that were downloaded to be booted
  public Machinery(HostFiles files, String log, List<String> kernels) {
    this.files = files;
    this.log = log;
    this.kernels = List.copyOf(kernels);
    cgroups = Cgroups.of(files);
  }

  /// All answers, in a fixed order.
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            "simulation", new Probe.Supported("run and compare need none of what follows")));
    findings.add(new Finding("linux", kernel()));
    findings.addAll(new HypervisorProbes(files, log).findings());
    Probe cpu = controller("cpu");
    Probe cpuset = controller("cpuset");
    Probe writing = writing();
    Probe traces = traces();
    findings.add(new Finding("cgroup cpu", cpu));
    findings.add(new Finding("cgroup cpuset", cpuset));
    findings.add(new Finding("cgroup writing", writing));
    findings.add(new Finding("systemd", systemd()));
    findings.add(new Finding("tracefs", traces));
    findings.add(
        new Finding(
            "pressure",
            readable("proc/pressure/cpu", "the kernel has no PSI, or booted with psi=0")));
    findings.add(new Finding("schedstats", schedstats()));
    findings.add(new Finding("perf", perf()));
    findings.add(
        new Finding(
            "btf",
            readable("sys/kernel/btf/vmlinux", "the kernel was built without type information")));
    findings.add(new Finding("sched-debug", schedDebug()));
    findings.add(new Finding("validate", validate(cpu, cpuset, writing)));
    findings.add(new Finding("validate --under", standIn(cpu, cpuset, writing)));
    findings.add(new Finding("validate --kernel", emulator()));
    findings.add(new Finding("observe", observe(traces)));
    findings.add(new Finding("apply", apply(cpu, writing)));
    return List.copyOf(findings);
  }

  private Probe kernel() {
    String release = text("proc/sys/kernel/osrelease").orElse("");
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      return new Probe.Unsupported("this is not Linux, or /proc is not mounted");
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    boolean eevdf = major > EEVDF_MAJOR || (major == EEVDF_MAJOR && minor >= EEVDF_MINOR);
    String shown = shown(release);
    return new Probe.Supported(
        shown + (eevdf ? ", schedules by EEVDF" : ", schedules by CFS, the model's by 6.1"));
  }

  private Probe controller(String name) {
    if (cgroups.layout() == Cgroups.Layout.NONE) {
      return new Probe.Unsupported("no cgroups are mounted");
    }
    Optional<Hierarchy> found = cgroups.of(name);
    return found.isPresent()
        ? new Probe.Supported(
            "version " + found.get().version() + " at /" + shown(found.get().point()))
        : new Probe.Unsupported("no mounted hierarchy has the " + name + " controller");
  }

  /// At the root, or below a cgroup that was delegated to this user.
  private Probe writing() {
    Optional<Hierarchy> cpu = cgroups.of("cpu");
    if (cpu.isEmpty()) {
      return new Probe.Unsupported("there is no hierarchy with the cpu controller");
    }
    for (String group : List.of("", cpu.get().own())) {
      String path = cpu.get().path(group);
      if (cpu.get().writable() && Files.isWritable(files.path(path))) {
        return new Probe.Supported("cgroups can be made at /" + shown(path));
      }
    }
    return cpu.get().writable()
        ? new Probe.Unavailable("needs root, or a cgroup delegated to this user")
        : new Probe.Unavailable("/" + shown(cpu.get().point()) + " is mounted read-only");
  }

  private Probe systemd() {
    return Files.isDirectory(files.path("run/systemd/system"))
        ? new Probe.Supported("it manages the cgroups: own ones belong below Delegate=yes")
        : new Probe.Unsupported("nobody else manages the cgroups");
  }

  private Probe traces() {
    Optional<String> tracefs = TraceInstance.tracefs(files);
    if (tracefs.isEmpty()) {
      return new Probe.Unavailable("not mounted: mount -t tracefs tracefs /sys/kernel/tracing");
    }
    return Files.isWritable(files.path(tracefs.get() + "/instances"))
        ? new Probe.Supported("scheduler events by an instance of our own")
        : new Probe.Unavailable("no permission for /" + shown(tracefs.get()) + "/instances");
  }

  private Probe readable(String path, String absent) {
    if (!Files.exists(files.path(path))) {
      return new Probe.Unsupported(absent);
    }
    return Files.isReadable(files.path(path))
        ? new Probe.Supported("/" + path)
        : new Probe.Unavailable("no permission for /" + path);
  }

  private Probe schedstats() {
    return switch (text("proc/sys/kernel/sched_schedstats").orElse("")) {
      case "1" -> new Probe.Supported("kernel.sched_schedstats is 1");
      case "" -> new Probe.Unsupported("the kernel was built without schedstats");
      default -> new Probe.Unavailable("set kernel.sched_schedstats to 1, as root");
    };
  }

  private Probe perf() {
    OptionalLong level = Numbers.parse(text("proc/sys/kernel/perf_event_paranoid").orElse(""));
    if (level.isEmpty()) {
      return new Probe.Unsupported("the kernel has no perf events");
    }
    String reason = "kernel.perf_event_paranoid is " + level.getAsLong();
    if (level.getAsLong() <= -1) {
      return new Probe.Supported(reason);
    }
    return capable(CAP_PERFMON) || capable(CAP_SYS_ADMIN)
        ? new Probe.Supported(reason + ", and this process has CAP_PERFMON")
        : new Probe.Unavailable(reason + ": scheduler events need CAP_PERFMON");
  }

  /// Whether this process has a capability.
  private boolean capable(int bit) {
    Matcher matcher = CAPABILITIES.matcher(text("proc/self/status").orElse(""));
    return matcher.find() && (Long.parseUnsignedLong(matcher.group(1), 16) >> bit & 1) == 1;
  }

  private Probe schedDebug() {
    String mounts = text("proc/self/mountinfo").orElse("");
    if (!mounts.contains(" - debugfs ")) {
      return new Probe.Unavailable("mount -t debugfs debugfs /sys/kernel/debug, as root");
    }
    if (!Files.isReadable(files.path("sys/kernel/debug"))) {
      return new Probe.Unavailable("no permission for /sys/kernel/debug");
    }
    return readable("sys/kernel/debug/sched", "the kernel shows none in debugfs");
  }

  // --- Commands ---

  private static Probe validate(Probe cpu, Probe cpuset, Probe writing) {
    if (!cpu.supported() || !cpuset.supported()) {
      return new Probe.Unsupported("needs cgroups with the cpu and cpuset controllers");
    }
    return writing.supported()
        ? new Probe.Supported("runs loads in cgroups of its own")
        : new Probe.Unavailable(writing.reason());
  }

  /// As the stand-in for the hypervisor needs it: it freezes cgroups of version 2, on time.
  private Probe standIn(Probe cpu, Probe cpuset, Probe writing) {
    Probe loads = validate(cpu, cpuset, writing);
    if (!loads.supported()) {
      return loads;
    }
    if (cgroups.version2().isEmpty()) {
      return new Probe.Unavailable(
          "VPs are frozen by cgroups of version 2: mount -t cgroup2 cgroup2 DIRECTORY, as root");
    }
    return capable(CAP_SYS_NICE)
        ? new Probe.Supported("an agent stands in for the hypervisor")
        : new Probe.Unavailable("its agent runs in real time, which needs CAP_SYS_NICE");
  }

  private Probe emulator() {
    List<String> missing = new ArrayList<>();
    if (!installed("qemu-system-x86_64")) {
      missing.add("qemu-system-x86");
    }
    if (!installed("gcc")) {
      missing.add("gcc");
    }
    if (!missing.isEmpty()) {
      return new Probe.Unavailable("apt-get install " + String.join(" ", missing));
    }
    String versions =
        kernels.stream()
            .map(release -> release.replaceAll("[+-].*", ""))
            .collect(Collectors.joining(", "));
    return new Probe.Supported(
        kernels.isEmpty()
            ? "needs no root; .ci/kernels 6.18 downloads a kernel"
            : "needs no root; Linux " + shown(versions) + " to boot");
  }

  private boolean installed(String program) {
    return PROGRAMS.stream().anyMatch(place -> Files.exists(files.path(place + program)));
  }

  private Probe observe(Probe traces) {
    if (text("proc/stat").isEmpty()) {
      return new Probe.Unsupported("/proc/stat cannot be read");
    }
    return new Probe.Supported(
        traces.supported()
            ? "run, wait, throttled; wake-up latency with --latency"
            : "run, wait, throttled; --latency needs root and tracefs");
  }

  private static Probe apply(Probe cpu, Probe writing) {
    if (!cpu.supported()) {
      return new Probe.Unsupported("needs cgroups with the cpu controller");
    }
    return writing.supported()
        ? new Probe.Supported("writes and restores weights, limits and cpusets")
        : new Probe.Unavailable(writing.reason());
  }

  private Optional<String> text(String path) {
    return switch (files.read(path)) {
      case Text.Read(String text) -> Optional.of(text.strip());
      case Text.Unreadable _ -> Optional.empty();
    };
  }

  /// What a file said, fit to be shown in a line: short, and without control characters.
  static String shown(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 40 ? plain.substring(0, 40) + "..." : plain;
  }
}
