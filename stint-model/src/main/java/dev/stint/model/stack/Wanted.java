package dev.stint.model.stack;

import dev.stint.model.predict.Demand;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.stats.Ledger;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.ReplayedJob;
import dev.stint.model.workload.WorkloadSpec;
import java.util.List;
import java.util.function.ToLongBiFunction;

/// How much processor time tasks and guests want of a run.
final class Wanted {
  private final Stack stack;
  private final Ledger ledger;
  private final long durationNs;

  Wanted(Stack stack, Ledger ledger, long durationNs) {
    this.stack = stack;
    this.ledger = ledger;
    this.durationNs = durationNs;
  }

  /// The work that a task was given from outside, however it was scheduled; [Demand#UNLIMITED] for
  /// one that would use whatever it is given while it is ready, or whose own progress decides what
  /// it has to do.
  long workNs(TaskSpec spec, int id) {
    return switch (spec.workload()) {
      case WorkloadSpec.Batch _, WorkloadSpec.Periodic _, WorkloadSpec.Requests _ ->
          averageNs(spec, id);
      case WorkloadSpec.Replay replay ->
          replay.jobs().stream().anyMatch(job -> job.runNs() == TaskControl.FOREVER)
              ? Demand.UNLIMITED
              : averageNs(spec, id);
      case WorkloadSpec.Busy _,
          WorkloadSpec.OnOff _,
          WorkloadSpec.PingPong _,
          WorkloadSpec.Barrier _,
          WorkloadSpec.Io _ ->
          Demand.UNLIMITED;
    };
  }

  /// The work of all of a guest's tasks, within the quotas of its cgroups and its VPs, or
  /// [Demand#UNLIMITED].
  long workNs(Guest guest) {
    return ofGuest(guest, this::workNs);
  }

  /// Whether what a guest wants can wait: nobody in it asks only at certain times.
  static boolean canWait(Guest guest) {
    return guest.spec.tasks().stream()
        .allMatch(spec ->
            switch (spec.workload()) {
              case WorkloadSpec.Batch _,
                  WorkloadSpec.Periodic _,
                  WorkloadSpec.Requests _,
                  WorkloadSpec.Replay _,
                  WorkloadSpec.Busy _ ->
                  true;
              case WorkloadSpec.OnOff _,
                  WorkloadSpec.PingPong _,
                  WorkloadSpec.Barrier _,
                  WorkloadSpec.Io _ ->
                  false;
            });
  }

  /// The processor time that a task would have used, had it never waited; where its own progress
  /// decides that (it waits for others), what it did use.
  long averageNs(TaskSpec spec, int id) {
    long span = durationNs - spec.startNs();
    long demand =
        switch (spec.workload()) {
          case WorkloadSpec.Busy() -> span;
          case WorkloadSpec.Batch batch -> batch.workNs();
          case WorkloadSpec.Periodic p -> Math.ceilDiv(span, p.periodNs()) * p.runNs();
          case WorkloadSpec.OnOff o -> (long) ((double) span / (o.onNs() + o.offNs()) * o.onNs());
          case WorkloadSpec.Replay replay -> replayedNs(replay, durationNs);
          case WorkloadSpec.Requests _ -> ledger.metric(id, Metric.OFFERED).sumNs();
          case WorkloadSpec.PingPong _, WorkloadSpec.Barrier _, WorkloadSpec.Io _ ->
              ledger.heldNs(id);
        };
    return Math.clamp(demand, 0, Math.max(0, span));
  }

  /// The work of the jobs that came before the end.
  private static long replayedNs(WorkloadSpec.Replay replay, long endNs) {
    long sumNs = 0;
    for (ReplayedJob job : replay.jobs()) {
      if (job.atNs() < endNs) {
        sumNs += Math.min(job.runNs(), endNs - job.atNs());
      }
    }
    return sumNs;
  }

  /// What a whole guest wants, its children included: its tasks' demand, within its cgroups' quotas
  /// and its VPs.
  long averageNs(Guest guest) {
    return ofGuest(guest, this::averageNs);
  }

  private long ofGuest(Guest guest, ToLongBiFunction<TaskSpec, Integer> ofTask) {
    long wanted = ofGroups(guest, "", guest.spec.groups(), ofTask);
    for (Guest child : stack.guests()) {
      if (guest.spec.children().contains(child.spec)) {
        wanted = sum(wanted, ofGuest(child, ofTask));
      }
    }
    return wanted == Demand.UNLIMITED ? wanted : Math.min(wanted, durationNs * guest.spec.vps());
  }

  private long ofGroups(
      Guest guest,
      String groupPath,
      List<GroupSpec> groups,
      ToLongBiFunction<TaskSpec, Integer> ofTask) {
    long wanted = 0;
    for (TaskSpec spec : guest.spec.tasks()) {
      if (spec.group().equals(groupPath)) {
        wanted = sum(wanted, ofTask.applyAsLong(spec, guest.task(spec.name()).id()));
      }
    }
    String prefix = groupPath.isEmpty() ? "" : groupPath + "/";
    for (GroupSpec spec : groups) {
      long below = ofGroups(guest, prefix + spec.name(), spec.groups(), ofTask);
      long limit =
          spec.quota()
              .map(q -> (long) ((double) durationNs / q.periodNs() * q.quotaNs()))
              .orElse(Demand.UNLIMITED);
      wanted = sum(wanted, Math.min(below, limit));
    }
    return wanted;
  }

  private static long sum(long a, long b) {
    return a == Demand.UNLIMITED || b == Demand.UNLIMITED ? Demand.UNLIMITED : a + b;
  }
}
