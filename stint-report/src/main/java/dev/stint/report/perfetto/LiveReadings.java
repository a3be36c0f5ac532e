package dev.stint.report.perfetto;

import dev.stint.model.stack.WatchedRun;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.LiveState;
import dev.stint.report.perfetto.TrackTree.Counter;
import java.util.Arrays;

/// Reads what no event says and only a live run knows: the lag of tasks and threads, and what is
/// left of groups' quotas. What is unknown or as before is not recorded.
final class LiveReadings {
  private final Entities entities;
  private final LiveState live;
  private final Tape tape;
  private final boolean[] laggard;
  private final int[] group;
  private final boolean[] limited;
  private final long[] shown;

  LiveReadings(WatchedRun run, Tape tape) {
    entities = run.entities();
    live = run.live();
    this.tape = tape;
    int count = entities.count();
    laggard = new boolean[count];
    group = new int[count];
    limited = new boolean[count];
    shown = new long[count];
    Arrays.fill(shown, LiveState.UNKNOWN);
    boolean mayChange = run.scenario().changesSettings();
    for (Entity entity : entities.all()) {
      int id = entity.id();
      laggard[id] = entity.kind() == EntityKind.TASK || entity.kind() == EntityKind.THREAD;
      group[id] = above(entity);
      limited[id] =
          entity.kind() == EntityKind.GROUP
              && (mayChange || live.quotaLeftNs(id) != LiveState.UNKNOWN);
    }
  }

  /// The group that an entity is in, or a group below which a group is.
  private int above(Entity entity) {
    int id = entity.kind() == EntityKind.GROUP ? entity.parent() : entity.group();
    boolean isGroup = id != Entities.NONE && entities.get(id).kind() == EntityKind.GROUP;
    return isGroup ? id : Entities.NONE;
  }

  /// Looks at a task or thread that was switched or throttled, and at the groups that it is in.
  void look(int id) {
    if (id == Entities.NONE || !laggard[id]) {
      return;
    }
    show(Counter.LAG, id, live.lagNs(id));
    for (int each = group[id]; each != Entities.NONE; each = group[each]) {
      if (limited[each]) {
        show(Counter.QUOTA_LEFT, each, live.quotaLeftNs(each));
      }
    }
  }

  private void show(Counter counter, int id, long value) {
    if (value != shown[id] && value != LiveState.UNKNOWN) {
      shown[id] = value;
      tape.reading(id, counter, value);
    }
  }
}
