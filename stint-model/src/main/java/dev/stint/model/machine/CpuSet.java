package dev.stint.model.machine;

import java.util.Arrays;

/// An immutable set of processor indices: LPs of a machine, or CPUs (VPs) of a guest.
public final class CpuSet {
  /// The empty set.
  public static final CpuSet EMPTY = new CpuSet(new long[0]);

  private final long[] words;

  /// Guests have few CPUs, and many such sets: those of one word that are a range from 0 or a
  /// single member are shared.
  private static final CpuSet[] FIRST = new CpuSet[Long.SIZE + 1];

  private static final CpuSet[] SINGLE = new CpuSet[Long.SIZE];

  static {
    for (int i = 0; i < Long.SIZE; i++) {
      FIRST[i + 1] = new CpuSet(new long[] {-1L >>> (Long.SIZE - 1 - i)});
      SINGLE[i] = new CpuSet(new long[] {1L << i});
    }
  }

  private CpuSet(long[] words) {
    this.words = words;
  }

  /// The set of these bits, which nobody else may change.
  private static CpuSet ofWords(long[] words) {
    int length = words.length;
    while (length > 0 && words[length - 1] == 0) {
      length--;
    }
    if (length == 0) {
      return EMPTY;
    }
    if (length == 1) {
      long word = words[0];
      if ((word & (word + 1)) == 0) {
        return FIRST[Long.bitCount(word)];
      }
      if ((word & (word - 1)) == 0) {
        return SINGLE[Long.numberOfTrailingZeros(word)];
      }
    }
    return new CpuSet(length == words.length ? words : Arrays.copyOf(words, length));
  }

  /// The indices `from` (inclusive) to `to` (exclusive).
  public static CpuSet range(int from, int to) {
    long[] bits = new long[(to + 63) / 64];
    for (int i = from; i < to; i++) {
      bits[i >> 6] |= 1L << i;
    }
    return ofWords(bits);
  }

  /// Exactly these indices.
  public static CpuSet of(int... indices) {
    int most = -1;
    for (int index : indices) {
      most = Math.max(most, index);
    }
    long[] bits = new long[(most >> 6) + 1];
    for (int index : indices) {
      bits[index >> 6] |= 1L << index;
    }
    return ofWords(bits);
  }

  /// Whether `index` is a member.
  public boolean contains(int index) {
    int word = index >> 6;
    return word < words.length && (words[word] & (1L << index)) != 0;
  }

  /// Members of both.
  public CpuSet and(CpuSet other) {
    long[] bits = new long[Math.min(words.length, other.words.length)];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = words[i] & other.words[i];
    }
    return ofWords(bits);
  }

  /// Members of either.
  public CpuSet or(CpuSet other) {
    long[] bits = Arrays.copyOf(words, Math.max(words.length, other.words.length));
    for (int i = 0; i < other.words.length; i++) {
      bits[i] |= other.words[i];
    }
    return ofWords(bits);
  }

  /// Members of this that are not in `other`.
  public CpuSet minus(CpuSet other) {
    long[] bits = words.clone();
    for (int i = 0; i < Math.min(bits.length, other.words.length); i++) {
      bits[i] &= ~other.words[i];
    }
    return ofWords(bits);
  }

  /// Whether every member of `other` is a member of this.
  public boolean containsAll(CpuSet other) {
    return other.minus(this).isEmpty();
  }

  /// Whether there is a member of both.
  public boolean intersects(CpuSet other) {
    int common = Math.min(words.length, other.words.length);
    for (int i = 0; i < common; i++) {
      if ((words[i] & other.words[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  /// Whether there is no member.
  public boolean isEmpty() {
    return words.length == 0;
  }

  /// The number of members.
  public int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /// The least member not below `from`, or -1.
  public int next(int from) {
    int word = from >> 6;
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & (-1L << from);
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /// The members in ascending order.
  public int[] toArray() {
    int[] members = new int[count()];
    int at = 0;
    for (int i = next(0); i >= 0; i = next(i + 1)) {
      members[at++] = i;
    }
    return members;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CpuSet set && Arrays.equals(words, set.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  /// The kernel's list format: `0-3,8`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int from = next(0);
    while (from >= 0) {
      int to = from;
      while (contains(to + 1)) {
        to++;
      }
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (to > from) {
        text.append('-').append(to);
      }
      from = next(to + 1);
    }
    return text.toString();
  }
}
