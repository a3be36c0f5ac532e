package dev.stint.scenario.trace;

import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.ReplayedJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Folds an event stream into what each task asked for: when it woke, and for how long it ran until
/// it slept again. A job that unknown time cuts off is taken for as long as it is known to have
/// run.
final class Activations implements TraceSink {
  private static final int READY = PreviousState.READY.ordinal();

  /// Jobs kept of all tasks together: more than a scenario's text can hold.
  static final int JOBS_MAX = 500_000;

  private final Life[] lives;
  private final int[] current;
  private int jobCount;

  private static final class Life {
    private final List<ReplayedJob> jobs = new ArrayList<>();
    private boolean open;
    private boolean slept;
    private long wokeNs;
    private long runNs;
    private long sinceNs;

    void begin(long timeNs) {
      if (!open) {
        open = true;
        wokeNs = timeNs;
        runNs = 0;
      }
    }
  }

  Activations(int entityCount) {
    lives = new Life[entityCount];
    Arrays.setAll(lives, _ -> new Life());
    current = new int[entityCount];
    Arrays.fill(current, Entities.NONE);
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    switch (kind) {
      case READY, MOVE -> lives[a].begin(timeNs);
      case SWITCH -> {
        if (b != Entities.NONE) {
          leave(lives[b], timeNs);
          if (d != READY) {
            lives[b].slept = true;
            end(lives[b]);
          }
        }
        current[a] = c;
        if (c != Entities.NONE) {
          lives[c].begin(timeNs);
          lives[c].sinceNs = timeNs;
        }
      }
      case UNKNOWN -> {
        if (current[a] != Entities.NONE) {
          leave(lives[current[a]], timeNs);
          end(lives[current[a]]);
          current[a] = Entities.NONE;
        }
        end(lives[a]);
      }
      case THROTTLE, UNTHROTTLE, ENTER, LEAVE, HOLD, COST -> {}
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  private static void leave(Life life, long timeNs) {
    life.runNs += timeNs - life.sinceNs;
  }

  private void end(Life life) {
    if (life.open && life.runNs > 0 && jobCount < JOBS_MAX) {
      life.jobs.add(new ReplayedJob(life.wokeNs, life.runNs));
      jobCount++;
    }
    life.open = false;
  }

  /// The jobs of a task up to the end: one that never slept works for ever.
  List<ReplayedJob> jobs(int id, long endNs) {
    Life life = lives[id];
    if (!life.open) {
      return List.copyOf(life.jobs);
    }
    boolean running = Arrays.stream(current).anyMatch(task -> task == id);
    long runNs = life.runNs + (running ? endNs - life.sinceNs : 0);
    List<ReplayedJob> jobs = new ArrayList<>(life.jobs);
    if (!life.slept) {
      jobs.add(new ReplayedJob(life.wokeNs, TaskControl.FOREVER));
    } else if (runNs > 0) {
      jobs.add(new ReplayedJob(life.wokeNs, runNs));
    }
    return jobs;
  }

  /// Whether not all jobs were kept.
  boolean full() {
    return jobCount == JOBS_MAX;
  }
}
