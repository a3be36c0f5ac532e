package dev.stint.model.stats;

import dev.stint.model.trace.Entities;
import java.util.Arrays;

/// Who waits for which processor: one intrusive doubly linked list per processor. An entity is in
/// at most one; the order means nothing.
final class WaiterLists {
  private final int[] first;
  private final int[] next;
  private final int[] previous;

  WaiterLists(int entityCount) {
    first = none(entityCount);
    next = new int[entityCount];
    previous = new int[entityCount];
  }

  /// Nobody, for each entity.
  static int[] none(int entityCount) {
    int[] ids = new int[entityCount];
    Arrays.fill(ids, Entities.NONE);
    return ids;
  }

  int first(int processor) {
    return first[processor];
  }

  int next(int id) {
    return next[id];
  }

  void add(int processor, int id) {
    int second = first[processor];
    next[id] = second;
    previous[id] = Entities.NONE;
    first[processor] = id;
    if (second != Entities.NONE) {
      previous[second] = id;
    }
  }

  void remove(int processor, int id) {
    int before = previous[id];
    int after = next[id];
    if (before == Entities.NONE) {
      first[processor] = after;
    } else {
      next[before] = after;
    }
    if (after != Entities.NONE) {
      previous[after] = before;
    }
  }
}
