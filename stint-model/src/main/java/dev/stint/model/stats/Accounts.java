package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import java.util.Arrays;

/// The books of a [Ledger]: per entity its status, since when, and what every status has cost so
/// far.
final class Accounts {
  /*
   * A status is a long: RUN, BLOCKED, UNKNOWN, or a wait code (reason ordinal << 32 |
   * occupant + 1), which is never negative. Time is paid to the old status when the status changes,
   * never earlier, so an entity whose status does not change costs nothing.
   *
   * Wake latency: a wake-up is pending (readyNs >= 0) until the entity has run for a positive time,
   * or blocks again: a task that had nothing to compute ran too, for no time.
   */
  static final long RUN = -1;
  static final long BLOCKED = -2;
  static final long UNKNOWN = -3;
  private static final WaitReason[] WAITS = WaitReason.values();
  private static final int REASON_COUNT = WAITS.length;
  private static final int SMT_KIND = CostKind.SMT.ordinal();
  private static final long NOT_PENDING = -1;

  private final long[] status;
  private final long[] sinceNs;
  private final long[] readyNs;
  private final long[] runNs;
  private final long[] blockedNs;
  private final long[] unknownNs;
  private final long[] waitNs;
  private final long[] dispatches;
  private final long[] switches;
  private final long[] migrations;
  private final int[] lastProcessor;
  private final Histograms wakeLatency;
  private final TheftTable theft = new TheftTable();
  private final LostTimes lost;
  private final HeldSums heldSums;
  private final SpanSink spans;

  Accounts(int count, SpanSink spans) {
    this.spans = spans;
    status = new long[count];
    Arrays.fill(status, BLOCKED);
    sinceNs = new long[count];
    readyNs = new long[count];
    Arrays.fill(readyNs, NOT_PENDING);
    runNs = new long[count];
    blockedNs = new long[count];
    unknownNs = new long[count];
    waitNs = new long[count * REASON_COUNT];
    dispatches = new long[count];
    switches = new long[count];
    migrations = new long[count];
    lastProcessor = new int[count];
    Arrays.fill(lastProcessor, Entities.NONE);
    wakeLatency = new Histograms(count);
    lost = new LostTimes(count);
    heldSums = new HeldSums(count);
  }

  static long wait(WaitReason reason, int occupant) {
    return ((long) reason.ordinal() << 32) | (occupant - Entities.NONE);
  }

  static WaitReason reason(long waitStatus) {
    return WAITS[(int) (waitStatus >>> 32)];
  }

  static int occupant(long waitStatus) {
    return (int) waitStatus + Entities.NONE;
  }

  long status(int id) {
    return status[id];
  }

  void change(int id, long newStatus, long nowNs) {
    pay(id, nowNs);
    heldSums.change(id, status[id] == RUN, newStatus == RUN, nowNs);
    status[id] = newStatus;
    spans.begins(id, newStatus, nowNs);
  }

  void pay(int id, long nowNs) {
    long startNs = sinceNs[id];
    long elapsedNs = nowNs - startNs;
    if (elapsedNs == 0) {
      return;
    }
    sinceNs[id] = nowNs;
    long paid = status[id];
    spans.span(id, paid, startNs, nowNs);
    if (paid == RUN) {
      runNs[id] += elapsedNs;
      if (readyNs[id] >= 0 && readyNs[id] < nowNs) {
        recordWake(id, Math.max(startNs, readyNs[id]));
      }
    } else if (paid == BLOCKED) {
      blockedNs[id] += elapsedNs;
    } else if (paid == UNKNOWN) {
      unknownNs[id] += elapsedNs;
      readyNs[id] = readyNs[id] < nowNs ? NOT_PENDING : readyNs[id];
    } else {
      int reason = (int) (paid >>> 32);
      waitNs[id * REASON_COUNT + reason] += elapsedNs;
      theft.add(TheftTable.key(id, reason, occupant(paid)), elapsedNs);
    }
  }

  /// Of the time that the entity held a processor, so much was lost.
  void lost(int id, int kind, long ns, int cause) {
    lost.add(id, kind, ns);
    if (kind == SMT_KIND) {
      waitNs[id * REASON_COUNT + WaitReason.SMT.ordinal()] += ns;
      theft.add(TheftTable.key(id, WaitReason.SMT.ordinal(), cause), ns);
    }
  }

  LostTimes lost() {
    return lost;
  }

  void woken(int id, long nowNs) {
    readyNs[id] = nowNs;
  }

  void rested(int id, long nowNs) {
    if (readyNs[id] >= 0 && status[id] != UNKNOWN) {
      recordWake(id, status[id] == RUN ? Math.max(sinceNs[id], readyNs[id]) : nowNs);
    }
    readyNs[id] = NOT_PENDING;
  }

  private void recordWake(int id, long startNs) {
    wakeLatency.record(id, startNs - readyNs[id]);
    spans.wake(id, startNs - readyNs[id]);
    readyNs[id] = NOT_PENDING;
  }

  void dispatched(int id, int processor) {
    dispatches[id]++;
    if (lastProcessor[id] != processor) {
      if (lastProcessor[id] != Entities.NONE) {
        migrations[id]++;
      }
      lastProcessor[id] = processor;
    }
  }

  void switchedOut(int id) {
    switches[id]++;
  }

  long heldNs(int id) {
    return runNs[id];
  }

  long blockedNs(int id) {
    return blockedNs[id];
  }

  long unknownNs(int id) {
    return unknownNs[id];
  }

  long waitNs(int id, int reason) {
    return waitNs[id * REASON_COUNT + reason];
  }

  /// From now on sums up what these entities hold, for [#heldNsUntil]; an entity is in one sum at
  /// most.
  int sumHeld(int[] ids) {
    int group = heldSums.add();
    for (int id : ids) {
      heldSums.add(group, id, runNs[id], status[id] == RUN, sinceNs[id]);
    }
    return group;
  }

  /// What the entities of a sum have held, up to a time since which no status has changed.
  long heldNsUntil(int group, long timeNs) {
    return heldSums.heldNsUntil(group, timeNs);
  }

  /// As [#waitNs], up to a time since which the status has not changed.
  long waitNsUntil(int id, WaitReason reason, long timeNs) {
    boolean now = status[id] >= 0 && (int) (status[id] >>> 32) == reason.ordinal();
    return waitNs(id, reason.ordinal()) + (now ? timeNs - sinceNs[id] : 0);
  }

  long dispatches(int id) {
    return dispatches[id];
  }

  long switches(int id) {
    return switches[id];
  }

  long migrations(int id) {
    return migrations[id];
  }

  LatencyHistogram wakeLatency(int id) {
    return wakeLatency.of(id);
  }

  TheftTable theft() {
    return theft;
  }

  /// Pays everybody up to now and checks the identities.
  void finish(Entities entities, long nowNs) {
    for (int id = 0; id < status.length; id++) {
      if (entities.get(id).kind().accounted()) {
        pay(id, nowNs);
        checkWall(id, nowNs);
      }
    }
    checkTheft();
  }

  private void checkWall(int id, long wallNs) {
    long restNs = wallNs - runNs[id] - blockedNs[id] - unknownNs[id];
    for (int reason = 0; reason < REASON_COUNT; reason++) {
      restNs -= WAITS[reason].whileHeld() ? 0 : waitNs(id, reason);
    }
    lost.check(id, runNs[id]);
    Invariant.check(restNs == 0, "wall = run + wait + blocked + unknown: residual", restNs, id);
  }

  private void checkTheft() {
    long[] stolenNs = new long[waitNs.length];
    for (long key : theft.sortedKeys()) {
      stolenNs[TheftTable.victim(key) * REASON_COUNT + TheftTable.reason(key)] += theft.ns(key);
    }
    for (int i = 0; i < waitNs.length; i++) {
      Invariant.check(stolenNs[i] == waitNs[i], "theft sums to wait", stolenNs[i], waitNs[i]);
    }
  }

  /// One line per entity that has an account.
  String describe(Entities entities) {
    StringBuilder text = new StringBuilder();
    for (int id = 0; id < entities.count(); id++) {
      if (entities.get(id).kind().accounted()) {
        text.append(entities.path(id)).append(describe(id, entities)).append('\n');
      }
    }
    return text.toString();
  }

  /// The account as text: ` run 5 blocked 2 guest.queue 3 (l1vh/task:B 3)`, without what is 0.
  String describe(int id, Entities entities) {
    StringBuilder text = new StringBuilder();
    append(text, "run", runNs[id] - lost.totalNs(id));
    lost.describe(text, id);
    append(text, "blocked", blockedNs[id]);
    append(text, "unknown", unknownNs[id]);
    for (WaitReason reason : WAITS) {
      append(text, reason.text(), waitNs(id, reason.ordinal()));
      String separator = " (";
      for (long key : theft.sortedKeys()) {
        if (TheftTable.victim(key) == id && TheftTable.reason(key) == reason.ordinal()) {
          String occupant = entities.path(TheftTable.occupant(key));
          text.append(separator).append(occupant).append(' ').append(theft.ns(key));
          separator = ", ";
        }
      }
      text.append(separator.equals(" (") ? "" : ")");
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String what, long ns) {
    if (ns != 0) {
      text.append(' ').append(what).append(' ').append(ns);
    }
  }
}
