package dev.stint.host.proc;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.Reading;
import java.util.Optional;
import java.util.OptionalLong;

/// What a process or thread is, of its `stat` (proc_pid_stat(5)).
///
/// @param comm its name, of at most 15 bytes, which may be anything
/// @param state `R`, `S`, `D`, ...
/// @param parent the process that made it
/// @param nice -20 to 19
/// @param threads of its process
/// @param startTicks since boot, which tells it from a later one with the same number
/// @param processor where it ran last
public record ThreadStat(
    String comm, char state, long parent, int nice, int threads, long startTicks, int processor) {
  private static final int STATE = 3;
  private static final int PARENT = 4;
  private static final int NICE = 19;
  private static final int THREADS = 20;
  private static final int START = 22;
  private static final int PROCESSOR = 39;

  /// Of a process.
  public static Reading<ThreadStat> read(HostFiles files, long pid) {
    return Reading.of(files, "proc/" + pid + "/stat", ThreadStat::parse);
  }

  /// Of a thread.
  public static Reading<ThreadStat> read(HostFiles files, long pid, long tid) {
    return Reading.of(files, "proc/" + pid + "/task/" + tid + "/stat", ThreadStat::parse);
  }

  /// Reads the text of a `stat`.
  public static Optional<ThreadStat> parse(String text) {
    int from = text.indexOf('(');
    int to = text.lastIndexOf(')');
    if (from < 0 || to < from) {
      return Optional.empty();
    }
    String[] fields = text.substring(to + 1).strip().split(" ");
    if (fields.length <= PROCESSOR - STATE || fields[0].length() != 1) {
      return Optional.empty();
    }
    OptionalLong parent = Numbers.count(fields[PARENT - STATE]);
    OptionalLong nice = Numbers.parse(fields[NICE - STATE]);
    OptionalLong threads = Numbers.count(fields[THREADS - STATE]);
    OptionalLong start = Numbers.count(fields[START - STATE]);
    OptionalLong processor = Numbers.count(fields[PROCESSOR - STATE]);
    if (parent.isEmpty() || start.isEmpty() || Math.abs(nice.orElse(99)) > 20) {
      return Optional.empty();
    }
    if (Math.max(threads.orElse(Long.MAX_VALUE), processor.orElse(Long.MAX_VALUE))
        > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        new ThreadStat(
            text.substring(from + 1, to),
            fields[0].charAt(0),
            parent.getAsLong(),
            (int) nice.getAsLong(),
            (int) threads.getAsLong(),
            start.getAsLong(),
            (int) processor.getAsLong()));
  }
}
