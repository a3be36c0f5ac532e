package dev.stint.scenario.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was wrong with a trace: for each kind of problem its first place and how often it occurred.
public final class TraceWarnings {
  private final String name;
  private final Map<TraceProblem, Entry> entries = new TreeMap<>();

  private record Entry(long line, long count, String what, String consequence) {
    Entry again(long more) {
      return new Entry(line, count + more, what, consequence);
    }
  }

  TraceWarnings(String name) {
    this.name = name;
  }

  void add(TraceProblem problem, long line, String what, String consequence) {
    add(problem, line, 1, what, consequence);
  }

  void add(TraceProblem problem, long line, long count, String what, String consequence) {
    Entry known = entries.get(problem);
    entries.put(
        problem, known == null ? new Entry(line, count, what, consequence) : known.again(count));
  }

  /// How often this occurred.
  public long count(TraceProblem problem) {
    Entry entry = entries.get(problem);
    return entry == null ? 0 : entry.count();
  }

  /// One line a kind: `FILE:LINE: what (and n more). What it means.`
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    entries.forEach((problem, entry) -> {
      String more = entry.count() > 1 ? " (" + entry.count() + " in all)" : "";
      lines.add(
          name
              + ":"
              + entry.line()
              + ": "
              + entry.what()
              + more
              + ". "
              + entry.consequence()
              + ".");
    });
    return lines;
  }
}
