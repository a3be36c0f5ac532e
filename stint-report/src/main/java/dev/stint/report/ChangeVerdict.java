package dev.stint.report;

import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the integrated scheduler changes: for the family, and for everybody outside it.
final class ChangeVerdict {
  private static final int LISTED_MOST = 3;

  private final Scenario scenario;
  private final Layout layout;
  private final List<RunIndex> runs;

  ChangeVerdict(Scenario scenario, Layout layout, List<RunIndex> runs) {
    this.scenario = scenario;
    this.layout = layout;
    this.runs = runs;
  }

  void write(VerdictWriter writer) {
    Optional<RunIndex> before =
        runs.stream().filter(ShareVerdict::hypervisorSchedules).reduce((_, last) -> last);
    Optional<RunIndex> after =
        runs.stream().filter(run -> run.assembly().equals("integrated")).findFirst();
    if (before.isPresent() && after.isPresent()) {
      family(before.get(), after.get(), writer);
      response(before.get(), after.get(), writer);
      outside(before.get(), after.get(), writer);
    }
  }

  private void family(RunIndex before, RunIndex after, VerdictWriter writer) {
    double errorBefore = Judged.largestError(Judged.of(layout, before));
    double errorAfter = Judged.largestError(Judged.of(layout, after));
    long hypervisorBefore = familyWaitNs(before, WaitReason.HYPERVISOR_WAIT);
    long hypervisorAfter = familyWaitNs(after, WaitReason.HYPERVISOR_WAIT);
    long queueBefore = familyWaitNs(before, WaitReason.VMM_QUEUE);
    long queueAfter = familyWaitNs(after, WaitReason.VMM_QUEUE);
    String waits =
        "hypervisor.wait from "
            + Numbers.duration(hypervisorBefore)
            + " to "
            + Numbers.duration(hypervisorAfter)
            + ", vmm.queue from "
            + Numbers.duration(queueBefore)
            + " to "
            + Numbers.duration(queueAfter);
    VerdictWriter.Figures figures =
        new VerdictWriter.Figures()
            .with("largest_relative_error_before", errorBefore)
            .with("largest_relative_error_after", errorAfter)
            .with("hypervisor.wait_before_ns", hypervisorBefore)
            .with("hypervisor.wait_after_ns", hypervisorAfter)
            .with("vmm.queue_before_ns", queueBefore)
            .with("vmm.queue_after_ns", queueAfter);
    boolean moves = waitingMoves(figures.numbers());
    String text =
        "The integrated scheduler changes the largest error from "
            + Numbers.percent(errorBefore)
            + " under "
            + before.assembly()
            + " to "
            + Numbers.percent(errorAfter)
            + (moves
                ? ": waiting moves from the hypervisor to the runqueues of the L1VH, where its "
                    + "cgroups decide ("
                : "; its VMs waited elsewhere (")
            + waits
            + ").";
    writer.say(text, List.of(writer.find("integrated-changes", text, figures)));
  }

  /// Whether the figures of an `integrated-changes` say that waiting moves from the hypervisor to
  /// the L1VH's runqueues.
  static boolean waitingMoves(Map<String, Double> numbers) {
    return of(numbers, "hypervisor.wait_after_ns") < of(numbers, "hypervisor.wait_before_ns")
        && of(numbers, "vmm.queue_after_ns") > of(numbers, "vmm.queue_before_ns");
  }

  private static double of(Map<String, Double> numbers, String name) {
    return numbers.getOrDefault(name, 0.0);
  }

  /// The waiting of the children's VPs and of the parents' own tasks.
  private long familyWaitNs(RunIndex run, WaitReason reason) {
    List<Subject> members = new ArrayList<>(layout.familyPartitions());
    for (Subject task : layout.tasks()) {
      if (layout.partitionOf(task.path()).filter(layout.parents()::contains).isPresent()) {
        members.add(task);
      }
    }
    long ns = 0;
    for (Subject member : members) {
      ns += run.entity(member).map(e -> e.waitNs().getOrDefault(reason, 0L)).orElse(0L);
    }
    return ns;
  }

  /// The tasks whose p99 response changes by a tenth; the one that changes most is said. Of fewer
  /// than 100 responses no percentile is said.
  private void response(RunIndex before, RunIndex after, VerdictWriter writer) {
    Optional<Finding> most = Optional.empty();
    double mostRatio = 1.1;
    for (Subject task : layout.tasks()) {
      Percentiles old = responses(before, task);
      Percentiles now = responses(after, task);
      double ratio =
          Math.max((double) old.p99Ns() / now.p99Ns(), (double) now.p99Ns() / old.p99Ns());
      if (old.p99Ns() <= 0 || now.p99Ns() <= 0 || ratio <= 1.1) {
        continue;
      }
      Finding finding = response(task, old, now, before.assembly(), writer);
      if (ratio > mostRatio) {
        mostRatio = ratio;
        most = Optional.of(finding);
      }
    }
    most.ifPresent(finding -> writer.say(finding.text(), List.of(finding)));
  }

  private static Finding response(
      Subject task, Percentiles old, Percentiles now, String baseline, VerdictWriter writer) {
    boolean p99 = LatencyTables.tellsP99(old) && LatencyTables.tellsP99(now);
    String text =
        (p99 ? "The p99" : "The longest")
            + " response of "
            + task.name()
            + " goes from "
            + Numbers.duration(p99 ? old.p99Ns() : old.maxNs())
            + " under "
            + baseline
            + " to "
            + Numbers.duration(p99 ? now.p99Ns() : now.maxNs())
            + " under integrated"
            + (p99 ? "." : " (of " + old.count() + " and " + now.count() + ").");
    return writer.findAcross(
        "response-changed",
        task.path(),
        text,
        new VerdictWriter.Figures()
            .with("p99_before_ns", old.p99Ns())
            .with("p99_after_ns", now.p99Ns()));
  }

  private static Percentiles responses(RunIndex run, Subject task) {
    return run.entity(task)
        .map(e -> e.metrics().getOrDefault(Metric.RESPONSE.jsonName(), Percentiles.EMPTY))
        .orElse(Percentiles.EMPTY);
  }

  private void outside(RunIndex before, RunIndex after, VerdictWriter writer) {
    List<Outside> all = new ArrayList<>();
    for (Subject subject : layout.outside()) {
      Optional<EntityResult> old = before.entity(subject);
      Optional<EntityResult> now = after.entity(subject);
      if (old.isEmpty() || now.isEmpty()) {
        continue;
      }
      all.add(outside(subject, old.get(), now.get(), before.assembly(), writer));
    }
    List<String> same = all.stream().filter(Outside::unharmed).map(Outside::clause).toList();
    List<String> changed = all.stream().filter(o -> !o.unharmed()).map(Outside::clause).toList();
    if (!changed.isEmpty()) {
      writer.say("Outside the L1VH, " + Words.and(changed, LISTED_MOST) + ".", basis(all, false));
    }
    if (!same.isEmpty()) {
      String who = changed.isEmpty() ? "Partitions outside the L1VH" : "Other partitions";
      writer.say(
          who
              + " got the same under "
              + before.assembly()
              + " and integrated ("
              + String.join("; ", same.subList(0, Math.min(same.size(), LISTED_MOST)))
              + (same.size() > LISTED_MOST ? "; and " + (same.size() - LISTED_MOST) + " more" : "")
              + ").",
          basis(all, true));
    }
    if (!all.isEmpty() && all.stream().noneMatch(Outside::harmed)) {
      noRegression(before.assembly(), writer);
    }
  }

  private static void noRegression(String baseline, VerdictWriter writer) {
    String text =
        "No partition outside the L1VH got less done, or waited longer to start by a time slice,"
            + " under integrated than under "
            + baseline
            + ".";
    writer.say(
        text, List.of(writer.find("outside-no-regression", text, new VerdictWriter.Figures())));
  }

  /// What became of a partition outside the L1VH.
  ///
  /// @param unharmed got the same, and waited no longer
  /// @param harmed got less, or waited longer
  /// @param clause for a sentence
  private record Outside(boolean unharmed, boolean harmed, String clause, Finding finding) {}

  private static List<Finding> basis(List<Outside> all, boolean unharmed) {
    return all.stream().filter(o -> o.unharmed() == unharmed).map(Outside::finding).toList();
  }

  private Outside outside(
      Subject subject, EntityResult old, EntityResult now, String baseline, VerdictWriter writer) {
    double oldCpus = usefulCpus(old);
    double nowCpus = usefulCpus(now);
    double relative = (nowCpus - oldCpus) / Math.max(oldCpus, 1e-3);
    boolean p99 =
        LatencyTables.tellsP99(old.wakeLatency()) && LatencyTables.tellsP99(now.wakeLatency());
    long oldP99Ns = old.wakeLatency().p99Ns();
    long nowP99Ns = now.wakeLatency().p99Ns();
    boolean slower = nowP99Ns - oldP99Ns > scenario.hypervisor().timeSliceNs();
    boolean unharmed = Math.abs(relative) <= Judged.TOLERANCE && !slower;
    String latency =
        old.wakeLatency().count() == 0 || now.wakeLatency().count() == 0
            ? ""
            : p99
                ? ", p99 wake-up "
                    + Numbers.duration(oldP99Ns)
                    + " and "
                    + Numbers.duration(nowP99Ns)
                : ", longest wake-up "
                    + Numbers.duration(old.wakeLatency().maxNs())
                    + " and "
                    + Numbers.duration(now.wakeLatency().maxNs());
    String figures = Numbers.cpus(oldCpus) + " and " + Numbers.cpus(nowCpus) + " CPUs" + latency;
    String clause =
        unharmed
            ? subject.name() + " " + figures
            : subject.name()
                + " got "
                + figures
                + " under "
                + baseline
                + " and integrated ("
                + Numbers.error(relative)
                + ")";
    Finding finding =
        writer.findAcross(
            unharmed ? "outside-unharmed" : "outside-changed",
            subject.path(),
            subject.name() + ": " + figures + " under " + baseline + " and integrated.",
            new VerdictWriter.Figures()
                .with("got_before_cpus", oldCpus)
                .with("got_after_cpus", nowCpus)
                .with("relative_change", relative)
                .with("wake_p99_before_ns", oldP99Ns)
                .with("wake_p99_after_ns", nowP99Ns));
    return new Outside(unharmed, slower || relative < -Judged.TOLERANCE, clause, finding);
  }

  /// What a partition got done: one that pays fewer overheads is not worse off for holding its
  /// processors for less time.
  private double usefulCpus(EntityResult entity) {
    return (double) entity.runNs() / scenario.durationNs();
  }
}
