package dev.stint.model.sim;

import dev.stint.model.time.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The clock and the event loop: timers in total order, and scheduling decisions deferred to the
/// end of each instant.
///
/// At one instant, all expired timers run first, by rank and then in order of arming; then deferred
/// work runs in order of request until none is left; if that armed timers for the same instant, the
/// instant goes on. Observers ([#afterEachInstant]) then see a settled state, and time moves on.
public final class Simulation {
  /// More rounds than this at one instant mean that the model spins without time passing.
  static final int ROUNDS_PER_INSTANT_MAX = 100_000;

  private final TimerQueue queue = new TimerQueue();
  private final DeferredQueue deferred = new DeferredQueue();
  private final List<Runnable> observers = new ArrayList<>();
  private final RandomStreams randomStreams;
  private TimerHandler[] handlers = new TimerHandler[64];
  private Deferred[] works = new Deferred[64];
  private int workCount;
  private long nowNs;
  private long eventCount;

  /// A simulation at time 0 whose random streams derive from `seed`.
  public Simulation(long seed) {
    randomStreams = new RandomStreams(seed);
  }

  /// The current time.
  public long nowNs() {
    return nowNs;
  }

  /// How many timers have expired so far.
  public long eventCount() {
    return eventCount;
  }

  /// The run's named random streams.
  public RandomStreams random() {
    return randomStreams;
  }

  /// Makes an unarmed timer; `rank` is one of [TimerRank].
  public int newTimer(int rank, TimerHandler handler) {
    int timer = queue.add(rank);
    if (timer >= handlers.length) {
      handlers = Arrays.copyOf(handlers, timer * 2);
    }
    handlers[timer] = handler;
    return timer;
  }

  /// Arms a timer, or moves it if it is armed. `timeNs` is not before now.
  public void arm(int timer, long timeNs) {
    Invariant.check(timeNs >= nowNs, "a timer is not armed in the past", timeNs, nowNs);
    queue.arm(timer, timeNs);
  }

  /// Disarms a timer; says whether it was armed.
  public boolean cancel(int timer) {
    return queue.cancel(timer);
  }

  /// Whether a timer is armed.
  public boolean armed(int timer) {
    return queue.armed(timer);
  }

  /// Makes work that [#defer] can ask for, and returns its id.
  public int newDeferred(Deferred work) {
    if (workCount == works.length) {
      works = Arrays.copyOf(works, workCount * 2);
    }
    works[workCount] = work;
    return workCount++;
  }

  /// Runs the work with this id at the end of this instant, after all its timers; each request runs
  /// once.
  public void defer(int work) {
    deferred.add(work);
  }

  /// Calls `observer` after every instant, when nothing is deferred any more.
  public void afterEachInstant(Runnable observer) {
    observers.add(observer);
  }

  /// Runs everything up to and including `untilNs`; the clock then stands there.
  public void run(long untilNs) {
    Invariant.check(untilNs >= nowNs, "time does not run backwards", untilNs, nowNs);
    Invariant.check(untilNs < TimerQueue.FAR_NS, "a run takes less than two years", untilNs);
    settleInstant();
    while (queue.nextTimeNs() <= untilNs) {
      nowNs = queue.nextTimeNs();
      settleInstant();
    }
    nowNs = untilNs;
  }

  private void settleInstant() {
    for (int rounds = 0; rounds < ROUNDS_PER_INSTANT_MAX; rounds++) {
      while (queue.nextTimeNs() == nowNs) {
        int timer = queue.poll();
        eventCount++;
        handlers[timer].expire(nowNs, timer);
      }
      if (deferred.isEmpty()) {
        observe();
        return;
      }
      works[deferred.remove()].runDeferred(nowNs);
    }
    Invariant.check(false, "an instant ends after finitely many rounds", nowNs);
  }

  private void observe() {
    for (int i = 0; i < observers.size(); i++) {
      observers.get(i).run();
    }
  }
}
