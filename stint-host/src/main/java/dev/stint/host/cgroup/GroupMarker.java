package dev.stint.host.cgroup;

import dev.stint.host.HostFiles;
import dev.stint.host.proc.ThreadStat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name that what Stint makes on a host carries: of its process, so that a later one knows
/// whether it is still in use.
///
/// @param pid of the process
/// @param startTicks when it started, in clock ticks since boot: a number is used again, but not
///   with the same start
public record GroupMarker(long pid, long startTicks) {
  private static final Pattern NAME = Pattern.compile("stint-(\\d{1,10})-(\\d{1,18})");

  /// Of the running process.
  ///
  /// @param files of this machine
  public static GroupMarker ofThisProcess(HostFiles files) {
    long pid = ProcessHandle.current().pid();
    return new GroupMarker(pid, startTicks(files, pid).orElse(0));
  }

  /// Reads a name.
  public static Optional<GroupMarker> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new GroupMarker(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /// Whether its process has ended. A process that cannot be looked at counts as alive.
  public boolean dead(HostFiles files) {
    OptionalLong start = startTicks(files, pid);
    return start.isPresent()
        ? start.getAsLong() != startTicks
        : !files.list("proc").isEmpty() && !files.list("proc").contains(Long.toString(pid));
  }

  /// `stint-PID-START`.
  public String name() {
    return "stint-" + pid + "-" + startTicks;
  }

  private static OptionalLong startTicks(HostFiles files, long pid) {
    Optional<ThreadStat> stat = ThreadStat.read(files, pid).known();
    return stat.isPresent() ? OptionalLong.of(stat.get().startTicks()) : OptionalLong.empty();
  }
}
