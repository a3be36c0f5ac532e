package dev.stint.host.proc;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.Reading;
import java.util.Optional;

/// What a thread got, as its `schedstat` says: the truth for CPU time, without what a hypervisor
/// stole.
///
/// @param runNs on a CPU
/// @param waitNs ready, on a runqueue
/// @param dispatches times it was put on a CPU
public record ThreadTimes(long runNs, long waitNs, long dispatches) {
  /// Those of a thread.
  ///
  /// @param pid of its process
  public static Reading<ThreadTimes> read(HostFiles files, long pid, long tid) {
    return Reading.of(files, path(pid, tid), ThreadTimes::parse);
  }

  /// The file, without a leading `/`.
  public static String path(long pid, long tid) {
    return "proc/" + pid + "/task/" + tid + "/schedstat";
  }

  /// Reads the text of a `schedstat`.
  public static Optional<ThreadTimes> parse(String text) {
    String[] fields = text.strip().split(" ");
    if (fields.length != 3) {
      return Optional.empty();
    }
    long[] counts = new long[3];
    for (int i = 0; i < 3; i++) {
      counts[i] = Numbers.count(fields[i]).orElse(-1);
      if (counts[i] < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(new ThreadTimes(counts[0], counts[1], counts[2]));
  }

  /// What passed since an earlier look.
  public ThreadTimes since(ThreadTimes earlier) {
    return new ThreadTimes(
        runNs - earlier.runNs, waitNs - earlier.waitNs, dispatches - earlier.dispatches);
  }
}
