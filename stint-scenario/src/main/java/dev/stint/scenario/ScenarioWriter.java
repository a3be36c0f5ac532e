package dev.stint.scenario;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Cost;
import dev.stint.model.sched.Costs;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CpuGroupSpec;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.VmVersion;
import dev.stint.model.workload.WorkloadSpec;
import java.util.List;

/// Writes scenarios as canonical YAML: keys in the order of the schema, defaults left out,
/// quantities in their shortest exact form. What [ScenarioReader] accepts reads back to an equal
/// value.
public final class ScenarioWriter {
  private final YamlText out = new YamlText();

  private ScenarioWriter() {}

  /// The scenario's text, with a line break at the end.
  public static String write(Scenario scenario) {
    ScenarioWriter writer = new ScenarioWriter();
    writer.scenario(scenario);
    return writer.out.toString();
  }

  private void scenario(Scenario scenario) {
    out.entry("name", scenario.name());
    if (!scenario.description().isEmpty()) {
      out.entry("description", scenario.description());
    }
    out.raw("seed", Long.toString(scenario.seed()));
    out.raw("duration", Quantities.duration(scenario.durationNs()));
    machine(scenario.machine());
    hypervisor(scenario.hypervisor());
    costs(scenario.costs());
    kvm(scenario.kvm());
    cpuGroups(scenario.cpuGroups());
    out.raw(
        "under",
        "[" + String.join(", ", scenario.under().stream().map(Assembly::text).toList()) + "]");
    out.open("partitions");
    for (PartitionSpec partition : scenario.partitions()) {
      partition(partition, scenario.machine());
    }
    out.close();
  }

  private void machine(Machine machine) {
    out.open("machine");
    count("sockets", machine.sockets(), 1);
    count("nodes-per-socket", machine.nodesPerSocket(), 1);
    count("caches-per-node", machine.cachesPerNode(), 1);
    out.raw("cores", Integer.toString(machine.coresPerCache()));
    count("threads-per-core", machine.threadsPerCore(), 1);
    out.close();
  }

  private void hypervisor(HypervisorConfig config) {
    HypervisorConfig def = HypervisorConfig.DEFAULT;
    out.open("hypervisor");
    duration("time-slice", config.timeSliceNs(), def.timeSliceNs());
    duration("window", config.windowNs(), def.windowNs());
    if (config.rotation() != def.rotation()) {
      out.raw("rotation", config.rotation().text());
    }
    if (config.wakePreemption() != def.wakePreemption()) {
      out.raw("wake-preemption", Boolean.toString(config.wakePreemption()));
    }
    if (config.familyShare() != def.familyShare()) {
      out.raw("family-share", config.familyShare().text());
    }
    if (config.l1vhPinned() != def.l1vhPinned()) {
      out.raw("l1vh-vps", config.l1vhPinned() ? "pinned" : "scheduled");
    }
    duration("long-spin", config.longSpinNs(), def.longSpinNs());
    out.closeOrOmit();
  }

  private void kvm(KvmConfig config) {
    out.open("kvm");
    duration("halt-poll", config.haltPollNs(), KvmConfig.DEFAULT.haltPollNs());
    count("halt-poll-shrink", config.haltPollShrink(), KvmConfig.DEFAULT.haltPollShrink());
    out.closeOrOmit();
  }

  private void costs(Costs costs) {
    if (costs.equals(Costs.TYPICAL)) {
      out.raw("costs", "typical");
      return;
    }
    out.open("costs");
    costs.times().forEach((parameter, cost) -> out.raw(parameter.text(), time(cost)));
    if (costs.smtPermille() != Costs.FULL_PACE) {
      out.raw(CostsReader.SMT_FACTOR, costs.smtText());
    }
    out.closeOrOmit();
  }

  private static String time(Cost cost) {
    return cost.isFixed()
        ? Quantities.duration(cost.minNs())
        : "{min: "
            + Quantities.duration(cost.minNs())
            + ", mean: "
            + Quantities.duration(cost.meanNs())
            + "}";
  }

  private void cpuGroups(List<CpuGroupSpec> groups) {
    if (groups.isEmpty()) {
      return;
    }
    out.open("cpu-groups");
    for (CpuGroupSpec group : groups) {
      out.open(group.name());
      group.lps().ifPresent(lps -> out.raw("lps", cpus(lps)));
      if (group.cap() != Controls.ONE_LP || group.lps().isEmpty()) {
        out.raw("cap", Quantities.percent(group.cap()));
      }
      out.close();
    }
    out.close();
  }

  private void partition(PartitionSpec partition, Machine machine) {
    boolean root = partition.kind() == PartitionKind.ROOT;
    out.open(partition.name());
    if (partition.kind() != PartitionKind.GUEST) {
      out.raw("kind", partition.kind().text());
    }
    if (!root) {
      out.raw("vps", Integer.toString(partition.vps()));
    }
    if (partition.coresHidden()) {
      out.raw("vm-version", VmVersion.V8_2.text());
    } else {
      count("threads-per-core", partition.threadsPerCore(), root ? machine.threadsPerCore() : 1);
    }
    controls(partition.controls());
    partition.lps().ifPresent(lps -> out.raw("lps", cpus(lps)));
    if (!partition.cpuGroup().isEmpty()) {
      out.entry("cpu-group", partition.cpuGroup());
    }
    if (!partition.group().isEmpty()) {
      out.entry("group", partition.group());
    }
    if (!partition.affinity().isEmpty()) {
      List<String> lists = partition.affinity().stream().map(ScenarioWriter::cpus).toList();
      out.raw("vcpu-affinity", "[" + String.join(", ", lists) + "]");
    }
    linux(partition.linux());
    groups(partition.groups());
    tasks(partition.tasks());
    if (!partition.children().isEmpty()) {
      out.open("children");
      for (PartitionSpec child : partition.children()) {
        partition(child, machine);
      }
      out.close();
    }
    if (!partition.changes().isEmpty()) {
      out.raw("changes", ChangeText.list(partition.changes()));
    }
    out.close();
  }

  private void controls(Controls controls) {
    count("weight", controls.weight(), Controls.DEFAULT.weight());
    if (controls.cap() != Controls.DEFAULT.cap()) {
      out.raw("cap", Quantities.percent(controls.cap()));
    }
    if (controls.reserve() != Controls.DEFAULT.reserve()) {
      out.raw("reserve", Quantities.percent(controls.reserve()));
    }
  }

  private void linux(LinuxConfig linux) {
    LinuxConfig def = LinuxConfig.DEFAULT;
    out.open("linux");
    if (linux.version() != def.version()) {
      out.entry("kernel", linux.version().text());
    }
    count("hz", linux.hz(), def.hz());
    linux.baseSliceNs().ifPresent(sliceNs -> out.raw("base-slice", Quantities.duration(sliceNs)));
    if (linux.stealClock() != def.stealClock()) {
      out.raw("steal-clock", Boolean.toString(linux.stealClock()));
    }
    if (linux.preempt() != def.preempt()) {
      out.raw("preempt", linux.preempt().text());
    }
    if (linux.autogroup() != def.autogroup()) {
      out.raw("autogroup", Boolean.toString(linux.autogroup()));
    }
    if (linux.cpusets() != def.cpusets()) {
      out.raw("cpuset", linux.cpusets().text());
    }
    out.closeOrOmit();
  }

  private void groups(List<GroupSpec> groups) {
    if (groups.isEmpty()) {
      return;
    }
    out.open("groups");
    for (GroupSpec group : groups) {
      out.open(group.name());
      weight(group.weight());
      group.quota().ifPresent(this::quota);
      group.cpus().ifPresent(cpus -> out.raw("cpuset.cpus", cpus(cpus)));
      if (!group.exclusive().isEmpty()) {
        out.raw("cpuset.cpus.exclusive", cpus(group.exclusive()));
      }
      if (group.partition() != PartitionType.MEMBER) {
        out.raw("cpuset.cpus.partition", group.partition().word());
      }
      if (group.cpuExclusive()) {
        out.raw("cpuset.cpu_exclusive", "true");
      }
      groups(group.groups());
      out.close();
    }
    out.close();
  }

  private void weight(GroupWeight weight) {
    switch (weight) {
      case GroupWeight.OfWeight(int value) -> count("cpu.weight", value, 100);
      case GroupWeight.OfNice(int nice) -> out.raw("cpu.weight.nice", Integer.toString(nice));
      case GroupWeight.Idle() -> out.raw("cpu.idle", "true");
    }
  }

  private void quota(Quota quota) {
    out.raw("cpu.max", amount(quota.quotaNs()) + " " + amount(quota.periodNs()));
    if (quota.burstNs() > 0) {
      out.raw("cpu.max.burst", amount(quota.burstNs()));
    }
    quota.phaseNs().ifPresent(phaseNs -> out.raw("cpu.max.phase", Quantities.duration(phaseNs)));
  }

  /// Microseconds as in cgroupfs where they are exact.
  static String amount(long ns) {
    return ns % 1_000 == 0 ? Long.toString(ns / 1_000) : ns + "ns";
  }

  private void tasks(List<TaskSpec> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    out.open("tasks");
    TaskRuns runs = new TaskRuns(tasks);
    for (int i = 0; i < tasks.size(); ) {
      int count = runs.length(i);
      TaskSpec task = tasks.get(i);
      out.open(count == 0 ? task.name() : TaskRuns.stem(task.name()));
      task(task);
      if (count > 0) {
        out.raw("count", Integer.toString(count));
      }
      workload(task.workload());
      out.close();
      i += Math.max(1, count);
    }
    out.close();
  }

  private void task(TaskSpec task) {
    if (!task.group().isEmpty()) {
      out.entry("group", task.group());
    }
    if (task.policy() != SchedulingPolicy.NORMAL) {
      out.raw("policy", task.policy().text());
    }
    count("nice", task.nice(), 0);
    task.sliceNs().ifPresent(sliceNs -> out.raw("slice", Quantities.duration(sliceNs)));
    task.affinity().ifPresent(cpus -> out.raw("affinity", cpus(cpus)));
    if (!task.session().isEmpty()) {
      out.entry("session", task.session());
    }
    duration("start", task.startNs(), 0);
  }

  private void workload(WorkloadSpec workload) {
    switch (workload) {
      case WorkloadSpec.Busy _ -> out.raw("busy", "{}");
      case WorkloadSpec.Batch batch -> {
        out.open("batch");
        duration("work", batch.workNs());
        out.close();
      }
      case WorkloadSpec.Periodic periodic -> {
        out.open("periodic");
        duration("run", periodic.runNs());
        duration("period", periodic.periodNs());
        duration("phase", periodic.phaseNs(), 0);
        out.close();
      }
      case WorkloadSpec.OnOff onOff -> {
        out.open("on-off");
        duration("on", onOff.onNs());
        duration("off", onOff.offNs());
        duration("phase", onOff.phaseNs(), 0);
        out.close();
      }
      case WorkloadSpec.Requests requests -> requests(requests);
      case WorkloadSpec.PingPong pingPong -> {
        out.open("ping-pong");
        out.entry("exchange", pingPong.exchange());
        duration("work", pingPong.workNs());
        out.close();
      }
      case WorkloadSpec.Barrier barrier -> {
        out.open("barrier");
        out.entry("name", barrier.barrier());
        duration("work", barrier.workNs());
        out.raw("wait", barrier.spin() ? "spin" : "block");
        out.close();
      }
      case WorkloadSpec.Io io -> {
        out.open("io");
        duration("every", io.everyNs());
        duration("handling", io.handlingNs());
        duration("device", io.deviceNs(), 0);
        out.close();
      }
      case WorkloadSpec.Replay replay -> {
        out.open("replay");
        out.raw("jobs", '"' + ReplayedJobs.text(replay.jobs()) + '"');
        out.close();
      }
    }
  }

  private void requests(WorkloadSpec.Requests requests) {
    out.open("requests");
    duration("every", requests.meanInterarrivalNs());
    out.raw("arrivals", requests.poisson() ? "poisson" : "constant");
    duration("service", requests.meanServiceNs());
    out.raw("service-distribution", requests.exponentialService() ? "exponential" : "constant");
    out.close();
  }

  private void count(String key, int value, int def) {
    if (value != def) {
      out.raw(key, Integer.toString(value));
    }
  }

  private void duration(String key, long ns) {
    out.raw(key, Quantities.duration(ns));
  }

  private void duration(String key, long ns, long defNs) {
    if (ns != defNs) {
      duration(key, ns);
    }
  }

  static String cpus(CpuSet cpus) {
    // A list with a comma must not be taken for two items of a flow sequence.
    String text = cpus.toString();
    return text.indexOf(',') >= 0 ? '"' + text + '"' : text;
  }
}
