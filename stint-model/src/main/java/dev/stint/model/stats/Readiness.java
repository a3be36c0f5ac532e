package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Follows who is ready, in families that have no leaf in common: what runs, waits or is throttled.
///
/// It reads what was received from a ledger, which must be given every event first.
public final class Readiness implements TraceSink {
  private static final int READY_ORDINAL = PreviousState.READY.ordinal();

  private final List<ReadySets> families = new ArrayList<>();
  private final int[] familyOf;
  private final int[] leafOf;
  private final int[] changed;
  private final boolean[] isChanged;
  private int changedCount;
  private long nowNs;

  /// Starts with nobody ready.
  public Readiness(Ledger ledger, List<ReadyFamily> families) {
    familyOf = new int[ledger.entities().count()];
    Arrays.fill(familyOf, Entities.NONE);
    leafOf = new int[familyOf.length];
    changed = new int[families.size()];
    isChanged = new boolean[families.size()];
    for (ReadyFamily family : families) {
      for (int leaf = 0; leaf < family.leaves().size(); leaf++) {
        int id = family.leaves().get(leaf);
        Invariant.check(familyOf[id] == Entities.NONE, "a leaf is of one family", id);
        familyOf[id] = this.families.size();
        leafOf[id] = leaf;
      }
      this.families.add(new ReadySets(family, ledger.accounts()));
    }
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (timeNs != nowNs) {
      advance(timeNs);
    }
    switch (kind) {
      case SWITCH -> {
        if (b != Entities.NONE && d != READY_ORDINAL) {
          set(b, false);
        }
        if (c != Entities.NONE) {
          set(c, true);
        }
      }
      case READY -> set(a, true);
      case UNKNOWN -> set(a, false);
      case ENTER -> set(b, true);
      case LEAVE -> set(b, c == READY_ORDINAL);
      case MOVE, THROTTLE, UNTHROTTLE, HOLD, COST -> {}
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  private void set(int id, boolean ready) {
    int family = familyOf[id];
    if (family == Entities.NONE || !families.get(family).set(leafOf[id], ready)) {
      return;
    }
    if (!isChanged[family]) {
      isChanged[family] = true;
      changed[changedCount++] = family;
    }
  }

  private void advance(long timeNs) {
    for (int i = 0; i < changedCount; i++) {
      families.get(changed[i]).settle(nowNs);
      isChanged[changed[i]] = false;
    }
    changedCount = 0;
    nowNs = timeNs;
  }

  /// Books the time up to the end of the run, to which the ledger must have been brought.
  public void finish(long endNs) {
    advance(endNs);
    families.forEach(family -> family.finish(endNs));
  }

  /// What became of a family, in the order in which they were given.
  public ReadySets family(int index) {
    return families.get(index);
  }
}
