package dev.stint.model.stats;

import dev.stint.model.trace.Entities;
import java.util.Arrays;

/// For how long the members of each of several groups have held a processor, summed up as their
/// statuses change, so that reading a sum costs the same for a group of any size.
final class HeldSums {
  /*
   * A member that runs has held runNs + (now - sinceNs). Of this, runNs - sinceNs is in its group's
   * part that stands still; the group's running members count what grows.
   */
  private final int[] groupOf;
  private long[] standingNs = {};
  private int[] running = {};

  HeldSums(int count) {
    groupOf = new int[count];
    Arrays.fill(groupOf, Entities.NONE);
  }

  /// Opens a group without members.
  int add() {
    int group = running.length;
    standingNs = Arrays.copyOf(standingNs, group + 1);
    running = Arrays.copyOf(running, group + 1);
    return group;
  }

  /// Adds a member, in no group yet, that has held this much so far.
  ///
  /// @param runs whether it holds a processor now; `heldNs` is then up to `sinceNs`
  void add(int group, int id, long heldNs, boolean runs, long sinceNs) {
    groupOf[id] = group;
    standingNs[group] += heldNs - (runs ? sinceNs : 0);
    running[group] += runs ? 1 : 0;
  }

  /// An entity's status changes; it stops or starts running, or neither.
  void change(int id, boolean ran, boolean runs, long nowNs) {
    int group = groupOf[id];
    if (group == Entities.NONE || ran == runs) {
      return;
    }
    standingNs[group] += runs ? -nowNs : nowNs;
    running[group] += runs ? 1 : -1;
  }

  /// What a group has held, up to a time since which no member's status has changed.
  long heldNsUntil(int group, long timeNs) {
    return standingNs[group] + running[group] * timeNs;
  }
}
