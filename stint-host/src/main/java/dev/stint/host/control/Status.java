package dev.stint.host.control;

import dev.stint.host.control.Journal.Entry;
import dev.stint.host.control.JournalRecord.Begin;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is applied, and what others made of it since.
///
/// @param policy the file's name of the last application
/// @param owns its subtree
/// @param sinceMs when it began, since 1970
/// @param interrupted whether it was neither finished nor taken back
/// @param lines one for each file that is written, in the order of the writes
public record Status(
    String policy, String owns, long sinceMs, boolean interrupted, List<Line> lines) {
  /// Copies the list.
  public Status {
    lines = List.copyOf(lines);
  }

  /// A file that is written.
  ///
  /// @param file that is written
  /// @param before what it read before the first application
  /// @param applied what it read after the last
  /// @param now what it reads, or why it cannot be read
  /// @param readable whether it can
  public record Line(
      ControlFile file, String before, String applied, String now, boolean readable) {
    /// Whether it reads otherwise than applied, or is gone.
    public boolean drifted() {
      return !readable || !now.equals(applied);
    }
  }

  /// Compares a journal with its files.
  public static Status of(ControlFiles files, Journal journal) {
    Map<ControlFile, Line> lines = new LinkedHashMap<>();
    for (Entry entry : journal.entries()) {
      if (entry.undone() || entry.will().kind() != Change.Kind.WRITE) {
        continue;
      }
      ControlFile file = entry.will().file();
      Line first = lines.get(file);
      String before = first == null ? entry.will().old().strip() : first.before();
      lines.put(file, line(files, entry, before));
    }
    Begin begin = journal.begin().orElse(new Begin(0, "", "", ""));
    return new Status(
        begin.policy(),
        journal.owns(),
        begin.startedMs(),
        journal.interrupted(),
        List.copyOf(lines.values()));
  }

  private static Line line(ControlFiles files, Entry entry, String before) {
    ControlFile file = entry.will().file();
    String applied = KnobText.normal(file, entry.expected());
    try {
      if (!files.identity(file).equals(entry.will().identity())) {
        return new Line(file, before, applied, "another cgroup has the name now", false);
      }
      String now = KnobText.normal(file, files.read(file));
      return new Line(file, before, applied, now, true);
    } catch (IOException e) {
      return new Line(file, before, applied, KernelAnswer.words(e), false);
    }
  }

  /// Whether anything reads otherwise than applied.
  public boolean drifted() {
    return lines.stream().anyMatch(Line::drifted);
  }
}
