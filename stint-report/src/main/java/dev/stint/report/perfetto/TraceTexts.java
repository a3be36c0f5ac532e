package dev.stint.report.perfetto;

import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import java.util.Arrays;
import java.util.Map;

/// The texts of a trace by what they are about: each is made and written once.
final class TraceTexts {
  final int run;
  final int wait;
  final int wake;
  final int overhead;
  final int unknown;
  final int about;
  final int reason;
  final int occupant;
  final int processor;
  final int lostNs;
  final int cause;
  final int idle;
  final int outsideDispatch;
  final int neverRan;
  final int unknownName;

  private final PacketStream stream;
  private final Paths pathOf;
  private final int[] waiting = new int[WaitReason.values().length];
  private final int[] reasons = new int[WaitReason.values().length];
  private final int[] costs = new int[CostKind.values().length];
  private int[] paths;
  private int[] names;
  private int[] places;
  private int[] wakes;

  TraceTexts(PacketStream stream, Paths pathOf) {
    this.stream = stream;
    this.pathOf = pathOf;
    run = stream.category("run");
    wait = stream.category("wait");
    wake = stream.category("wake");
    overhead = stream.category("overhead");
    unknown = stream.category("unknown");
    about = stream.category("about");
    reason = stream.annotationName("reason");
    occupant = stream.annotationName("occupant");
    processor = stream.annotationName("processor");
    lostNs = stream.annotationName("lost_ns");
    cause = stream.annotationName("cause");
    idle = stream.name("idle");
    outsideDispatch = stream.name("outside dispatch");
    neverRan = stream.name("has not run yet");
    unknownName = stream.name("unknown");
    for (WaitReason each : WaitReason.values()) {
      waiting[each.ordinal()] = stream.name("waiting: " + each.text());
      reasons[each.ordinal()] = stream.annotationText(each.text());
    }
    for (CostKind each : CostKind.values()) {
      costs[each.ordinal()] = stream.name("lost: " + each.text());
    }
    int count = pathOf.count() + 1;
    paths = new int[count];
    names = new int[count];
    places = new int[count];
    wakes = new int[count];
  }

  /// The name of a slice in which an entity waits.
  int waiting(WaitReason why) {
    return waiting[why.ordinal()];
  }

  /// A reason as the value of an annotation.
  int reason(WaitReason why) {
    return reasons[why.ordinal()];
  }

  int cost(int kind) {
    return costs[kind];
  }

  /// A path as the value of an annotation; `idle` for [Entities#NONE].
  int path(int id) {
    int at = id + 1;
    paths = grown(paths, at);
    if (paths[at] == 0) {
      paths[at] = stream.annotationText(pathOf.get(id));
    }
    return paths[at];
  }

  /// A path as the name of a slice.
  int name(int id) {
    if (names[id] == 0) {
      names[id] = stream.name(pathOf.get(id));
    }
    return names[id];
  }

  /// The name of a slice in which something runs on this processor.
  int on(int processorId) {
    if (processorId == Entities.NONE) {
      return idle;
    }
    if (places[processorId] == 0) {
      places[processorId] = stream.name("on " + pathOf.get(processorId));
    }
    return places[processorId];
  }

  /// The name of the instant at which something wakes this entity.
  int wakes(int id) {
    if (wakes[id] == 0) {
      wakes[id] = stream.name("wakes " + pathOf.get(id));
    }
    return wakes[id];
  }

  /// What is said of a run, by the names of what it says.
  void annotate(EventPayload payload, Map<String, String> said) {
    said.forEach(
        (name, text) -> payload.text(stream.annotationName(name), stream.annotationText(text)));
  }

  /// Rules join the directory when they are first named.
  private static int[] grown(int[] ids, int at) {
    return at < ids.length ? ids : Arrays.copyOf(ids, 2 * at);
  }
}
