package dev.stint.host.observe;

import dev.stint.host.trace.SchedSink;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// Turns events of all CPUs into waits after wake-ups.
///
/// A wait begins when a thread is woken and ends when a CPU switches to it. A wake-up of a thread
/// that runs begins none. A thread that leaves a CPU that it was never seen to get has waited for a
/// time that nobody knows: some kernels do not show every switch.
final class WakeFold implements SchedSink {
  /* Each CPU's events are in order, all together they are not: they are sorted by keys of their
   * time since the first and their place. Events after the moment of a look stay for the next: of
   * another CPU, which was read before, earlier ones may be missing. */
  private static final int PLACE_BITS = 24;
  private static final long MOST_NS = 1L << (63 - PLACE_BITS); // 550 s
  private static final int ROOM = 1024;
  private static final int WOKEN = -1; // in the place of the thread before
  private static final long NEVER = -1;

  private final Map<Long, Thread> threads = new TreeMap<>();
  private long[] times = new long[ROOM];
  private int[] previous = new int[ROOM];
  private int[] next = new int[ROOM];
  private int count;
  private boolean whole = true;

  private static final class Thread {
    private long wokenAtNs = NEVER;
    private boolean running;
    private Wakes waits = new Wakes();

    void woken(long atNs) {
      if (!running && wokenAtNs == NEVER) {
        wokenAtNs = atNs;
      }
    }

    void on(long atNs) {
      if (wokenAtNs != NEVER) {
        waits.record(atNs - wokenAtNs);
      }
      wokenAtNs = NEVER;
      running = true;
    }

    void off() {
      if (wokenAtNs != NEVER) {
        waits.missed();
      }
      wokenAtNs = NEVER;
      running = false;
    }
  }

  /// Whose waits are wanted, from now on.
  void follow(Collection<Long> tids) {
    threads.keySet().retainAll(tids);
    tids.forEach(tid -> threads.computeIfAbsent(tid, _ -> new Thread()));
  }

  @Override
  public void woken(long atNs, int tid) {
    add(atNs, WOKEN, tid);
  }

  @Override
  public void switched(long atNs, int from, int to) {
    add(atNs, from, to);
  }

  private void add(long atNs, int from, int to) {
    if (count == 1 << PLACE_BITS) {
      whole = false;
      return;
    }
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
      previous = Arrays.copyOf(previous, 2 * count);
      next = Arrays.copyOf(next, 2 * count);
    }
    times[count] = atNs;
    previous[count] = from;
    next[count] = to;
    count++;
  }

  /// Forgets all that it was told: events were lost.
  void forget() {
    threads.replaceAll((_, _) -> new Thread());
    count = 0;
    whole = true;
  }

  /// Takes in what happened up to a moment.
  ///
  /// @return whether all of it could be
  boolean fold(long untilNs) {
    long firstNs = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      firstNs = Math.min(firstNs, times[i]);
    }
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      long sinceNs = times[i] - firstNs;
      if (sinceNs < 0 || sinceNs >= MOST_NS) {
        return false;
      }
      keys[i] = (sinceNs << PLACE_BITS) | i;
    }
    Arrays.sort(keys);
    int done = 0;
    while (done < count && times[place(keys[done])] <= untilNs) {
      event(place(keys[done]));
      done++;
    }
    keep(keys, done);
    return whole;
  }

  private static int place(long key) {
    return (int) (key & ((1 << PLACE_BITS) - 1));
  }

  private void event(int place) {
    Thread to = threads.get((long) next[place]);
    if (previous[place] == WOKEN) {
      if (to != null) {
        to.woken(times[place]);
      }
      return;
    }
    Thread from = threads.get((long) previous[place]);
    if (from != null) {
      from.off();
    }
    if (to != null) {
      to.on(times[place]);
    }
  }

  private void keep(long[] keys, int from) {
    int left = keys.length - from;
    long[] keptTimes = new long[Math.max(ROOM, left)];
    int[] keptPrevious = new int[keptTimes.length];
    int[] keptNext = new int[keptTimes.length];
    for (int i = 0; i < left; i++) {
      int place = place(keys[from + i]);
      keptTimes[i] = times[place];
      keptPrevious[i] = previous[place];
      keptNext[i] = next[place];
    }
    times = keptTimes;
    previous = keptPrevious;
    next = keptNext;
    count = left;
  }

  /// The waits of a thread that ended since they were asked for last; of none that is not followed.
  Wakes take(long tid) {
    Thread thread = threads.get(tid);
    if (thread == null) {
      return new Wakes();
    }
    Wakes taken = thread.waits;
    thread.waits = new Wakes();
    return taken;
  }
}
