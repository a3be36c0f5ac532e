package dev.stint.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a machine has for scheduling and for measuring it, found by looking at files: nothing is
/// written, nothing is loaded, no privilege is needed.
final class Machinery {
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
  private static final int EEVDF_MAJOR = 6;
  private static final int EEVDF_MINOR = 6;

  private final Path root;

  /// @param root of the file system to look at
  Machinery(Path root) {
    this.root = root;
  }

  /// Whether something can be had.
  enum State {
    SUPPORTED("Supported"),
    /// It cannot be had here.
    UNSUPPORTED("Unsupported"),
    /// It is there, but not for this user, or not now.
    UNAVAILABLE("Unavailable");

    private final String text;

    State(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /// @param reason why; for what is supported, what it is
  record Finding(String name, State state, String reason) {}

  List<Finding> findings() {
    return List.of(
        new Finding("simulation", State.SUPPORTED, "run and compare need none of what follows"),
        kernel(),
        controller("cpu"),
        controller("cpuset"),
        writing(),
        device("mshv", "no parent under Microsoft Hypervisor"),
        device("kvm", "no virtualization, or no driver"),
        readable("pressure", "proc/pressure/cpu", "the kernel has no PSI, or booted with psi=0"),
        schedstats(),
        perf(),
        readable("btf", "sys/kernel/btf/vmlinux", "the kernel was built without type information"),
        readable(
            "sched-debug", "sys/kernel/debug/sched", "debugfs is not mounted or not readable"));
  }

  private Finding kernel() {
    String release = text("proc/sys/kernel/osrelease").orElse("");
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      return new Finding("linux", State.UNSUPPORTED, "this is not Linux, or /proc is not mounted");
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    boolean eevdf = major > EEVDF_MAJOR || (major == EEVDF_MAJOR && minor >= EEVDF_MINOR);
    return eevdf
        ? new Finding("linux", State.SUPPORTED, release + ", schedules by EEVDF")
        : new Finding("linux", State.UNSUPPORTED, release + " is older than 6.6, without EEVDF");
  }

  private Finding controller(String name) {
    Optional<String> controllers = text("sys/fs/cgroup/cgroup.controllers");
    String what = "cgroup " + name;
    if (controllers.isEmpty()) {
      return new Finding(what, State.UNSUPPORTED, "there is no cgroup v2 at /sys/fs/cgroup");
    }
    return List.of(controllers.get().split("\\s+")).contains(name)
        ? new Finding(what, State.SUPPORTED, "the controller is at /sys/fs/cgroup")
        : new Finding(what, State.UNSUPPORTED, "not among the controllers of /sys/fs/cgroup");
  }

  private Finding writing() {
    Path control = root.resolve("sys/fs/cgroup/cgroup.subtree_control");
    if (!Files.exists(control)) {
      return new Finding(
          "cgroup writing", State.UNSUPPORTED, "there is no cgroup v2 at /sys/fs/cgroup");
    }
    return Files.isWritable(control)
        ? new Finding("cgroup writing", State.SUPPORTED, "cgroups can be made at /sys/fs/cgroup")
        : new Finding(
            "cgroup writing", State.UNAVAILABLE, "needs root, a delegated cgroup or a remount");
  }

  private Finding device(String name, String absent) {
    Path device = root.resolve("dev/" + name);
    if (!Files.exists(device)) {
      return new Finding(name, State.UNSUPPORTED, "there is no /dev/" + name + ": " + absent);
    }
    return Files.isReadable(device) && Files.isWritable(device)
        ? new Finding(name, State.SUPPORTED, "/dev/" + name)
        : new Finding(name, State.UNAVAILABLE, "no permission for /dev/" + name);
  }

  private Finding readable(String name, String path, String absent) {
    Path file = root.resolve(path);
    if (!Files.exists(file)) {
      return new Finding(name, State.UNSUPPORTED, absent);
    }
    return Files.isReadable(file)
        ? new Finding(name, State.SUPPORTED, "/" + path)
        : new Finding(name, State.UNAVAILABLE, "no permission for /" + path);
  }

  private Finding schedstats() {
    return switch (text("proc/sys/kernel/sched_schedstats").orElse("")) {
      case "1" -> new Finding("schedstats", State.SUPPORTED, "kernel.sched_schedstats is 1");
      case "" ->
          new Finding("schedstats", State.UNSUPPORTED, "the kernel was built without schedstats");
      default ->
          new Finding("schedstats", State.UNAVAILABLE, "set kernel.sched_schedstats to 1, as root");
    };
  }

  private Finding perf() {
    String level = text("proc/sys/kernel/perf_event_paranoid").orElse("");
    if (!level.matches("-?\\d{1,3}")) {
      return new Finding("perf", State.UNSUPPORTED, "the kernel has no perf events");
    }
    String reason = "kernel.perf_event_paranoid is " + level;
    return Integer.parseInt(level) <= -1
        ? new Finding("perf", State.SUPPORTED, reason)
        : new Finding("perf", State.UNAVAILABLE, reason + ": scheduler events need CAP_PERFMON");
  }

  private Optional<String> text(String path) {
    try {
      return Optional.of(Files.readString(root.resolve(path)).strip());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
