package dev.stint.model.sim;

import dev.stint.model.time.Invariant;
import dev.stint.model.time.Time;
import java.util.Arrays;

/// Pending timers in total order of (time, rank, arming): equal times expire by rank, and within a
/// rank in order of arming.
///
/// Arming, re-arming and cancelling by id allocate nothing once the arrays have grown to the number
/// of timers. They cost O(1) where another timer is armed for the same time and rank, else O(log
/// n).
final class TimerQueue {
  /*
   * Most timers are ticks, and the ticks of a kernel's CPUs fall on one instant. So timers with the
   * same time and rank share a *bucket*, a list in order of arming, and only buckets are in the
   * heap: all ticks of a kernel cost one heap operation.
   *
   * A bucket's key packs time and rank into one long and is unique, so a comparison is a
   * subtraction: the least of four children is found without a branch, which would be mispredicted
   * half of the time. The heap is 4-ary (the children of i are 4i+1..4i+4) and ends in keys that
   * are greater than any other. The bucket of a key is found by hash; chains are in CHAINED.
   */
  private static final int NONE = -1;
  private static final int RANK_BITS = 7;
  private static final int RANK_COUNT = 1 << RANK_BITS;

  /// Times from here on, two years away, are one to this queue: no run comes so far.
  static final long FAR_NS = (1L << (Long.SIZE - 1 - RANK_BITS)) - 1;

  private static final int ARITY_SHIFT = 2;
  private static final int ARITY = 1 << ARITY_SHIFT;
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  // A timer's four numbers lie together, and so do a bucket's: whoever needs one needs the others.
  private static final int STRIDE = 4;
  private static final int RANK = 0;
  private static final int BUCKET = 1;
  private static final int EARLIER = 2;
  private static final int LATER = 3;
  private static final int FIRST = 0;
  private static final int LAST = 1;
  private static final int POSITION = 2;
  private static final int CHAINED = 3;

  private int timerCount;
  private int armedCount;
  private int[] timers;

  private long[] key;
  private int[] buckets;
  private int[] spare;
  private int spareCount;

  private long[] heapKey;
  private int[] heapBucket;
  private int size;

  private int[] table;
  private int tableShift;

  TimerQueue() {
    int capacity = 64;
    timers = new int[capacity * STRIDE];
    key = new long[capacity];
    buckets = new int[capacity * STRIDE];
    spare = new int[capacity];
    heapKey = new long[capacity + ARITY];
    Arrays.fill(heapKey, Long.MAX_VALUE);
    heapBucket = new int[capacity];
    makeTable(capacity);
  }

  /// Adds an unarmed timer; `ofRank` (0..127) orders it among timers that expire at the same time.
  int add(int ofRank) {
    Invariant.check(ofRank >= 0 && ofRank < RANK_COUNT, "timer rank in 0..127", ofRank);
    int timer = timerCount++;
    if (timer == key.length) {
      grow(2 * timer);
    }
    timers[timer * STRIDE + RANK] = ofRank;
    timers[timer * STRIDE + BUCKET] = NONE;
    spare[spareCount++] = timer; // there are at most as many buckets as timers
    return timer;
  }

  private void grow(int capacity) {
    timers = Arrays.copyOf(timers, capacity * STRIDE);
    key = Arrays.copyOf(key, capacity);
    buckets = Arrays.copyOf(buckets, capacity * STRIDE);
    spare = Arrays.copyOf(spare, capacity);
    int heapCapacity = heapKey.length;
    heapKey = Arrays.copyOf(heapKey, capacity + ARITY);
    Arrays.fill(heapKey, heapCapacity, heapKey.length, Long.MAX_VALUE);
    heapBucket = Arrays.copyOf(heapBucket, capacity);
    makeTable(capacity);
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return armedCount;
  }

  /// The earliest expiry, or [Time#NEVER] when nothing is armed for a time before [#FAR_NS].
  long nextTimeNs() {
    long timeNs = heapKey[0] >>> RANK_BITS;
    return timeNs >= FAR_NS ? Time.NEVER : timeNs;
  }

  boolean armed(int timer) {
    return timers[timer * STRIDE + BUCKET] != NONE;
  }

  /// Arms `timer` for `timeNs`, or moves it there if it is armed already.
  void arm(int timer, long timeNs) {
    int at = timer * STRIDE;
    if (timers[at + BUCKET] != NONE) {
      leave(timer);
    }
    armedCount++;
    long wanted = Math.min(timeNs, FAR_NS) << RANK_BITS | timers[at + RANK];
    int bucket = find(wanted);
    if (bucket == NONE) {
      open(wanted, timer);
      return;
    }
    int last = bucket * STRIDE + LAST;
    int before = buckets[last];
    buckets[last] = timer;
    timers[before * STRIDE + LATER] = timer;
    timers[at + BUCKET] = bucket;
    timers[at + EARLIER] = before;
    timers[at + LATER] = NONE;
  }

  /// Disarms `timer`; says whether it was armed.
  boolean cancel(int timer) {
    if (!armed(timer)) {
      return false;
    }
    leave(timer);
    return true;
  }

  /// Disarms the earliest timer and returns its id.
  int poll() {
    Invariant.check(size > 0, "poll needs an armed timer");
    int timer = buckets[heapBucket[0] * STRIDE + FIRST];
    leave(timer);
    return timer;
  }

  // --- Buckets ---

  private void leave(int timer) {
    armedCount--;
    int at = timer * STRIDE;
    int bucket = timers[at + BUCKET];
    int before = timers[at + EARLIER];
    int after = timers[at + LATER];
    timers[at + BUCKET] = NONE;
    if (before == NONE && after == NONE) {
      close(bucket);
      return;
    }
    if (before == NONE) {
      buckets[bucket * STRIDE + FIRST] = after;
    } else {
      timers[before * STRIDE + LATER] = after;
    }
    if (after == NONE) {
      buckets[bucket * STRIDE + LAST] = before;
    } else {
      timers[after * STRIDE + EARLIER] = before;
    }
  }

  private void open(long itsKey, int timer) {
    int bucket = spare[--spareCount];
    int at = timer * STRIDE;
    timers[at + BUCKET] = bucket;
    timers[at + EARLIER] = NONE;
    timers[at + LATER] = NONE;
    key[bucket] = itsKey;
    buckets[bucket * STRIDE + FIRST] = timer;
    buckets[bucket * STRIDE + LAST] = timer;
    chain(bucket);
    siftUp(size++, itsKey, bucket);
  }

  private void close(int bucket) {
    spare[spareCount++] = bucket;
    unchain(bucket);
    int at = buckets[bucket * STRIDE + POSITION];
    size--;
    long lastKey = heapKey[size];
    heapKey[size] = Long.MAX_VALUE;
    if (at == size) {
      return;
    }
    int parent = (at - 1) >> ARITY_SHIFT;
    if (at > 0 && lastKey < heapKey[parent]) {
      siftUp(at, lastKey, heapBucket[size]);
    } else {
      siftDown(at, lastKey, heapBucket[size]);
    }
  }

  // --- The hash table of buckets by key ---

  private void makeTable(int capacity) {
    table = new int[2 * capacity];
    Arrays.fill(table, NONE);
    tableShift = Long.numberOfLeadingZeros(table.length - 1);
    for (int i = 0; i < size; i++) {
      chain(heapBucket[i]);
    }
  }

  private int slot(long ofKey) {
    return (int) ((ofKey * HASH_FACTOR) >>> tableShift);
  }

  private int find(long wanted) {
    int bucket = table[slot(wanted)];
    while (bucket != NONE && key[bucket] != wanted) {
      bucket = buckets[bucket * STRIDE + CHAINED];
    }
    return bucket;
  }

  private void chain(int bucket) {
    int slot = slot(key[bucket]);
    buckets[bucket * STRIDE + CHAINED] = table[slot];
    table[slot] = bucket;
  }

  private void unchain(int bucket) {
    int slot = slot(key[bucket]);
    int at = table[slot];
    if (at == bucket) {
      table[slot] = buckets[bucket * STRIDE + CHAINED];
      return;
    }
    while (buckets[at * STRIDE + CHAINED] != bucket) {
      at = buckets[at * STRIDE + CHAINED];
    }
    buckets[at * STRIDE + CHAINED] = buckets[bucket * STRIDE + CHAINED];
  }

  // --- The heap ---

  private void siftUp(int from, long itsKey, int bucket) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >> ARITY_SHIFT;
      if (heapKey[parent] < itsKey) {
        break;
      }
      put(at, heapKey[parent], heapBucket[parent]);
      at = parent;
    }
    put(at, itsKey, bucket);
  }

  private void siftDown(int from, long itsKey, int bucket) {
    int at = from;
    int child = (at << ARITY_SHIFT) + 1;
    while (child < size) {
      long key0 = heapKey[child];
      long key1 = heapKey[child + 1];
      long key2 = heapKey[child + 2];
      long key3 = heapKey[child + 3];
      // Keys are not negative, so the sign of a difference is the order: 1 if the second is less.
      int least01 = child + (int) ((key1 - key0) >>> 63);
      int least23 = child + 2 + (int) ((key3 - key2) >>> 63);
      long min01 = Math.min(key0, key1);
      long min23 = Math.min(key2, key3);
      int least = least01 + (least23 - least01) * (int) ((min23 - min01) >>> 63);
      long leastKey = Math.min(min01, min23);
      if (itsKey < leastKey) {
        break;
      }
      put(at, leastKey, heapBucket[least]);
      at = least;
      child = (at << ARITY_SHIFT) + 1;
    }
    put(at, itsKey, bucket);
  }

  private void put(int at, long itsKey, int bucket) {
    heapKey[at] = itsKey;
    heapBucket[at] = bucket;
    buckets[bucket * STRIDE + POSITION] = at;
  }
}
