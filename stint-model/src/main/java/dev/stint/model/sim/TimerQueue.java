package dev.stint.model.sim;

import dev.stint.model.time.Invariant;
import dev.stint.model.time.Time;
import java.util.Arrays;

/// Pending timers in total order of (time, rank, sequence): a 4-ary heap of timer ids over packed
/// arrays.
///
/// Arming, re-arming and cancelling by id cost O(log n) and allocate nothing once the arrays have
/// grown to the number of timers. The order key of a timer is its expiry, then its rank in the high
/// byte and the number of the arming in the low 56 bits: so equal times expire by rank, and within
/// a rank in order of arming.
final class TimerQueue {
  /*
   * heapTime and heapOrder mirror the keys in heap order, so that a sift compares neighbours in
   * memory; heapTimer says whose they are, and position finds a timer's place for cancel and
   * re-arm. A parent's children sit at 4i+1..4i+4. Measured alternatives are in
   * docs/performance.md.
   */
  private static final int ARITY_SHIFT = 2;
  private static final int UNARMED = -1;
  private static final int RANK_SHIFT = 56;

  private long[] heapTime = new long[64];
  private long[] heapOrder = new long[64];
  private int[] heapTimer = new int[64];
  private int size;

  private int[] position = new int[64];
  private long[] rankBits = new long[64];
  private int timerCount;
  private long sequence;

  /// Adds an unarmed timer; `rank` (0..127) orders it among timers that expire at the same time.
  int add(int rank) {
    Invariant.check(rank >= 0 && rank < 128, "timer rank in 0..127", rank);
    int timer = timerCount++;
    if (timer == position.length) {
      position = Arrays.copyOf(position, timer * 2);
      rankBits = Arrays.copyOf(rankBits, timer * 2);
      heapTime = Arrays.copyOf(heapTime, timer * 2);
      heapOrder = Arrays.copyOf(heapOrder, timer * 2);
      heapTimer = Arrays.copyOf(heapTimer, timer * 2);
    }
    position[timer] = UNARMED;
    rankBits[timer] = (long) rank << RANK_SHIFT;
    return timer;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// The earliest expiry, or [Time#NEVER] when nothing is armed.
  long nextTimeNs() {
    return size == 0 ? Time.NEVER : heapTime[0];
  }

  boolean armed(int timer) {
    return position[timer] != UNARMED;
  }

  /// The expiry of an armed timer, [Time#NEVER] of an unarmed one.
  long timeNs(int timer) {
    int at = position[timer];
    return at == UNARMED ? Time.NEVER : heapTime[at];
  }

  /// Arms `timer` for `timeNs`, or moves it there if it is armed already.
  void arm(int timer, long timeNs) {
    long order = rankBits[timer] | sequence++;
    int at = position[timer];
    if (at == UNARMED) {
      siftUp(size++, timeNs, order, timer);
      return;
    }
    replace(at, timeNs, order, timer);
  }

  /// Disarms `timer`; says whether it was armed.
  boolean cancel(int timer) {
    int at = position[timer];
    if (at == UNARMED) {
      return false;
    }
    position[timer] = UNARMED;
    size--;
    if (at < size) {
      replace(at, heapTime[size], heapOrder[size], heapTimer[size]);
    }
    return true;
  }

  /// Disarms the earliest timer and returns its id.
  int poll() {
    Invariant.check(size > 0, "poll needs an armed timer");
    int timer = heapTimer[0];
    position[timer] = UNARMED;
    size--;
    if (size > 0) {
      siftDown(0, heapTime[size], heapOrder[size], heapTimer[size]);
    }
    return timer;
  }

  private void replace(int at, long timeNs, long order, int timer) {
    int parent = (at - 1) >> ARITY_SHIFT;
    if (at > 0 && less(timeNs, order, heapTime[parent], heapOrder[parent])) {
      siftUp(at, timeNs, order, timer);
    } else {
      siftDown(at, timeNs, order, timer);
    }
  }

  private void siftUp(int from, long timeNs, long order, int timer) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >> ARITY_SHIFT;
      if (!less(timeNs, order, heapTime[parent], heapOrder[parent])) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, timeNs, order, timer);
  }

  private void siftDown(int from, long timeNs, long order, int timer) {
    int at = from;
    while (true) {
      int child = (at << ARITY_SHIFT) + 1;
      if (child >= size) {
        break;
      }
      int least = child;
      int end = Math.min(child + 4, size);
      for (int i = child + 1; i < end; i++) {
        least = less(heapTime[i], heapOrder[i], heapTime[least], heapOrder[least]) ? i : least;
      }
      if (!less(heapTime[least], heapOrder[least], timeNs, order)) {
        break;
      }
      move(least, at);
      at = least;
    }
    put(at, timeNs, order, timer);
  }

  private void move(int from, int to) {
    put(to, heapTime[from], heapOrder[from], heapTimer[from]);
  }

  private void put(int at, long timeNs, long order, int timer) {
    heapTime[at] = timeNs;
    heapOrder[at] = order;
    heapTimer[at] = timer;
    position[timer] = at;
  }

  private static boolean less(long timeA, long orderA, long timeB, long orderB) {
    return timeA < timeB || (timeA == timeB && orderA < orderB);
  }
}
