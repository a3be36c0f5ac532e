package dev.stint.scenario;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.FamilyShare;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.hypervisor.Rotation;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.CpuGroupSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `machine`, `hypervisor`, `kvm` and `cpu-groups`.
final class MachineReader {
  private static final List<String> MACHINE =
      List.of("sockets", "nodes-per-socket", "caches-per-node", "cores", "threads-per-core");
  private static final List<String> HYPERVISOR =
      List.of(
          "time-slice",
          "window",
          "rotation",
          "wake-preemption",
          "family-share",
          "l1vh-vps",
          "long-spin");
  private static final Map<String, Boolean> L1VH_VPS = l1vhVps();

  private final Problems problems;

  MachineReader(Problems problems) {
    this.problems = problems;
  }

  /// The machine; empty, with a problem recorded, if it has too many LPs.
  Optional<Machine> machine(Fields scenario) {
    Fields fields = scenario.fields("machine", "machine", MACHINE);
    int[] counts = new int[MACHINE.size()];
    long product = 1;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = fields.integer(MACHINE.get(i), 1, Machine.LP_COUNT_MAX, 1, DiagnosticCode.RANGE);
      product *= counts[i];
    }
    if (product > Machine.LP_COUNT_MAX) {
      problems.add(
          DiagnosticCode.MACHINE,
          fields.at(),
          "",
          "the machine has " + product + " LPs, more than " + Machine.LP_COUNT_MAX,
          "Lower sockets, nodes-per-socket, caches-per-node, cores or threads-per-core");
      return Optional.empty();
    }
    return Optional.of(new Machine(counts[0], counts[1], counts[2], counts[3], counts[4]));
  }

  HypervisorConfig hypervisor(Fields scenario) {
    Fields fields = scenario.fields("hypervisor", "hypervisor", HYPERVISOR);
    HypervisorConfig def = HypervisorConfig.DEFAULT;
    return new HypervisorConfig(
        fields.durationNs(
            "time-slice",
            100_000L,
            1_000_000_000L,
            def.timeSliceNs(),
            DiagnosticCode.DURATION_RANGE),
        fields.durationNs(
            "window", 1_000_000L, 1_000_000_000L, def.windowNs(), DiagnosticCode.DURATION_RANGE),
        fields.choice("rotation", Choices.of(Rotation.values(), Rotation::text), def.rotation()),
        fields.flag("wake-preemption", def.wakePreemption()),
        fields.choice(
            "family-share", Choices.of(FamilyShare.values(), FamilyShare::text), def.familyShare()),
        fields.choice("l1vh-vps", L1VH_VPS, def.l1vhPinned()),
        fields.durationNs(
            "long-spin", 0, 1_000_000_000L, def.longSpinNs(), DiagnosticCode.DURATION_RANGE));
  }

  KvmConfig kvm(Fields scenario) {
    Fields fields = scenario.fields("kvm", "kvm", List.of("halt-poll", "halt-poll-shrink"));
    KvmConfig def = KvmConfig.DEFAULT;
    return new KvmConfig(
        fields.durationNs(
            "halt-poll", 0, 1_000_000_000L, def.haltPollNs(), DiagnosticCode.DURATION_RANGE),
        fields.integer("halt-poll-shrink", 0, 1_000, def.haltPollShrink(), DiagnosticCode.RANGE));
  }

  List<CpuGroupSpec> cpuGroups(Fields scenario, Machine machine) {
    List<CpuGroupSpec> groups = new ArrayList<>();
    int lpCount = machine.lpCount();
    String whose = "the machine has " + lpCount + (lpCount == 1 ? " LP" : " LPs");
    for (Tree.Entry entry : scenario.entries("cpu-groups", "cpu-groups")) {
      String name = entry.key().text();
      Names.check(problems, entry.key(), "CPU group");
      Fields fields =
          Fields.of(problems, entry.value(), "CPU group \"" + name + "\"", List.of("lps", "cap"));
      Optional<CpuSet> lps = fields.cpus("lps", lpCount, whose);
      groups.add(new CpuGroupSpec(name, lps, fields.percentRaw("cap", Controls.ONE_LP)));
    }
    return groups;
  }

  private static Map<String, Boolean> l1vhVps() {
    Map<String, Boolean> choices = new LinkedHashMap<>();
    choices.put("scheduled", false);
    choices.put("pinned", true);
    return choices;
  }
}
