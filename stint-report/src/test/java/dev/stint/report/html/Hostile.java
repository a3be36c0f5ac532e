package dev.stint.report.html;

import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import java.util.List;

/// A scenario whose names would be scripts if a page took them for markup. The reader refuses such
/// names; a scenario that comes from elsewhere may have them.
final class Hostile {
  static final String NAME = "</script><script>window.owned=1</script>";
  static final String TASK = "\"><img src=x onerror=window.owned=2>";
  private static final String PLAIN =
      """
      description: "<img src=x onerror=window.owned=3> {{data}} & 'quoted' <!-- <script>"
      duration: 50ms
      under: [core]
      partitions:
        vm: {vps: 1, tasks: {t: {busy: {}}, u: {periodic: {run: 1ms, period: 5ms}}}}
      """;

  private Hostile() {}

  static Pages pages() {
    Scenario plain = Pages.read(PLAIN);
    List<PartitionSpec> partitions = plain.partitions().stream().map(Hostile::renamed).toList();
    return Pages.run(
        new Scenario(
            NAME,
            plain.description(),
            plain.seed(),
            plain.durationNs(),
            plain.machine(),
            plain.hypervisor(),
            plain.costs(),
            plain.kvm(),
            plain.cpuGroups(),
            partitions,
            plain.under()),
        1000);
  }

  private static PartitionSpec renamed(PartitionSpec p) {
    return new PartitionSpec(
        NAME,
        p.kind(),
        p.vps(),
        p.threadsPerCore(),
        p.coresHidden(),
        p.controls(),
        p.lps(),
        p.cpuGroup(),
        p.group(),
        p.affinity(),
        p.linux(),
        p.groups(),
        p.tasks().stream().map(Hostile::renamed).toList(),
        p.children(),
        p.changes());
  }

  private static TaskSpec renamed(TaskSpec t) {
    return new TaskSpec(
        t.name() + TASK,
        t.group(),
        t.policy(),
        t.nice(),
        t.sliceNs(),
        t.affinity(),
        t.session(),
        t.startNs(),
        t.workload());
  }
}
