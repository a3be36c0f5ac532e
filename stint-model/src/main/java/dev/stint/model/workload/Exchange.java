package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Metric;
import org.jspecify.annotations.Nullable;

/// A token that two tasks pass to and fro, as over a pair of pipes. Passing it on and waiting for
/// it are two calls of the kernel: the woken partner may preempt the waker between them, before it
/// sleeps.
final class Exchange {
  private final Player[] players = new Player[2];
  private int playerCount;
  private int holder;

  Program join(long workNs) {
    Invariant.check(playerCount < 2, "an exchange has two players");
    Player player = new Player(playerCount, workNs);
    players[playerCount++] = player;
    return player;
  }

  private final class Player implements Program {
    private final int index;
    private final long workNs;
    private @Nullable TaskControl control;
    private boolean working;
    private long servedNs = -1;

    Player(int index, long workNs) {
      this.index = index;
      this.workNs = workNs;
    }

    @Override
    public void step(TaskControl task, long nowNs) {
      control = task;
      if (working) {
        working = false;
        holder = 1 - index;
        servedNs = nowNs;
        TaskControl partner = players[holder].control;
        if (partner != null) {
          partner.signal(nowNs, task.id(), true);
        }
        task.sleepUntil(nowNs);
        return;
      }
      if (holder != index) {
        task.block();
        return;
      }
      if (servedNs >= 0) {
        task.sample(nowNs, Metric.ROUND_TRIP, nowNs - servedNs);
      }
      working = true;
      task.compute(workNs);
    }
  }
}
