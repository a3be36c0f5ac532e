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
