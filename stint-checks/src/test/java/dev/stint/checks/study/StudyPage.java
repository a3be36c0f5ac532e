package dev.stint.checks.study;

import dev.stint.checks.study.StudyTable.Column;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.report.Claim;
import dev.stint.report.Combination;
import dev.stint.report.Sensitivity;
import dev.stint.report.Sensitivity.Robustness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The study as a page.
final class StudyPage {
  static final double SAME = 0.01;
  private static final int P50 = 500;
  private static final int P99 = 990;

  private final List<StudySeeds> cases;
  private final List<Sensitivity> sensitivities;
  private final StringBuilder text = new StringBuilder();
  private final StudyTable table = new StudyTable(text);

  StudyPage(List<StudySeeds> cases, List<Sensitivity> sensitivities) {
    this.cases = cases;
    this.sensitivities = sensitivities;
  }

  private static long p50(EntityResult entity) {
    return entity.wakeLatency().p50Ns();
  }

  private static long p99(EntityResult entity) {
    return entity.wakeLatency().p99Ns();
  }

  String markdown() {
    text.append(INTRODUCTION);
    summary();
    shares();
    latency();
    moves();
    theft();
    outside();
    robustness();
    scenarios();
    assumptions();
    text.append(REPRODUCE);
    return text.toString();
  }

  private void summary() {
    text.append("## In short\n\n");
    for (Assembly assembly : StudyCase.ASSEMBLIES) {
      long right =
          cases.stream().filter(c -> c.always(s -> s.shareError(assembly) <= SAME)).count();
      line(
          "- Under **%s** every cgroup of the L1VH got its entitled share, within 1 %%, with every"
              + " seed, in %d of %d scenarios. The largest errors: %s.",
          assembly.text(), right, cases.size(), worstErrors(assembly));
    }
    line(
        "- The worst p99 wake-up in the family is shorter under integrated than under core, with"
            + " every seed, in %d of the %d scenarios with a task that sleeps 100 times under"
            + " both, and longer in %d%s.",
        latencyChanges(-1).size(),
        cases.stream()
            .filter(c -> wakes(c, Assembly.CORE) && wakes(c, Assembly.INTEGRATED))
            .count(),
        latencyChanges(1).size(),
        latencyChanges(1).stream()
            .map(c -> "; " + c.name() + ": " + p99s(c))
            .collect(Collectors.joining()));
    line(
        "- When a ready task of the family had to wait, the p99 of its waits (worst task) was"
            + " shorter under integrated than under core, with every seed, in %d of the %d"
            + " scenarios with a task that waited 100 times under both, and longer in %d: what"
            + " moves to the L1VH's Linux waits by its slices. In %d more (%s) tasks waited so"
            + " often only under integrated.",
        waitChanges(-1),
        cases.stream()
            .filter(c -> waits(c, Assembly.CORE) && waits(c, Assembly.INTEGRATED))
            .count(),
        waitChanges(1),
        newWaits().size(),
        newWaits().stream().map(StudySeeds::name).collect(Collectors.joining(", ")));
    outsideSummary();
    text.append('\n');
  }

  private void outsideSummary() {
    List<Outsider> outsiders = Outsider.of(cases);
    line(
        "- Outside the L1VH %d of %d partitions got the same time, within 1 %%, with every seed,"
            + " with the integrated scheduler off and on; of the others %d got more and %d less.",
        outsiders.stream().filter(Outsider::sameShare).count(),
        outsiders.size(),
        outsiders.stream().filter(o -> !o.sameShare() && o.medianChange() > 0).count(),
        outsiders.stream().filter(o -> !o.sameShare() && o.medianChange() < 0).count());
    List<Outsider> sleepers = outsiders.stream().filter(Outsider::wakes).toList();
    line(
        "- The p99 wake-up latency of the %d partitions outside that sleep changed more: with every"
            + " seed it was shorter under integrated in %d, the same within 1 %% in %d, longer in"
            + " %d.",
        sleepers.size(),
        sleepers.stream().filter(o -> o.wakesChange(-1)).count(),
        sleepers.stream().filter(o -> o.wakesChange(0)).count(),
        sleepers.stream().filter(o -> o.wakesChange(1)).count());
    heldIn(
        "outside-no-regression",
        "Nobody outside got less done, or waited a time slice longer, under integrated than under"
            + " core");
    heldIn(
        "outside-unharmed",
        "Some or all outside got the same as under core, within 1 %, and waited no time slice"
            + " longer");
    heldIn(
        "integrated-changes (error less",
        "The largest share error is smaller under integrated than under core, by more than 1 %");
  }

  /// In how many of all scenarios' combinations a sentence holds that makes this claim.
  private void heldIn(String claim, String sentence) {
    List<Robustness> said =
        sensitivities.stream()
            .flatMap(s -> s.sentences().stream())
            .filter(r -> r.sentence().claims().stream().anyMatch(c -> c.toString().contains(claim)))
            .toList();
    line(
        "- %s, in %d of %d scenarios; in those, under other assumptions, it stays true in %d of %d"
            + " combinations.",
        sentence,
        said.size(),
        cases.size(),
        said.stream().mapToInt(Robustness::holds).sum(),
        said.stream().mapToInt(Robustness::of).sum());
  }

  private String worstErrors(Assembly assembly) {
    return cases.stream()
        .sorted(Comparator.comparingDouble(c -> -c.medianError(assembly)))
        .limit(3)
        .map(c -> c.name() + " " + shareError(c, assembly))
        .collect(Collectors.joining(", "));
  }

  private static boolean wakes(StudySeeds study, Assembly assembly) {
    return study.always(c -> c.familyWakeNs(assembly, StudyPage::p99) >= 0);
  }

  private List<StudySeeds> latencyChanges(int sign) {
    return cases.stream()
        .filter(c -> wakes(c, Assembly.CORE) && wakes(c, Assembly.INTEGRATED))
        .filter(study ->
            study.always(c ->
                sign
                    == Long.compare(
                        c.familyWakeNs(Assembly.INTEGRATED, StudyPage::p99),
                        c.familyWakeNs(Assembly.CORE, StudyPage::p99))))
        .toList();
  }

  private static boolean waits(StudySeeds study, Assembly assembly) {
    return study.always(c -> c.familyWaitNs(assembly, P99) >= 0);
  }

  private List<StudySeeds> newWaits() {
    return cases.stream()
        .filter(c -> !waits(c, Assembly.CORE) && waits(c, Assembly.INTEGRATED))
        .toList();
  }

  private long waitChanges(int sign) {
    return cases.stream()
        .filter(c -> waits(c, Assembly.CORE) && waits(c, Assembly.INTEGRATED))
        .filter(study ->
            study.always(c ->
                sign
                    == Long.compare(
                        c.familyWaitNs(Assembly.INTEGRATED, P99),
                        c.familyWaitNs(Assembly.CORE, P99))))
        .count();
  }

  private static String p99s(StudySeeds study) {
    return study.milliseconds(c -> c.familyWakeNs(Assembly.CORE, StudyPage::p99))
        + " to "
        + study.milliseconds(c -> c.familyWakeNs(Assembly.INTEGRATED, StudyPage::p99))
        + " ms, where "
        + study.text(
            c -> c.waited(Assembly.INTEGRATED, WaitReason.VMM_THROTTLED), StudyTable::percent, " %")
        + " of the time that it wanted went to quotas, which core ignores";
  }

  private void shares() {
    text.append(
        """
        ## Shares

        The largest relative difference between what a cgroup of the L1VH got and its entitled
        share, and throughput: the CPUs' worth of useful time (without overheads) that the tasks
        of the L1VH and its children ran.

        """);
    table.write(
        cases,
        List.of(
            new Column("error", StudyPage::shareError),
            new Column("CPUs", (s, a) -> s.text(c -> c.familyCpus(a), StudyTable::cpus, ""))));
  }

  private static String shareError(StudySeeds study, Assembly assembly) {
    return study.text(c -> c.shareError(assembly), StudyTable::percent, " %");
  }

  private void latency() {
    text.append(
        """
        ## Latency

        From becoming ready to running, in ms: the task of the L1VH and its children that has the
        worst. `-`: none of them sleeps often enough for a percentile (100 times).

        """);
    table.write(
        cases,
        List.of(
            new Column("p50", (s, a) -> s.milliseconds(c -> c.familyWakeNs(a, StudyPage::p50))),
            new Column("p99", (s, a) -> s.milliseconds(c -> c.familyWakeNs(a, StudyPage::p99)))));
    text.append(
        """
        How long a ready task was kept waiting, in ms, each time that it did not run, whether it had
        slept or not, and whoever was to blame: again of the task that has the worst. `-`: no task
        waited 100 times.

        """);
    table.write(
        cases,
        List.of(
            new Column("p50", (s, a) -> s.milliseconds(c -> c.familyWaitNs(a, P50))),
            new Column("p99", (s, a) -> s.milliseconds(c -> c.familyWaitNs(a, P99)))));
  }

  private void moves() {
    text.append(
        """
        ## Migrations

        How often a second a VP of the L1VH or of its children changed LPs, or its vCPU thread
        CPUs.

        """);
    table.write(
        cases,
        List.of(
            new Column("moves", (s, a) -> s.text(c -> c.movesPerSecond(a), StudyTable::rate, ""))));
  }

  private void theft() {
    text.append(
        """
        ## Theft

        Of the time in which tasks of the L1VH and its children wanted to run, the part that they
        waited, by the layer to blame. What the hypervisor makes them wait is stolen beyond the
        reach of any cgroup; the other two are decisions of the L1VH's own Linux. Waits inside the
        guests, behind SMT siblings and for overheads are left out.

        """);
    for (WaitReason reason :
        List.of(WaitReason.HYPERVISOR_WAIT, WaitReason.VMM_QUEUE, WaitReason.VMM_THROTTLED)) {
      String title = "`" + reason.text() + "`";
      table.write(
          cases,
          List.of(
              new Column(
                  title, (s, a) -> s.text(c -> c.waited(a, reason), StudyTable::percent, " %"))));
    }
  }

  private void outside() {
    text.append(
        """
        ## The world outside the L1VH

        What the partitions that share the L1VH's LPs got done, with the integrated scheduler off
        (core) and on. Where it changes by more than 1 %, the last column says what the L1VH's
        family did meanwhile: its children's VPs compete for every LP under core, but for no more
        than the L1VH's own VPs under integrated. A partition that gets less and still all of its
        entitled share had been living on time that the family left unused under core. The same
        explains the wake-ups: with fewer VPs that compete, an LP is more often idle when a
        partition wakes, and where none is, fewer are before it in the run list.

        """);
    table.write(
        List.of(
            "scenario",
            "partition",
            "CPUs off",
            "CPUs on",
            "change",
            "p99 wake-up off, ms",
            "on, ms",
            "of its entitled share, on",
            "the family's CPUs"),
        Outsider.of(cases),
        StudyPage::outsider);
  }

  private static List<String> outsider(Outsider outsider) {
    StudySeeds study = outsider.study();
    String name = outsider.partition();
    String family =
        outsider.sameShare()
            ? ""
            : study.text(c -> c.familyCpus(Assembly.CORE), StudyTable::cpus, "")
                + " to "
                + study.text(c -> c.familyCpus(Assembly.INTEGRATED), StudyTable::cpus, "");
    return List.of(
        study.name(),
        name,
        study.text(c -> c.cpus(Assembly.CORE, name), StudyTable::cpus, ""),
        study.text(c -> c.cpus(Assembly.INTEGRATED, name), StudyTable::cpus, ""),
        study.text(outsider::shareChange, StudyTable::signedPercent, " %"),
        outsider.wakes(Assembly.CORE),
        outsider.wakes(Assembly.INTEGRATED),
        study.text(c -> c.ofEntitled(Assembly.INTEGRATED, name), StudyTable::percent, " %"),
        family);
  }

  private void robustness() {
    text.append(
        """
        ## How far it rests on what is assumed

        Each scenario's verdict (`./stint compare study/NAME`), sentence by sentence, under other
        time slices, rotations, family shares, wake-up preemption, pinned or scheduled VPs of the
        L1VH, and costs: each parameter alone, then a dozen random combinations
        ([sensitivity](../models/sensitivity.md)), on runs of 3 s with the scenario's own seed
        only, so chance breaks sentences too. No scenario here has a cap or a reserve: the window
        cannot matter. A sentence holds where the same is true of the same subject in the same
        direction, whatever the numbers. *Alone* are the changes of one parameter that break it.

        """);
    List<Robustness> all = sensitivities.stream().flatMap(s -> s.sentences().stream()).toList();
    for (String word : List.of("all", "most", "few")) {
      line(
          "- %d of %d sentences hold in %s combinations.",
          all.stream().filter(r -> r.word().equals(word)).count(), all.size(), word);
    }
    text.append('\n');
    for (int i = 0; i < cases.size(); i++) {
      line("### %s\n", cases.get(i).name());
      Sensitivity sensitivity = sensitivities.get(i);
      for (Robustness robustness : sensitivity.sentences()) {
        line(
            "- **%s**, %d of %d: %s%s",
            robustness.word(),
            robustness.holds(),
            robustness.of(),
            claims(robustness),
            alone(sensitivity, robustness));
      }
      if (!sensitivity.impossible().isEmpty()) {
        line("- %d combinations cannot be assembled.", sensitivity.impossible().size());
      }
      text.append('\n');
    }
  }

  private static String claims(Robustness robustness) {
    return String.join("; ", robustness.sentence().claims().stream().map(Claim::toString).toList());
  }

  /// The breaks by a single parameter's change.
  private static String alone(Sensitivity sensitivity, Robustness robustness) {
    Combination base = sensitivity.plan().combinations().getFirst();
    List<String> changes = new ArrayList<>();
    for (Combination broken : robustness.breaks()) {
      List<String> differences = new ArrayList<>();
      broken
          .values()
          .forEach((name, value) -> {
            if (!value.equals(base.values().get(name))) {
              differences.add(name.substring(name.indexOf('.') + 1) + " " + value);
            }
          });
      if (differences.size() == 1) {
        changes.add(differences.getFirst());
      }
    }
    return changes.isEmpty() ? "" : ". *Alone:* " + String.join(", ", changes);
  }

  private void scenarios() {
    text.append("## The scenarios\n\n");
    for (StudySeeds study : cases) {
      line(
          "- [%s](../../scenarios/study/%s/README.md): %s",
          study.name(), study.name(), study.first().scenario().description());
    }
    text.append('\n');
  }

  private void assumptions() {
    Map<String, Set<String>> values = new TreeMap<>();
    for (StudySeeds study : cases) {
      study
          .first()
          .run(Assembly.INTEGRATED)
          .assumed()
          .forEach((name, value) -> values.computeIfAbsent(name, _ -> new TreeSet<>()).add(value));
    }
    text.append(
        """
        ## What is assumed

        Microsoft Hypervisor is closed: none of these is public, and every figure above depends on
        them. The patch calls an L1VH's children its siblings; that they share its weight
        (`family-share` family) is this model's reading, and the other one is swept above.

        """);
    table.write(
        List.of("parameter", "value"),
        List.copyOf(values.entrySet()),
        entry -> List.of("`" + entry.getKey() + "`", String.join(" or ", entry.getValue())));
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static final String INTRODUCTION =
      """
      # What the integrated scheduler changes

      <!-- Made by .ci/study, and held by a test: do not edit. -->

      An L1VH sets cgroup weights, quotas and cpusets for its VMs. What do they get, and what does
      everyone else on the host get, when the hypervisor's **core** scheduler runs the L1VH's
      children as its siblings; when the **integrated** scheduler leaves them to the L1VH's own
      Linux; and when that Linux is the root partition's, under the **root** scheduler?

      **These are results of a model, not measurements.** No measurement of these schedulers has
      been published that we know of, and a machine with the integrated scheduler is not generally
      available. The Linux side of the model
      is held against real kernels ([fidelity](../fidelity.md)); the hypervisor's side follows
      what Microsoft documents and, where nothing is documented, the assumptions at the end of
      this page. Every run simulates 10 s. Each scenario is run with five seeds: a figure is the
      median, with the smallest and the largest in parentheses where they read differently. What
      depends on the seed: when requests arrive and how much work they are, at which phase each
      Linux ticks and each quota's period begins, and the dice that Linux's newly idle balancing
      throws.

      """;

  private static final String REPRODUCE =
      """
      ## Reproduce

      `.ci/study` makes this page anew: the same figures on any machine. One scenario by itself,
      with its verdict:

      ```sh run
      ./stint compare study/cpu-weights
      ```
      """;
}
