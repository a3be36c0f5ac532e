package dev.stint.host.proc;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.Reading;
import java.util.Optional;
import java.util.OptionalLong;

/// How often a thread left its CPU, of its `status`.
///
/// @param voluntary to sleep
/// @param involuntary preempted or throttled
public record ThreadSwitches(long voluntary, long involuntary) {
  /// Those of a thread.
  ///
  /// @param pid of its process
  public static Reading<ThreadSwitches> read(HostFiles files, long pid, long tid) {
    return Reading.of(files, "proc/" + pid + "/task/" + tid + "/status", ThreadSwitches::parse);
  }

  /// Reads the text of a `status`.
  public static Optional<ThreadSwitches> parse(String text) {
    OptionalLong voluntary = field(text, "voluntary_ctxt_switches:");
    OptionalLong involuntary = field(text, "nonvoluntary_ctxt_switches:");
    return voluntary.isEmpty() || involuntary.isEmpty()
        ? Optional.empty()
        : Optional.of(new ThreadSwitches(voluntary.getAsLong(), involuntary.getAsLong()));
  }

  private static OptionalLong field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> Numbers.count(line.substring(name.length())))
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  /// What passed since an earlier look.
  public ThreadSwitches since(ThreadSwitches earlier) {
    return new ThreadSwitches(voluntary - earlier.voluntary, involuntary - earlier.involuntary);
  }
}
