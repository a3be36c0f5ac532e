package dev.stint.model.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// For every set of leaves of a family that were ready together, running or waiting: how long, what
/// the family received meanwhile, and how long its CPUs waited for LPs.
public final class ReadySets {
  /*
   * A set is a row of bits, found by a hash that every change of a bit updates (Zobrist 1970): one
   * random word per leaf, combined by exclusive or. Rows lie in arrays that double, so nothing is
   * allocated once all sets have been seen. The family's account is read from the ledger only when
   * time has passed since the set changed: the time since the last reading is then booked to the
   * set that held.
   *
   * Row 0 is for the sets beyond SETS_MAX: it counts for how long each leaf was ready. A leaf that
   * is ready counts from the row's duration when it became so: that is taken off then, and the
   * duration added when it blocks.
   */
  static final int SETS_MAX = 4096;
  private static final int FIRST_ROWS = 2;

  private final ReadyFamily family;
  private final Accounts accounts;
  private final int words;
  private final int heldSum;
  private final int[] cpuIds;
  private final int cpus;
  private final long[] leafHash;
  private final long[] bits;
  private final long[] heldBits;
  private long hash;
  private int held;
  private long sinceNs;
  private long receivedNs;
  private final long[] waitedNs;

  private int rows = 1;
  private long[] rowBits;
  private long[] rowHash;
  private long[] durationNs;
  private long[] rowReceivedNs;
  private long[] rowWaitedNs;
  private int[] table;
  private final long[] restReadyNs;
  private final UsableQuota[] quotas;
  private final long[][] quotaBits;

  ReadySets(ReadyFamily family, Accounts accounts) {
    this.family = family;
    this.accounts = accounts;
    heldSum = accounts.sumHeld(family.leaves().stream().mapToInt(Integer::intValue).toArray());
    cpuIds = family.cpus().stream().mapToInt(Integer::intValue).toArray();
    int leaves = family.leaves().size();
    words = Math.max(1, Math.ceilDiv(leaves, Long.SIZE));
    cpus = cpuIds.length;
    leafHash = new long[leaves];
    for (int leaf = 0; leaf < leaves; leaf++) {
      leafHash[leaf] = mixed(leaf + 1);
    }
    bits = new long[words];
    heldBits = new long[words];
    waitedNs = new long[cpus];
    rowBits = new long[FIRST_ROWS * words];
    rowHash = new long[FIRST_ROWS];
    durationNs = new long[FIRST_ROWS];
    rowReceivedNs = new long[FIRST_ROWS];
    rowWaitedNs = new long[FIRST_ROWS * cpus];
    table = new int[2 * FIRST_ROWS];
    restReadyNs = new long[leaves];
    quotas = new UsableQuota[family.quotas().size()];
    quotaBits = new long[quotas.length][words];
    for (int q = 0; q < quotas.length; q++) {
      ReadyFamily.GroupQuota quota = family.quotas().get(q);
      quotas[q] = new UsableQuota(quota);
      for (int leaf : quota.leaves()) {
        quotaBits[q][leaf / Long.SIZE] |= 1L << leaf;
      }
    }
    held = row();
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  private static long mixed(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// A leaf becomes ready or blocks; whether that changes anything.
  boolean set(int leaf, boolean ready) {
    long bit = 1L << leaf;
    int word = leaf / Long.SIZE;
    if ((bits[word] & bit) != 0 == ready) {
      return false;
    }
    bits[word] ^= bit;
    hash ^= leafHash[leaf];
    return true;
  }

  /// Books the time until `timeNs`, when the set changed to the present one. The ledger must have
  /// seen all events until then.
  void settle(long timeNs) {
    if (Arrays.equals(bits, heldBits)) {
      return;
    }
    book(timeNs);
    countRest();
    System.arraycopy(bits, 0, heldBits, 0, words);
    held = row();
  }

  private void book(long timeNs) {
    long elapsedNs = timeNs - sinceNs;
    if (elapsedNs == 0) {
      return;
    }
    durationNs[held] += elapsedNs;
    long received = accounts.heldNsUntil(heldSum, timeNs);
    rowReceivedNs[held] += received - receivedNs;
    receivedNs = received;
    for (int cpu = 0; cpu < cpus; cpu++) {
      long waited = accounts.waitNsUntil(cpuIds[cpu], WaitReason.HYPERVISOR_WAIT, timeNs);
      rowWaitedNs[held * cpus + cpu] += waited - waitedNs[cpu];
      waitedNs[cpu] = waited;
    }
    for (int q = 0; q < quotas.length; q++) {
      int ready = 0;
      for (int word = 0; word < words; word++) {
        ready += Long.bitCount(heldBits[word] & quotaBits[q][word]);
      }
      quotas[q].advance(sinceNs, timeNs, ready);
    }
    sinceNs = timeNs;
  }

  /// The leaves that become ready or block start or stop to count in row 0.
  private void countRest() {
    for (int word = 0; word < words; word++) {
      for (long left = bits[word] ^ heldBits[word]; left != 0; left &= left - 1) {
        long bit = left & -left;
        int leaf = word * Long.SIZE + Long.numberOfTrailingZeros(bit);
        restReadyNs[leaf] += (bits[word] & bit) != 0 ? -durationNs[0] : durationNs[0];
      }
    }
  }

  private long restReadyNs(int leaf) {
    return restReadyNs[leaf] + (isReady(heldBits, 0, leaf) ? durationNs[0] : 0);
  }

  private static boolean isReady(long[] from, int offset, int leaf) {
    return (from[offset + leaf / Long.SIZE] & 1L << leaf) != 0;
  }

  /// The row of the present set; 0 when there are too many.
  private int row() {
    int slot = slot(hash);
    while (table[slot] != 0) {
      int row = table[slot];
      if (rowHash[row] == hash && sameBits(row)) {
        return row;
      }
      slot = slot + 1 & table.length - 1;
    }
    if (rows > SETS_MAX) {
      return 0;
    }
    if (rows == rowHash.length) {
      grow();
      slot = freeSlot(hash);
    }
    table[slot] = rows;
    rowHash[rows] = hash;
    System.arraycopy(bits, 0, rowBits, rows * words, words);
    return rows++;
  }

  private boolean sameBits(int row) {
    for (int word = 0; word < words; word++) {
      if (rowBits[row * words + word] != bits[word]) {
        return false;
      }
    }
    return true;
  }

  private int slot(long key) {
    return (int) mixed(key) & table.length - 1;
  }

  private int freeSlot(long key) {
    int slot = slot(key);
    while (table[slot] != 0) {
      slot = slot + 1 & table.length - 1;
    }
    return slot;
  }

  private void grow() {
    int size = 2 * rows;
    rowBits = Arrays.copyOf(rowBits, size * words);
    rowHash = Arrays.copyOf(rowHash, size);
    durationNs = Arrays.copyOf(durationNs, size);
    rowReceivedNs = Arrays.copyOf(rowReceivedNs, size);
    rowWaitedNs = Arrays.copyOf(rowWaitedNs, size * cpus);
    table = new int[2 * size];
    for (int row = 1; row < rows; row++) {
      table[freeSlot(rowHash[row])] = row;
    }
  }

  void finish(long endNs) {
    book(endNs);
  }

  /// The leaves, by entity id.
  public List<Integer> leaves() {
    return family.leaves();
  }

  /// What one set of ready leaves, or several merged, amounted to.
  ///
  /// @param durationNs how long it held, 1 or more
  /// @param receivedNs for how long all leaves together held a processor meanwhile
  /// @param readyNs by leaf, for how long it was ready
  /// @param waitedNs by CPU, how long it waited for an LP
  public record Held(long durationNs, long receivedNs, List<Long> readyNs, List<Long> waitedNs) {}

  /// The `most` sets that held longest, longest first, then all others merged.
  public List<Held> longest(int most) {
    List<Integer> order = new ArrayList<>();
    for (int row = 1; row < rows; row++) {
      if (durationNs[row] > 0) {
        order.add(row);
      }
    }
    order.sort((a, b) -> Long.compare(durationNs[b], durationNs[a]));
    List<Held> longest = new ArrayList<>();
    for (int row : order.subList(0, Math.min(most, order.size()))) {
      longest.add(merged(List.of(row), new long[leafHash.length]));
    }
    List<Integer> others =
        new ArrayList<>(order.subList(Math.min(most, order.size()), order.size()));
    if (durationNs[0] > 0) {
      others.add(0);
    }
    if (!others.isEmpty()) {
      long[] readyNs = new long[leafHash.length];
      Arrays.setAll(readyNs, this::restReadyNs);
      longest.add(merged(others, readyNs));
    }
    return longest;
  }

  private Held merged(List<Integer> merge, long[] readyNs) {
    long duration = 0;
    long received = 0;
    long[] waited = new long[cpus];
    for (int row : merge) {
      duration += durationNs[row];
      received += rowReceivedNs[row];
      for (int cpu = 0; cpu < cpus; cpu++) {
        waited[cpu] += rowWaitedNs[row * cpus + cpu];
      }
      for (int leaf = 0; row > 0 && leaf < readyNs.length; leaf++) {
        readyNs[leaf] += isReady(rowBits, row * words, leaf) ? durationNs[row] : 0;
      }
    }
    return new Held(
        duration,
        received,
        Arrays.stream(readyNs).boxed().toList(),
        Arrays.stream(waited).boxed().toList());
  }

  /// What each group of the family could have used of its quota, by name.
  public Map<String, Long> usableQuotaNs() {
    Map<String, Long> usable = new LinkedHashMap<>();
    for (int q = 0; q < quotas.length; q++) {
      usable.put(family.quotas().get(q).name(), quotas[q].totalNs(sinceNs));
    }
    return usable;
  }
}
