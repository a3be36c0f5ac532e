package dev.stint.report;

import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.WaitReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who got what against what was asked, and which layer took the difference.
final class ShareVerdict {
  private static final int LISTED_MOST = 3;

  private final Layout layout;
  private final List<RunIndex> runs;

  ShareVerdict(Layout layout, List<RunIndex> runs) {
    this.layout = layout;
    this.runs = runs;
  }

  void write(VerdictWriter writer) {
    if (layout.settingsChange()) {
      writer.say("Settings change during the run, so no share is judged against them.", List.of());
    }
    List<RunIndex> kept = new ArrayList<>();
    for (RunIndex run : runs) {
      List<Judged> judged = Judged.of(layout, run);
      judged.forEach(j -> find(j, run, writer));
      if (judged.isEmpty()) {
        shares(run, writer);
      } else if (judged.stream().anyMatch(Judged::isOff)) {
        off(judged, run, writer);
      } else {
        kept.add(run);
      }
    }
    if (!kept.isEmpty()) {
      kept(kept, writer);
    }
  }

  private void find(Judged judged, RunIndex run, VerdictWriter writer) {
    VerdictWriter.Figures figures =
        new VerdictWriter.Figures()
            .with("asked_cpus", judged.asked())
            .with("got_cpus", judged.got())
            .with("relative_error", judged.error());
    for (Map.Entry<WaitReason, Long> wait : judged.entity().waitNs().entrySet()) {
      figures.with(wait.getKey().text() + "_ns", wait.getValue());
    }
    String path = judged.subject().path();
    if (!judged.isOff()) {
      String text =
          "Under "
              + run.assembly()
              + ", "
              + judged.subject().name()
              + " got the "
              + Numbers.cpus(judged.asked())
              + " CPUs that it is entitled to";
      writer.find("as-entitled", path, run.assembly(), text + ".", figures);
      return;
    }
    String code = judged.error() < 0 ? "below-entitled" : "above-entitled";
    String text = "Under " + run.assembly() + ", " + got(judged, run);
    writer.find(code, path, run.assembly(), text + ".", figures);
  }

  /// `cgroup gold got 1.02 CPUs of the 2.40 that its cpu.weight entitles it to (-57 %): ...`
  private String got(Judged judged, RunIndex run) {
    String name = judged.subject().name();
    if (judged.error() > 0) {
      return name
          + " got "
          + Numbers.cpus(judged.got())
          + " CPUs instead of "
          + Numbers.cpus(judged.asked())
          + " ("
          + Numbers.error(judged.error())
          + ")";
    }
    String text =
        name
            + " got "
            + Numbers.cpus(judged.got())
            + " CPUs of the "
            + Numbers.cpus(judged.asked())
            + " that "
            + entitledBy(judged.subject())
            + " ("
            + Numbers.error(judged.error())
            + ")";
    Optional<String> blame = Blame.clause(run, judged.entity(), layout.parentNoun());
    return text + blame.map(clause -> ": " + clause).orElse("; it never waited");
  }

  private String entitledBy(Subject subject) {
    Optional<GroupSpec> group = layout.group(subject.path());
    if (group.isEmpty()) {
      return "it is entitled to";
    }
    List<String> settings = new ArrayList<>(List.of("cpu.weight"));
    group.get().quota().ifPresent(_ -> settings.add("cpu.max"));
    group.get().cpus().ifPresent(_ -> settings.add("cpuset.cpus"));
    return "its "
        + Words.and(settings)
        + (settings.size() == 1 ? " entitles it to" : " entitle it to");
  }

  /// The one that lost most and the one that won most.
  private void off(List<Judged> judged, RunIndex run, VerdictWriter writer) {
    Optional<Judged> loser =
        judged.stream()
            .filter(j -> j.isOff() && j.error() < 0)
            .max(Comparator.comparingDouble(Judged::lost));
    Optional<Judged> winner =
        judged.stream()
            .filter(j -> j.isOff() && j.error() > 0)
            .min(Comparator.comparingDouble(Judged::lost));
    StringBuilder text = new StringBuilder("Under ").append(run.assembly()).append(", ");
    if (loser.isPresent()) {
      text.append(got(loser.get(), run));
      boolean threadsSleep = hypervisorSchedules(run) && layout.hasFamily();
      boolean waitsThere =
          run.mainWait(loser.get().entity())
              .filter(w -> w.getKey() == WaitReason.HYPERVISOR_WAIT)
              .isPresent();
      if (threadsSleep && waitsThere) {
        text.append(", and no setting of its cgroup can change that");
      }
      text.append('.');
      winner.ifPresent(j -> text.append(' ').append(Words.sentence(got(j, run))).append('.'));
    } else {
      winner.ifPresent(j -> text.append(got(j, run)).append('.'));
    }
    long off = judged.stream().filter(Judged::isOff).count();
    if (off > 2) {
      text.append(
          " In all, "
              + off
              + " of "
              + Numbers.count(judged.size(), Judged.noun(judged))
              + " are off by more than 1 %.");
    }
    List<Finding> basis = new ArrayList<>();
    loser.flatMap(j -> entitled(j, run, writer)).ifPresent(basis::add);
    winner.flatMap(j -> entitled(j, run, writer)).ifPresent(basis::add);
    writer.say(text.toString(), basis);
  }

  private static Optional<Finding> entitled(Judged judged, RunIndex run, VerdictWriter writer) {
    return writer.found(
        judged.subject().path(),
        run.assembly(),
        List.of("below-entitled", "above-entitled", "as-entitled"));
  }

  /// `Under integrated and root every cgroup got what it was entitled to, within 0.3 %: ...`
  private void kept(List<RunIndex> kept, VerdictWriter writer) {
    double largest = 0;
    List<Finding> basis = new ArrayList<>();
    for (RunIndex run : kept) {
      List<Judged> judged = Judged.of(layout, run);
      largest = Math.max(largest, Judged.largestError(judged));
      judged.forEach(j -> entitled(j, run, writer).ifPresent(basis::add));
    }
    List<Judged> first = Judged.of(layout, kept.getFirst());
    List<String> listed = new ArrayList<>();
    for (Judged judged : first) {
      listed.add(judged.subject().name() + " " + gotOfAsked(judged.subject(), kept));
    }
    String assemblies = Words.and(kept.stream().map(RunIndex::assembly).toList());
    writer.say(
        "Under "
            + assemblies
            + " every "
            + Judged.noun(first)
            + " got what it is entitled to, within "
            + Numbers.percent(largest)
            + " ("
            + Words.and(listed, LISTED_MOST)
            + " CPUs).",
        basis);
  }

  private String gotOfAsked(Subject subject, List<RunIndex> kept) {
    List<String> got = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (RunIndex run : kept) {
      run.entity(subject)
          .ifPresent(entity -> {
            got.add(Numbers.cpus(entity.share()));
            asked.add(Numbers.cpus(entity.entitledShare().orElse(0)));
          });
    }
    return Words.and(got.stream().distinct().count() == 1 ? got.subList(0, 1) : got)
        + " of "
        + Words.and(asked.stream().distinct().count() == 1 ? asked.subList(0, 1) : asked);
  }

  /// Where nothing was asked: what each partition got and how long it was kept waiting.
  private void shares(RunIndex run, VerdictWriter writer) {
    List<Subject> subjects = new ArrayList<>(layout.familyPartitions());
    subjects.addAll(layout.outside());
    List<String> got = new ArrayList<>();
    List<Finding> basis = new ArrayList<>();
    Optional<EntityResult> worst = Optional.empty();
    for (Subject subject : subjects) {
      Optional<EntityResult> entity = run.entity(subject);
      if (entity.isEmpty()) {
        continue;
      }
      got.add(subject.name() + " got " + Numbers.cpus(entity.get().share()) + " CPUs");
      if (waitedPart(entity.get()) > worst.map(ShareVerdict::waitedPart).orElse(0.0)) {
        worst = entity;
      }
      basis.add(
          writer.find(
              "shares",
              subject.path(),
              run.assembly(),
              "Under " + run.assembly() + ", " + got.getLast() + ".",
              new VerdictWriter.Figures()
                  .with("got_cpus", entity.get().share())
                  .with("waited_part", waitedPart(entity.get()))));
    }
    if (got.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("Under ").append(run.assembly()).append(", ");
    text.append(Words.and(got, 4)).append('.');
    worst
        .filter(entity -> waitedPart(entity) > Judged.TOLERANCE)
        .ifPresent(entity ->
            text.append(
                " "
                    + Words.sentence(layout.name(entity.path()))
                    + " was kept waiting "
                    + Numbers.percent(waitedPart(entity))
                    + " of the time that it wanted to run: "
                    + Blame.clause(run, entity, layout.parentNoun()).orElse("")
                    + "."));
    writer.say(text.toString(), basis);
  }

  private static double waitedPart(EntityResult entity) {
    long readyNs = entity.wallNs() - entity.blockedNs();
    return readyNs == 0 ? 0 : (double) entity.totalWaitNs() / readyNs;
  }

  /// Whether the hypervisor runs the children's VPs, and their vCPU threads sleep meanwhile.
  static boolean hypervisorSchedules(RunIndex run) {
    return run.assembly().equals("core") || run.assembly().equals("classic");
  }
}
