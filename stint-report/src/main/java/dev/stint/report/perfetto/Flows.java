package dev.stint.report.perfetto;

import dev.stint.model.trace.Entities;
import java.util.Arrays;

/// Which arrow an entity's next slice belongs to.
///
/// An arrow tells one wake-up: it begins where the waker was, or where the wakee began to wait if
/// nobody woke it, passes through the VP and the vCPU thread that had to be woken for it, and ends
/// where the wakee first runs. Every arrow has one owner, the wakee, who has one arrow at a time.
final class Flows {
  static final long NONE = 0;

  private final long base;
  private final long[] own;
  private final boolean[] begun;
  private final long[] through;
  private final int[] throughOwner;
  private final boolean[] passes;
  private long count;
  private int lastReady = Entities.NONE;
  private int lastProcessor = Entities.NONE;
  private long lastReadyNs;

  /// @param base added to every id
  Flows(int entityCount, long base) {
    this.base = base;
    own = new long[entityCount];
    begun = new boolean[entityCount];
    through = new long[entityCount];
    throughOwner = new int[entityCount];
    Arrays.fill(throughOwner, Entities.NONE);
    passes = new boolean[entityCount];
  }

  /// A task or thread was woken; returns the arrow that begins at its waker, or [#NONE] without
  /// one.
  ///
  /// @param vp the VP that the entity stands for, if it is a vCPU thread
  long woken(long timeNs, int id, int processor, int waker, int vp) {
    lastReady = id;
    lastProcessor = processor;
    lastReadyNs = timeNs;
    if (waker != Entities.NONE) {
      if (own[id] == NONE) {
        own[id] = base + ++count;
      }
      begun[id] = true;
      return own[id];
    }
    if (vp != Entities.NONE && alive(vp)) {
      join(id, through[vp], throughOwner[vp]);
    }
    return NONE;
  }

  /// A VP was woken: for whoever was woken on it at this instant.
  void wokenVp(long timeNs, int vp) {
    if (lastReady == Entities.NONE || lastReadyNs != timeNs || lastProcessor != vp) {
      return;
    }
    int owner = own[lastReady] == NONE && alive(lastReady) ? throughOwner[lastReady] : lastReady;
    if (own[owner] == NONE) {
      own[owner] = base + ++count;
      begun[owner] = false;
    }
    join(vp, own[owner], owner);
  }

  private void join(int id, long flow, int owner) {
    through[id] = flow;
    throughOwner[id] = owner;
    passes[id] = true;
  }

  private boolean alive(int id) {
    return throughOwner[id] != Entities.NONE && own[throughOwner[id]] == through[id];
  }

  /// A slice of the entity begins: the arrow that begins there or passes through it, or [#NONE].
  long passing(int id) {
    if (passes[id]) {
      passes[id] = false;
      if (alive(id)) {
        begun[throughOwner[id]] = true;
        return through[id];
      }
    }
    if (own[id] != NONE && !begun[id]) {
      begun[id] = true;
      return own[id];
    }
    return NONE;
  }

  /// The entity runs: the arrow that ends there, or [#NONE].
  long ending(int id) {
    long flow = begun[id] ? own[id] : NONE;
    own[id] = NONE;
    begun[id] = false;
    return flow;
  }
}
