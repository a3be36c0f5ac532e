package dev.stint.testkit;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Draws who held a processor as text: one letter a step, `.` for idle: `AAAABB..AAAA`.
///
/// A letter is the last letter or digit of the holder's path, in upper case. A step shows who held
/// the processor at its start, after all that happened at that instant.
public final class Timeline implements TraceSink {
  private record Holder(long fromNs, int entity) {}

  private final Entities entities;
  private final Map<Integer, List<Holder>> holders = new TreeMap<>();

  /// A timeline of the run whose entities these are.
  public Timeline(Entities entities) {
    this.entities = entities;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (kind == TraceKind.SWITCH) {
      holders.computeIfAbsent(a, _ -> new ArrayList<>()).add(new Holder(timeNs, c));
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  /// The processor's line from 0 to `untilNs` in steps of `stepNs`.
  public String draw(String processorPath, long stepNs, long untilNs) {
    List<Holder> list = holders.getOrDefault(entities.find(processorPath), List.of());
    StringBuilder text = new StringBuilder();
    int next = 0;
    int entity = Entities.NONE;
    for (long at = 0; at < untilNs; at += stepNs) {
      while (next < list.size() && list.get(next).fromNs() <= at) {
        entity = list.get(next++).entity();
      }
      text.append(letter(entity));
    }
    return text.toString();
  }

  private char letter(int entity) {
    if (entity == Entities.NONE) {
      return '.';
    }
    String path = entities.path(entity);
    return Character.toUpperCase(path.charAt(path.length() - 1));
  }
}
