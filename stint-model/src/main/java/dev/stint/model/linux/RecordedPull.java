package dev.stint.model.linux;

import dev.stint.model.linux.RecordedEvent.Migration;
import dev.stint.model.linux.ReplayResult.Disagreement;
import dev.stint.model.linux.ReplayResult.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges the attempts to balance of a recorded kernel that moved tasks: at that instant, would the
/// model's balancer on that CPU have taken the same tasks from the same CPU, in the same order, and
/// then have stopped?
final class RecordedPull {
  /*
   * How often the CPU had tried in vain before is not recorded, but decides how large a task may
   * go. It is one of 0..FAILURES_MAX, and no more than there was time for since the CPU's last
   * pull: a set of candidates, as bits, from which every task that the kernel took or left strikes
   * those that would have done otherwise. The attempt is equal if one is left.
   *
   * The kernel's tasks are really detached between one judgement and the next, so that what their
   * going changes is as in the kernel: the part of the CPU's load that each of the remaining tasks
   * of a group is, for one.
   */
  private static final int FAILURES_MAX = 7;

  private final LinuxKernel kernel;
  private final ReplayTally tally;
  private final BusiestGroup busiestGroup;
  private final long[] lastPullJiffy;

  private @Nullable BalanceAttempt attempt;
  private @Nullable Runqueue source;
  private int candidates;
  private int examinedMax;
  private final List<String> taken = new ArrayList<>();
  private String model = "";
  private String state = "";

  RecordedPull(LinuxKernel kernel, ReplayTally tally) {
    this.kernel = kernel;
    this.tally = tally;
    busiestGroup = new BusiestGroup(kernel);
    lastPullJiffy = new long[kernel.cpuCount()];
    Arrays.fill(lastPullJiffy, Long.MIN_VALUE / 2);
  }

  /// A task that is queued is about to be moved as recorded: the first of an attempt, or a further
  /// one.
  void detaching(Migration event, Task task, long nowNs) {
    if (attempt == null) {
      begin(event, nowNs);
    }
    if (attempt != null) {
      taken.add(task.name());
      walk(attempt, task, nowNs);
    }
  }

  /// Only what a CPU pulls to itself is its own attempt for itself.
  private void begin(Migration event, long nowNs) {
    SchedDomain domain = kernel.smp.domains.lowest(event.to());
    if (event.cpu() != event.to() || domain == null) {
      return;
    }
    Runqueue home = kernel.runqueue(event.to());
    attempt = domain.attempt;
    attempt.begin(kind(event, home));
    taken.clear();
    model = "";
    state = tally.describes() ? kernel.toString() : "";
    BlockedLoad.decay(home, nowNs);
    SchedGroup group = busiestGroup.find(attempt);
    source = group == null ? null : busiestGroup.findSource(attempt, group);
    candidates = (1 << (failuresMax(attempt, nowNs) + 1)) - 1;
    lastPullJiffy[home.cpu] = kernel.jiffy(nowNs);
    if (source == null || source.cpu != event.from()) {
      reject(source == null ? "finds balance" : "pulls from cpu" + source.cpu);
      return;
    }
    examinedMax = DetachTasks.examinedMax(source);
  }

  private static IdleKind kind(Migration event, Runqueue home) {
    if (event.forIdling()) {
      return IdleKind.NEWLY_IDLE;
    }
    return home.idle() ? IdleKind.IDLE : IdleKind.BUSY;
  }

  /// A busy CPU's attempts are at least its shortest interval apart, and the last one did not fail.
  private int failuresMax(BalanceAttempt now, long nowNs) {
    if (now.idle != IdleKind.BUSY) {
      return FAILURES_MAX;
    }
    long shortest =
        PeriodicBalance.intervalJiffies(
            now.domain.cpuCount, true, kernel.config.hz(), kernel.cpuCount());
    long attempts = (kernel.jiffy(nowNs) - lastPullJiffy[now.home.cpu]) / shortest;
    return Math.clamp(attempts - 1, 0, FAILURES_MAX);
  }

  /// Passes over the tasks that the kernel left where they were, up to the one that it took; null
  /// at the attempt's end.
  private void walk(BalanceAttempt now, @Nullable Task until, long nowNs) {
    if (candidates == 0 || source == null) {
      return;
    }
    TaskList list = source.balance.tasks;
    boolean done = until == null && now.idle == IdleKind.NEWLY_IDLE;
    for (int left = list.size(); left > 0 && !done && now.imbalance > 0; left--) {
      boolean last = now.forIdle() && source.queuedTaskCount <= 1;
      Task task = list.oldest();
      if (task == null || last || ++now.examinedCount > examinedMax) {
        break;
      }
      int takers = takers(now, task, source, nowNs);
      if (task == until) {
        strike(takers, "leaves " + task.name());
        kernel.smp.tasks.count(now, task, nowNs);
        return;
      }
      strike(~takers, "takes " + task.name());
      list.moveFirst(task);
    }
    if (until != null) {
      reject("stops before " + until.name());
    }
  }

  /// With which numbers of failures the model takes a task.
  private int takers(BalanceAttempt now, Task task, Runqueue from, long nowNs) {
    int found = 0;
    int failed = now.domain.failedCount;
    for (int failures = 0; failures <= FAILURES_MAX; failures++) {
      now.domain.failedCount = failures;
      if (kernel.smp.tasks.takes(now, task, from, nowNs)) {
        found |= 1 << failures;
      }
    }
    now.domain.failedCount = failed;
    return found;
  }

  private void strike(int remaining, String otherwise) {
    if ((candidates & remaining) == 0) {
      reject(otherwise);
    }
    candidates &= remaining;
  }

  private void reject(String otherwise) {
    candidates = 0;
    model = model.isEmpty() ? otherwise : model;
  }

  /// The attempt's last task is detached.
  void end(long nowNs) {
    BalanceAttempt now = attempt;
    if (now == null) {
      return;
    }
    walk(now, null, nowNs);
    attempt = null;
    tally.pulls++;
    if (candidates != 0) {
      tally.equalPulls++;
      return;
    }
    String kernels = String.join(", ", taken);
    String why = now.idle + " " + busiestGroup + " " + model;
    tally.note(
        new Disagreement(nowNs, now.home.cpu, Kind.PULL, "balancing", kernels, why, 0, state));
  }
}
