package dev.stint.model.mshv;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A message of the hypervisor to its parent's driver that names VPs which can run again (facts:
/// hyperv.md §2.5).
public sealed interface SchedulerMessage {
  /// Type of [Bitset] (HVMSG_SCHEDULER_VP_SIGNAL_BITSET).
  int BITSET_TYPE = 0x80000100;

  /// Type of [Pairs] (HVMSG_SCHEDULER_VP_SIGNAL_PAIR).
  int PAIR_TYPE = 0x80000101;

  /// A bitset names VPs 0 to 1023 of one partition.
  int BITSET_VPS = 1024;

  /// A message has a payload of 240 bytes, of which a pair takes 12, and the header one pair's
  /// place.
  int PAIRS_MAX = 240 / 12 - 1;

  /// A VP by name.
  ///
  /// @param partitionId the child
  /// @param vp its index
  record Name(long partitionId, int vp) {}

  /// The VPs named, in the order in which the driver signals them.
  List<Name> names();

  /// Signals that did not fit. The driver ignores it.
  int overflowCount();

  /// Its type.
  int type();

  /// Several VPs of one partition: a mask of valid banks, and a bank of 64 VPs for each.
  ///
  /// @param validBanks bit b: VPs 64 b to 64 b + 63 have a bank
  /// @param banks those of the set bits, lowest first
  record Bitset(long partitionId, int overflowCount, int vpCount, int validBanks, List<Long> banks)
      implements SchedulerMessage {
    /// Copies the list; the parts must agree.
    public Bitset {
      banks = List.copyOf(banks);
      if (Integer.bitCount(validBanks) != banks.size()
          || validBanks < 0
          || validBanks >= 1 << (BITSET_VPS / 64)
          || banks.stream().mapToInt(Long::bitCount).sum() != vpCount) {
        throw new IllegalArgumentException("a bitset whose parts disagree");
      }
    }

    @Override
    public int type() {
      return BITSET_TYPE;
    }

    @Override
    public List<Name> names() {
      List<Name> names = new ArrayList<>();
      int at = 0;
      for (int bank = 0; bank < BITSET_VPS / 64; bank++) {
        if ((validBanks & (1 << bank)) != 0) {
          for (long bits = banks.get(at++); bits != 0; bits &= bits - 1) {
            names.add(new Name(partitionId, (bank * 64) + Long.numberOfTrailingZeros(bits)));
          }
        }
      }
      return names;
    }
  }

  /// Up to 19 VPs of any partitions.
  record Pairs(int overflowCount, List<Name> names) implements SchedulerMessage {
    /// Copies the list, which must fit.
    public Pairs {
      names = List.copyOf(names);
      if (names.size() > PAIRS_MAX) {
        throw new IllegalArgumentException("a message holds " + PAIRS_MAX + " pairs");
      }
    }

    @Override
    public int type() {
      return PAIR_TYPE;
    }
  }

  /// Names VPs of one partition in a bitset; those from 1024 up do not fit and are counted.
  static Bitset bitset(long partitionId, List<Integer> vps) {
    long[] bank = new long[BITSET_VPS / 64];
    int overflow = 0;
    for (int vp : new TreeSet<>(vps)) {
      if (vp < BITSET_VPS) {
        bank[vp / 64] |= 1L << (vp % 64);
      } else {
        overflow++;
      }
    }
    int valid = 0;
    int count = 0;
    List<Long> banks = new ArrayList<>();
    for (int b = 0; b < bank.length; b++) {
      if (bank[b] != 0) {
        valid |= 1 << b;
        count += Long.bitCount(bank[b]);
        banks.add(bank[b]);
      }
    }
    return new Bitset(partitionId, overflow, count, valid, banks);
  }

  /// Names VPs in pairs; those after the 19th do not fit and are counted.
  static Pairs pairs(List<Name> vps) {
    int fit = Math.min(vps.size(), PAIRS_MAX);
    return new Pairs(vps.size() - fit, vps.subList(0, fit));
  }
}
