package dev.stint.checks.fidelity;

import dev.stint.checks.fidelity.GuestSection.Folder;
import dev.stint.host.figures.Figures;

/// The words of the fidelity page.
final class FidelityTexts {
  static final String HEAD =
      """
      # Fidelity

      The Linux model beside real kernels, figure by figure; `.ci/fidelity` makes this page, and a
      test fails when it is stale.

      A second oracle needs no recordings: `validate --kernel` boots kernels itself and lets the
      model begin where they begin. Its matrix is this page's
      [last table](#kernels-booted-by-validate---kernel).

      The kernels' figures are the files of [golden](../golden/README.md). In a *free run* the model
      gets a case's scenario, the kernel's version and machine, and what the recording says of the
      outside:
      - when the tasks were let go, their first release, and the phase of the quota's periods, each
        relative to the tick, which takes effect about 10 µs after its time, just before the first
        events that it causes;
      - when tasks outside the scenario woke (kernel threads, the measuring shell) and for how long
        they ran;
      - the CPU time of a job: a periodic load spins until its own CPU clock says so, and what the
        kernel does in its name is charged to it too. Reading that clock makes the kernel charge the
        task, so that the end of a slice or quota is found at once and not at the next tick; the
        model's load reads it every 5 µs.

      From there on every decision is the model's, and it runs as long as the recording did.

      Of several tasks that share a figure the row shows the worst. *Share* is CPU time over the CPU
      time of all tasks of the case; *CPU* and *usage* are in % of one CPU. *Run lengths* are
      histograms in ticks of 4 ms, rounded to nearest (`1:62%` is 62 % of runs of one tick; lengths
      below 1 % are not printed). Two runs that only tasks outside the scenario part by less than
      0.3 ms count as one; a task with fewer than 20 runs has no histogram. Their error is the L1
      distance, the sum of differences, so 200 % at most. *nr_periods* leaves out the two periods
      that the tasks' start-up used before the go. A figure without a tolerance is *reported*. A
      **MISS** stays listed until the model is right.
      """;

  static final String MATRIX =
      """
      Each scenario of [scenarios/kernel](../scenarios/kernel) beside each kernel that was booted in
      an emulator with counted time: how many figures are within tolerance, of those that have one,
      and the errors of the others. A fold over [validation-kernel.md](validation-kernel.md),
      which `.ci/kernels-matrix` makes and which has every figure.
      [validate-kernel.md](validate-kernel.md) says how, and explains the misses. Linux 6.1 does not
      boot on two CPUs in this emulator.
      """;

  static final String FREED =
      """
      In a *free run from the replayed state* a recording is replayed ([decision
      replay](models/decision-replay.md)) until the case's window opens; then the model goes on
      alone, from the virtual times, lags and quotas that it has then. From the recording it still
      has what is not the case's own: when other tasks wake and for how long they run, when the
      stopper has the CPU, and that a tick's pass of the scheduler comes after what the tick's
      timers wake (without that, a1, a2, b1, f2 and i1 of 6.18.15 part from the kernel within 20 to
      85 ms). A periodic task has the rest of its job, the phase of its releases and the mean CPU
      time of its jobs as the kernel charged it, more by the switch if it runs as soon as it wakes.
      Not one choice is the recording's.

      There *the same* are the switches between the case's own tasks, in their order and to 50 µs,
      before the first that is another one. Where all of them are the same, the model's rules are
      the kernel's, and a miss of the free run from the model's own start is due to that start (the
      order and the lags in which the tasks set out) or to those inputs. Where the two part, they
      part at a tie, as far as it was looked into: in a2, a3, d3, f2 and i2 of 6.18.15 the two
      candidates of the first other switch are 4 to 90 µs of virtual time apart (a3: at nice 19, 3
      µs of run time), and times of the recording are rounded to 1 µs. A case that misses a figure
      is let go at five instants, 0.1 s apart, and the last column says at how many of them the
      figure is within tolerance: where it depends on the instant, such ties decide it; where it is
      0 of 5, something else may be wrong that is not found yet. Two CPUs are not run so: which
      turns the emulator took is not recorded.
      """;

  static final String LIVE =
      """
      Kernel 6.18.44 on two CPUs, base slice 1.4 ms; medians of several runs, in brackets least and
      most. A periodic figure that varied from run to run is as far off as its nearest value. Phases
      of releases and quota periods are known only in the cases named `phase`; the others are
      compared by CPU time alone. [golden](../golden/README.md) says where each tolerance comes
      from. Work outside the scenario is not known; it cuts the long runs of a1 and a3, so their
      switch rates are a bound and their runs need only be whole ticks. A ping-pong's CPU time per
      pass is the recorded one, and its window is 1 s.
      """;

  private static final String TURNS =
      """
      The emulator runs one virtual CPU at a time under counted instructions: a hog does 91 million
      iterations per second of CPU time on one CPU, 36 to 64 million on two. Each CPU thus loses
      about half of its time, unseen by the kernel, and with it many ticks (two equal hogs on one
      CPU, `e1`, run for 1 to 6 ticks each). The traces do not say when, so the free run does not
      have it: misses of run lengths and latencies here are not yet the model's.
      """;

  private FidelityTexts() {}

  static String guest(Folder folder) {
    StringBuilder text =
        new StringBuilder(
            Figures.format(
                "Kernel %s, %d CPU%s, HZ=250, base slice %s; the case's own window of 9.7 s.\n",
                folder.release(),
                folder.cpus(),
                folder.cpus() == 1 ? "" : "s",
                folder.baseSliceNs().isPresent()
                    ? Figures.format("%.1f ms", folder.baseSliceNs().getAsLong() / 1e6)
                    : "as the kernel scales it"));
    if (!folder.phasesFrom().equals(folder.name())) {
      text.append(
          Figures.format(
              "No traces were kept: cases without a phase of their own take the phases of `%s`,\n"
                  + "and work outside the scenario is not known.\n",
              folder.phasesFrom()));
    }
    if (folder.cpus() > 1) {
      text.append(TURNS);
    }
    if (!folder.tolerances().others()) {
      text.append("Shares and run lengths are checked, the rest is reported.\n");
    }
    return text.toString();
  }
}
