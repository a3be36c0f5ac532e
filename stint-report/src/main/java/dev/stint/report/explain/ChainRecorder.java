package dev.stint.report.explain;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Draws the chains below entities at instants, after all that happened at each instant, and keeps
/// why each of them had begun to wait.
final class ChainRecorder implements TraceSink {
  /// An entity at an instant.
  record Moment(int entity, long timeNs) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Integer.compare(entity, other.entity);
    }
  }

  /// Why a wait began.
  ///
  /// @param kind READY for a wake-up, THROTTLE, or SWITCH when another took the processor
  /// @param by the waker, the rule or the other; [Entities#NONE] for none that is an entity
  record Beginning(TraceKind kind, int by) {}

  private final Entities entities;
  private final Map<Integer, Integer> threadOfVp;
  private final Iterator<Moment> moments;
  private @Nullable Moment next;
  private final Map<Moment, Chain> chains = new TreeMap<>();
  private final Map<Moment, Beginning> beginnings = new TreeMap<>();
  private final Chain.How[] how;
  private final int[] below;
  private final int[] current;
  private final int[] holder;

  ChainRecorder(Entities entities, Map<Integer, Integer> threadOfVp, Collection<Moment> moments) {
    this.entities = entities;
    this.threadOfVp = threadOfVp;
    NavigableSet<Moment> inOrder = new TreeSet<>(moments);
    this.moments = inOrder.iterator();
    next = this.moments.hasNext() ? this.moments.next() : null;
    int count = entities.count();
    how = new Chain.How[count];
    Arrays.fill(how, Chain.How.BLOCKED);
    below = none(count);
    current = none(count);
    holder = none(count);
  }

  private static int[] none(int count) {
    int[] ids = new int[count];
    Arrays.fill(ids, Entities.NONE);
    return ids;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    drawBefore(timeNs);
    switch (kind) {
      case SWITCH -> onSwitch(timeNs, a, b, c, d);
      case READY -> {
        began(timeNs, a, kind, c);
        queue(a, b);
      }
      case MOVE -> {
        if (how[a] != Chain.How.THROTTLED) {
          queue(a, c);
        }
      }
      case THROTTLE -> {
        began(timeNs, a, kind, c);
        place(a, Chain.How.THROTTLED, c);
      }
      case UNTHROTTLE -> queue(a, b);
      case ENTER -> place(b, Chain.How.CARRIED, a);
      case LEAVE -> left(timeNs, b, c, a, Entities.NONE);
      case HOLD -> holder[a] = b;
      case COST -> {
        // What is lost while running changes no chain.
      }
      case UNKNOWN -> place(a, Chain.How.UNKNOWN, Entities.NONE);
    }
  }

  private void onSwitch(long timeNs, int processor, int previous, int to, int previousState) {
    if (previous != Entities.NONE) {
      left(timeNs, previous, previousState, to, processor);
    }
    current[processor] = to;
    if (to != Entities.NONE) {
      place(to, Chain.How.CURRENT, processor);
    }
  }

  private void left(long timeNs, int id, int previousState, int by, int processor) {
    if (previousState == PreviousState.READY.ordinal()) {
      began(timeNs, id, TraceKind.SWITCH, by);
      queue(id, processor);
    } else if (previousState == PreviousState.INTERCEPTED.ordinal()) {
      place(id, Chain.How.INTERCEPTED, threadOfVp.getOrDefault(id, Entities.NONE));
    } else {
      place(id, Chain.How.BLOCKED, Entities.NONE);
    }
  }

  private void queue(int id, int processor) {
    int thread = threadOfVp.getOrDefault(id, Entities.NONE);
    boolean viaThread =
        thread != Entities.NONE
            && (processor == Entities.NONE || entities.get(processor).kind() != EntityKind.LP);
    if (viaThread) {
      place(id, Chain.How.AWAITS_THREAD, thread);
    } else {
      place(id, Chain.How.QUEUED, processor);
    }
  }

  private void place(int id, Chain.How newHow, int newBelow) {
    how[id] = newHow;
    below[id] = newBelow;
  }

  private void began(long timeNs, int id, TraceKind kind, int by) {
    Moment moment = next;
    if (moment != null && timeNs == moment.timeNs()) {
      beginnings.put(new Moment(id, timeNs), new Beginning(kind, by));
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    drawBefore(timeNs);
  }

  private void drawBefore(long timeNs) {
    Moment moment = next;
    while (moment != null && moment.timeNs() < timeNs) {
      chains.put(moment, chain(moment.entity()));
      moment = moments.hasNext() ? moments.next() : null;
    }
    next = moment;
  }

  /// Draws what is left; to be called when the run has ended.
  void finish() {
    drawBefore(Long.MAX_VALUE);
  }

  private Chain chain(int from) {
    List<Chain.Link> links = new ArrayList<>();
    int id = from;
    while (id != Entities.NONE && links.size() < entities.count()) {
      EntityKind kind = entities.get(id).kind();
      if (kind == EntityKind.LP || kind == EntityKind.RULE) {
        break;
      }
      links.add(link(id));
      id = how[id] == Chain.How.THROTTLED ? Entities.NONE : below[id];
    }
    return new Chain(links);
  }

  private Chain.Link link(int id) {
    boolean onProcessor = how[id] == Chain.How.QUEUED || how[id] == Chain.How.CURRENT;
    if (!onProcessor || below[id] == Entities.NONE) {
      return new Chain.Link(id, how[id], below[id], Entities.NONE, 0);
    }
    int processor = below[id];
    int occupant = current[processor] != Entities.NONE ? current[processor] : holder[processor];
    int others = 0;
    for (int other = 0; other < below.length; other++) {
      others += other != id && how[other] == Chain.How.QUEUED && below[other] == processor ? 1 : 0;
    }
    return new Chain.Link(id, how[id], processor, occupant, others);
  }

  /// The chain of a moment that was asked for.
  Chain chain(Moment moment) {
    return chains.getOrDefault(moment, new Chain(List.of()));
  }

  /// Why the wait that began at this moment began, if an event of that instant says it.
  @Nullable Beginning beginning(Moment moment) {
    return beginnings.get(moment);
  }
}
