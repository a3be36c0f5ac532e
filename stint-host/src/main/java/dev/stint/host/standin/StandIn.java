package dev.stint.host.standin;

import dev.stint.host.HostFiles;
import dev.stint.host.live.CannotRunLive;
import dev.stint.host.live.HostMachine;
import dev.stint.host.live.Interruptions;
import dev.stint.host.live.LiveValidation;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// Runs an L1VH and its child VMs on this machine's kernel under the core scheduler, for which an
/// agent stands in, and under the integrated scheduler, and says what each of the L1VH's cgroups
/// got of what it asked for, beside what the model says.
public final class StandIn {
  private static final long WARM_UP_NS = 1_000_000_000L;
  private static final int RETRIES = 3;

  /// What a turn's ends were seen to be off by where a machine is quiet, nanoseconds.
  private static final double TURN_ERROR_NS = 100_000;

  /// The most of the LPs' time that the agent may have, so that what it takes is within what the
  /// tolerance leaves to its turns: 0.1 ms of 10 ms on each of two LPs, and as much again.
  public static final double AGENT_MAX_PERCENT = 2;

  /// A run counts only if all but a hundredth of its turns began this soon, a tenth of the usual
  /// turn.
  public static final long LATE_P99_MAX_NS = 1_000_000;

  private static final double ABSOLUTE = 0.15;
  private static final double RELATIVE = 0.015;
  private static final double SEVERAL_CPUS = 3;

  private final HostFiles files;
  private final Options options;

  /// @param repetitions that are to be valid, of each assembly
  /// @param boost whether the load outweighs everything else on the machine
  /// @param emulated whether child VMs are QEMU's, instead of processes that spin
  /// @param allCpus of this machine, empty to look
  /// @param agentClass whose main is [StandInAgent#serve]
  /// @param interruptions where what was made is undone if the process is told to stop
  /// @param progress is told, in words, what goes on
  /// @param complaints is told what could not be removed
  public record Options(
      int repetitions,
      boolean boost,
      boolean emulated,
      CpuSet allCpus,
      String agentClass,
      Interruptions interruptions,
      Consumer<String> progress,
      Consumer<String> complaints) {
    Options withCpus(CpuSet cpus) {
      return new Options(
          repetitions, boost, emulated, cpus, agentClass, interruptions, progress, complaints);
    }
  }

  /// A repetition that was made.
  ///
  /// @param foreignPercent time that others had on the CPUs that stand for LPs
  /// @param agentPercent time that the agent had on them; 0 where it has a CPU of its own
  /// @param stealPercent time that a hypervisor took
  /// @param valid whether it counts
  public record Attempt(
      double foreignPercent, double agentPercent, double stealPercent, boolean valid) {}

  /// How well the agent kept the times of its turns, in the worst valid repetition.
  ///
  /// @param fifo whether it was a real-time thread
  /// @param turns of the window
  /// @param lateP50Ns from the end of a slice until the next turn was given
  public record Agent(boolean fifo, int turns, long lateP50Ns, long lateP99Ns, long lateMostNs) {}

  /// One of the L1VH's cgroups under one assembly, shares in percent of what all of them got.
  ///
  /// @param live median of the repetitions
  /// @param least of the repetitions
  /// @param most of the repetitions
  /// @param model predicted
  /// @param tolerance how far live and model may be apart
  public record Share(double live, double least, double most, double model, double tolerance) {
    /// Whether the kernel did as the model says.
    public boolean agrees() {
      return Math.abs(live - model) <= tolerance;
    }
  }

  /// One assembly.
  ///
  /// @param attempts all repetitions
  /// @param shares by cgroup; empty if there were too few valid repetitions
  /// @param agent all 0 under the integrated scheduler
  public record Side(
      Assembly assembly, List<Attempt> attempts, Map<String, Share> shares, Agent agent) {}

  /// What came of it.
  ///
  /// @param host what the model was told of this machine
  /// @param asked what each cgroup is entitled to, in percent of what all of them get
  /// @param sides one for each assembly
  public record Outcome(HostMachine host, Map<String, Double> asked, List<Side> sides) {
    /// Whether there is a verdict.
    public boolean judged() {
      return sides.stream().noneMatch(side -> side.shares().isEmpty());
    }

    /// Whether the kernel did as the model says.
    public boolean agrees() {
      return sides.stream()
          .flatMap(side -> side.shares().values().stream())
          .allMatch(Share::agrees);
    }
  }

  /// @param files of this machine
  public StandIn(HostFiles files, Options options) {
    this.files = files;
    this.options = options;
  }

  /// Runs a scenario for as long as it says, as often as asked, under each assembly.
  public Outcome run(Scenario scenario, List<Assembly> assemblies) throws CannotRunLive {
    HostMachine host = HostMachine.of(files, LiveValidation.baseSliceNs(files));
    StandInPlan plan = StandInPlan.of(scenario, host);
    if (options.emulated() && VcpuProcess.onPath("qemu-system-x86_64").isEmpty()) {
      throw CannotRunLive.machine("there is no qemu-system-x86_64");
    }
    Options here = options.withCpus(CpuSet.range(0, host.machine().lpCount()));
    List<Side> sides = new ArrayList<>();
    Map<String, Double> asked = new LinkedHashMap<>();
    for (Assembly assembly : assemblies) {
      if (assembly != Assembly.CORE && assembly != Assembly.INTEGRATED) {
        throw CannotRunLive.scenario(assembly.text() + " is not stood in for");
      }
      StandInPrediction predicted = StandInPrediction.of(plan, host, assembly, WARM_UP_NS);
      asked.putAll(predicted.asked());
      sides.add(side(plan, here, assembly, predicted));
    }
    return new Outcome(host, asked, sides);
  }

  private Side side(StandInPlan plan, Options here, Assembly assembly, StandInPrediction predicted)
      throws CannotRunLive {
    boolean core = assembly == Assembly.CORE;
    List<Attempt> attempts = new ArrayList<>();
    List<StandInRepetition> valid = new ArrayList<>();
    int wanted = options.repetitions();
    for (int i = 0; valid.size() < wanted && i < wanted + RETRIES; i++) {
      options
          .progress()
          .accept(
              String.format(
                  Locale.ROOT,
                  "%s under %s: run %d of %d",
                  plan.scenario().name(),
                  assembly.text(),
                  valid.size() + 1,
                  wanted));
      StandInRepetition made =
          new StandInRun(plan, files, here, core).run(WARM_UP_NS, plan.scenario().durationNs());
      boolean counts =
          made.stealPercent() <= LiveValidation.STEAL_MAX_PERCENT
              && made.foreignPercent() <= LiveValidation.FOREIGN_MAX_PERCENT
              && made.agentPercent() <= AGENT_MAX_PERCENT
              && made.agent().lateP99Ns() <= LATE_P99_MAX_NS;
      attempts.add(
          new Attempt(made.foreignPercent(), made.agentPercent(), made.stealPercent(), counts));
      if (counts) {
        valid.add(made);
      }
    }
    Map<String, Share> shares = new LinkedHashMap<>();
    if (valid.size() >= (wanted + 1) / 2) {
      for (String family : plan.families()) {
        shares.put(
            family, share(plan, core, valid, family, predicted.shares().getOrDefault(family, 0.0)));
      }
    }
    return new Side(assembly, attempts, shares, worst(valid));
  }

  private static Share share(
      StandInPlan plan,
      boolean core,
      List<StandInRepetition> valid,
      String family,
      double predicted) {
    ToDoubleFunction<StandInRepetition> figure =
        made -> 100.0 * made.runNs().getOrDefault(family, 0L) / made.totalNs();
    double[] sorted = valid.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Share(
        median, sorted[0], sorted[sorted.length - 1], predicted, tolerance(plan, core, predicted));
  }

  /// On one CPU what repetitions of hogs were seen to differ by; under the agent also what its
  /// turns are off by, a part of each.
  private static double tolerance(StandInPlan plan, boolean core, double share) {
    double turns = core ? share * TURN_ERROR_NS / plan.scenario().hypervisor().timeSliceNs() : 0;
    double kernel =
        plan.cpus().count() == 1
            ? Math.max(ABSOLUTE, RELATIVE * share)
            : core ? ABSOLUTE : SEVERAL_CPUS;
    return kernel + turns;
  }

  private static Agent worst(List<StandInRepetition> valid) {
    return new Agent(
        valid.stream().allMatch(made -> made.agent().fifo()),
        valid.stream().mapToInt(made -> made.agent().turns()).max().orElse(0),
        most(valid, made -> made.agent().lateP50Ns()),
        most(valid, made -> made.agent().lateP99Ns()),
        most(valid, made -> made.agent().lateMostNs()));
  }

  private static long most(
      List<StandInRepetition> valid, ToDoubleFunction<StandInRepetition> figure) {
    return (long) Arrays.stream(valid.stream().mapToDouble(figure).toArray()).max().orElse(0);
  }
}
