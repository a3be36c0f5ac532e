package dev.stint.report;

import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stats.EntityResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which settings of the family's cgroups bound a VM, and which bound nothing because the VM's vCPU
/// threads sleep while the hypervisor runs its VPs.
final class SettingVerdict {
  private static final int SAID_MOST = 3;

  private final Layout layout;
  private final List<RunIndex> runs;

  SettingVerdict(Layout layout, List<RunIndex> runs) {
    this.layout = layout;
    this.runs = runs;
  }

  void write(VerdictWriter writer) {
    List<Sentence> said = new ArrayList<>();
    for (Subject subject : layout.familyGroups()) {
      List<String> vms = layout.vmsIn(subject.path());
      Optional<GroupSpec> group = layout.group(subject.path());
      if (vms.isEmpty() || group.isEmpty() || layout.settingsChange()) {
        continue;
      }
      group.get().cpus().ifPresent(cpus -> cpuset(subject, cpus, vms, writer, said));
      group.get().quota().ifPresent(quota -> quota(subject, quota, vms, writer, said));
    }
    affinity(writer, said);
    said.stream().limit(SAID_MOST).forEach(writer::say);
  }

  private void cpuset(
      Subject subject, CpuSet cpus, List<String> vms, VerdictWriter writer, List<Sentence> said) {
    for (RunIndex run : runs) {
      if (ShareVerdict.hypervisorSchedules(run)) {
        String text =
            "Under "
                + run.assembly()
                + ", cpuset.cpus "
                + cpus
                + " of "
                + subject.name()
                + " bound nothing: the vCPU threads of "
                + names(vms)
                + " sleep while the hypervisor runs their VPs on any LP of the partition"
                + got(run, vms)
                + ".";
        Finding finding =
            writer.find(
                "setting-without-effect",
                subject.path(),
                run.assembly(),
                text,
                new VerdictWriter.Figures()
                    .with("cpuset_cpus", cpus.count())
                    .with("got_cpus", share(run, vms)));
        said.add(new Sentence(text, List.of(Claim.of(finding))));
      }
    }
  }

  private void affinity(VerdictWriter writer, List<Sentence> said) {
    List<Subject> vms =
        layout.familyPartitions().stream()
            .filter(
                vm -> layout.partition(vm.path()).filter(p -> !p.affinity().isEmpty()).isPresent())
            .toList();
    if (vms.isEmpty()) {
      return;
    }
    for (RunIndex run : runs) {
      if (ShareVerdict.hypervisorSchedules(run)) {
        List<Claim> claims = new ArrayList<>();
        for (Subject vm : vms) {
          claims.add(
              Claim.of(
                  writer.find(
                      "setting-without-effect",
                      vm.path(),
                      run.assembly(),
                      affinityText(run, vm.name()),
                      new VerdictWriter.Figures())));
        }
        String names = Words.and(vms.stream().map(Subject::name).toList(), 3);
        said.add(new Sentence(affinityText(run, names), claims));
      }
    }
  }

  private static String affinityText(RunIndex run, String names) {
    return "Under "
        + run.assembly()
        + ", the affinity of the vCPU threads of "
        + names
        + " bound nothing: they sleep while the hypervisor runs their VPs.";
  }

  private void quota(
      Subject subject, Quota quota, List<String> vms, VerdictWriter writer, List<Sentence> said) {
    double limit = (double) quota.quotaNs() / quota.periodNs();
    List<Held> held = new ArrayList<>();
    for (RunIndex run : runs) {
      if (ShareVerdict.hypervisorSchedules(run)) {
        ignoredQuota(run, subject, limit, vms, writer, said);
      } else {
        run.entity(subject)
            .ifPresent(entity -> heldQuota(run, subject, limit, entity, writer, held));
      }
    }
    if (!held.isEmpty()) {
      said.add(
          new Sentence(
              "The cpu.max of "
                  + subject.name()
                  + ", "
                  + Numbers.cpus(limit)
                  + " CPUs, "
                  + Words.and(held.stream().map(Held::clause).toList())
                  + ".",
              held.stream().map(h -> Claim.of(h.finding())).toList()));
    }
  }

  private void ignoredQuota(
      RunIndex run,
      Subject subject,
      double limit,
      List<String> vms,
      VerdictWriter writer,
      List<Sentence> said) {
    String text =
        "Under "
            + run.assembly()
            + ", the cpu.max of "
            + subject.name()
            + ", "
            + Numbers.cpus(limit)
            + " CPUs, bound nothing"
            + got(run, vms)
            + ": the quota charges vCPU threads that sleep.";
    Finding finding =
        writer.find(
            "setting-without-effect",
            subject.path(),
            run.assembly(),
            text,
            new VerdictWriter.Figures()
                .with("limit_cpus", limit)
                .with("got_cpus", share(run, vms)));
    said.add(new Sentence(text, List.of(Claim.of(finding))));
  }

  /// What a quota did under one assembly.
  private record Held(String clause, Finding finding) {}

  private static void heldQuota(
      RunIndex run,
      Subject subject,
      double limit,
      EntityResult entity,
      VerdictWriter writer,
      List<Held> held) {
    boolean reached = entity.throttledPeriods() > 0;
    String text =
        reached
            ? "held it to "
                + Numbers.cpus(entity.share())
                + " under "
                + run.assembly()
                + " (throttled in "
                + entity.throttledPeriods()
                + " of "
                + Numbers.count(entity.periods(), "period")
                + ")"
            : "was never reached under "
                + run.assembly()
                + " (it got "
                + Numbers.cpus(entity.share())
                + ")";
    Finding finding =
        writer.find(
            reached ? "quota-held" : "quota-not-reached",
            subject.path(),
            run.assembly(),
            "The cpu.max of " + subject.name() + " " + text + ".",
            new VerdictWriter.Figures()
                .with("limit_cpus", limit)
                .with("got_cpus", entity.share())
                .with("periods", entity.periods())
                .with("throttled_periods", entity.throttledPeriods()));
    held.add(new Held(text, finding));
  }

  private String names(List<String> vms) {
    return Words.and(vms.stream().map(layout::name).toList(), 3);
  }

  private String got(RunIndex run, List<String> vms) {
    return " (" + names(vms) + " got " + Numbers.cpus(share(run, vms)) + ")";
  }

  private static double share(RunIndex run, List<String> vms) {
    double share = 0;
    for (String vm : vms) {
      share += run.entity(vm).map(EntityResult::share).orElse(0.0);
    }
    return share;
  }
}
