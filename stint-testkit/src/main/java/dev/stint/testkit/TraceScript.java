package dev.stint.testkit;

import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.List;
import java.util.Locale;

/// A trace written by hand, one event a line, entities by path and `-` for none:
///
/// ```
/// 0  switch  lp0 - a/vp0
/// 5  ready   A a/vp0
/// 9  switch  a/vp0 A - blocked
/// 12 throttle A a/vp0 quota:x
/// 15 cost A world-switch 2000 -
/// ```
///
/// The tests of the model have their own copy, since the model cannot depend on the testkit.
public final class TraceScript {
  private TraceScript() {}

  /// A directory of entities from `kind path` pairs; kinds as in the JSON contract.
  public static Entities entities(String text) {
    Entities entities = new Entities();
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      String[] words = line.trim().split(" +");
      EntityKind kind = EntityKind.valueOf(words[0].toUpperCase(Locale.ROOT));
      int parent = words.length > 2 ? entities.find(words[2]) : Entities.NONE;
      int group = words.length > 3 ? entities.find(words[3]) : Entities.NONE;
      entities.add(kind, words[1], parent, group);
    }
    return entities;
  }

  /// Plays the script into `sink`.
  public static void play(Entities entities, TraceSink sink, String text) {
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      List<String> words = List.of(line.trim().split(" +"));
      TraceKind kind = TraceKind.valueOf(words.get(1).toUpperCase(Locale.ROOT));
      int[] arguments = new int[4];
      for (int i = 2; i < words.size(); i++) {
        arguments[i - 2] = argument(entities, words.get(i));
      }
      sink.event(
          Long.parseLong(words.get(0)),
          kind,
          arguments[0],
          arguments[1],
          arguments[2],
          arguments[3]);
    }
  }

  private static int argument(Entities entities, String word) {
    if (word.equals("-")) {
      return Entities.NONE;
    }
    for (PreviousState state : PreviousState.values()) {
      if (word.equals(state.name().toLowerCase(Locale.ROOT))) {
        return state.ordinal();
      }
    }
    for (CostKind kind : CostKind.values()) {
      if (word.equals(kind.text())) {
        return kind.ordinal();
      }
    }
    if (word.matches("\\d+")) {
      return Integer.parseInt(word);
    }
    int id = entities.find(word);
    if (id == Entities.NONE) {
      throw new IllegalArgumentException("no entity \"" + word + "\"");
    }
    return id;
  }
}
