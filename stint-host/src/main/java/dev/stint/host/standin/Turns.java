package dev.stint.host.standin;

import java.util.Arrays;

/// The core scheduler's rotation for units of equal weight that are always ready, on slots whose
/// slices end together: the units that had the fewest slices run next, among equals those that have
/// waited longest, then those on the lowest slots. A unit that goes on stays on its slot. This is
/// what the pick of docs/models/hypervisor.md comes to for such units.
final class Turns {
  private static final int NONE = -1;

  private final int[] slices;
  private final long[] arrival;
  private final boolean[] picked;
  private final int[] running;
  private long arrivals;

  /// @param units that take turns, 1 or more, numbered in the order of their first
  /// @param slots 1 or more
  Turns(int units, int slots) {
    slices = new int[units];
    arrival = new long[units];
    picked = new boolean[units];
    running = new int[Math.min(units, slots)];
    Arrays.setAll(running, slot -> slot);
    Arrays.setAll(arrival, unit -> unit);
    arrivals = units;
  }

  /// How many run at once.
  int slots() {
    return running.length;
  }

  /// The unit on a slot.
  int unit(int slot) {
    return running[slot];
  }

  /// Ends the slices.
  void advance() {
    for (int unit : running) {
      slices[unit]++;
      arrival[unit] = arrivals++;
    }
    Arrays.fill(picked, false);
    for (int i = 0; i < running.length; i++) {
      picked[first()] = true;
    }
    for (int slot = 0; slot < running.length; slot++) {
      int unit = running[slot];
      if (picked[unit]) {
        picked[unit] = false;
      } else {
        running[slot] = NONE;
      }
    }
    int unit = 0;
    for (int slot = 0; slot < running.length; slot++) {
      if (running[slot] == NONE) {
        while (!picked[unit]) {
          unit++;
        }
        running[slot] = unit++;
      }
    }
  }

  /// The first in the order of those not picked.
  private int first() {
    int first = NONE;
    for (int unit = 0; unit < slices.length; unit++) {
      boolean before =
          !picked[unit]
              && (first == NONE
                  || slices[unit] < slices[first]
                  || (slices[unit] == slices[first] && arrival[unit] < arrival[first]));
      first = before ? unit : first;
    }
    return first;
  }
}
