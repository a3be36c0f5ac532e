package dev.stint.host.kernel;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;

/// What the guest's program is to do, line by line, for a scenario of one Linux on bare metal.
///
/// ```
/// put FILE VALUE                write a file anywhere
/// group PATH                    make a cgroup
/// write PATH|/ FILE VALUE...    write one of its files
/// phase PATH PERIOD             find out when its quota periods begin
/// task NAME GROUP POLICY NICE SLICE CPUS START WORKLOAD A B C
/// duration NANOSECONDS
/// ```
///
/// @param host the Linux
/// @param text the lines
public record GuestPlan(PartitionSpec host, String text) {
  private static final int CPUS_MAX = 8;
  private static final int COMM_MAX = 15;
  private static final String NONE = " 0 0 0";
  private static final String BASE_SLICE = "/sys/kernel/debug/sched/base_slice_ns";

  /// Plans a scenario, or says why a guest cannot do it.
  public static GuestPlan of(Scenario scenario) throws CannotBoot {
    if (scenario.partitions().size() != 1
        || scenario.partitions().getFirst().kind() != PartitionKind.ROOT) {
      throw CannotBoot.scenario(
          "a kernel runs a scenario of one Linux on bare metal: one partition of kind: root,"
              + " without others");
    }
    check(scenario.machine());
    PartitionSpec host = scenario.partitions().getFirst();
    check(host);
    StringBuilder text = new StringBuilder();
    host.linux()
        .baseSliceNs()
        .ifPresent(
            ns -> text.append("put ").append(BASE_SLICE).append(' ').append(ns).append('\n'));
    host.groups().forEach(group -> group("", group, text));
    List<String> exchanges = new ArrayList<>();
    for (TaskSpec task : host.tasks()) {
      task(task, exchanges, text);
    }
    text.append("duration ").append(scenario.durationNs()).append('\n');
    return new GuestPlan(host, text.toString());
  }

  private static void check(Machine machine) throws CannotBoot {
    if (machine.lpCount() > CPUS_MAX) {
      throw CannotBoot.scenario(
          "the emulator has up to " + CPUS_MAX + " CPUs here, the scenario " + machine.lpCount());
    }
    if (machine.nodesPerSocket() > 1 || machine.cachesPerNode() > 1) {
      throw CannotBoot.scenario("the emulator has one NUMA node and one cache for each socket");
    }
  }

  private static void check(PartitionSpec host) throws CannotBoot {
    if (host.linux().cpusets() != CpusetVersion.V2) {
      throw CannotBoot.scenario("the guest has cgroup v2 only, the scenario cpuset: v1");
    }
    if (host.linux().autogroup()) {
      throw CannotBoot.scenario("the guest has no autogroups; write autogroup: false");
    }
    if (host.changesAnything()) {
      throw CannotBoot.scenario("the guest cannot carry out changes during a run");
    }
    if (host.tasks().isEmpty()) {
      throw CannotBoot.scenario("the scenario has no tasks");
    }
  }

  // --- Groups ---

  private static void group(String parent, GroupSpec group, StringBuilder text) {
    String path = parent.isEmpty() ? group.name() : parent + "/" + group.name();
    text.append("group ").append(path).append('\n');
    switch (group.weight()) {
      case GroupWeight.OfWeight(int weight) -> write(path, "cpu.weight", "" + weight, text);
      case GroupWeight.OfNice(int nice) -> write(path, "cpu.weight.nice", "" + nice, text);
      case GroupWeight.Idle() -> write(path, "cpu.idle", "1", text);
    }
    group.cpus().ifPresent(cpus -> write(path, "cpuset.cpus", cpus.toString(), text));
    if (!group.exclusive().isEmpty()) {
      write(path, "cpuset.cpus.exclusive", group.exclusive().toString(), text);
    }
    if (group.partition() != PartitionType.MEMBER) {
      write(path, "cpuset.cpus.partition", group.partition().word(), text);
    }
    group.quota().ifPresent(quota -> limit(path, quota, text));
    group.groups().forEach(child -> group(path, child, text));
  }

  private static void limit(String path, Quota quota, StringBuilder text) {
    write(path, "cpu.max", quota.quotaNs() / 1_000 + " " + quota.periodNs() / 1_000, text);
    write(path, "cpu.max.burst", String.valueOf(quota.burstNs() / 1_000), text);
    text.append("phase ").append(path).append(' ').append(quota.periodNs()).append('\n');
  }

  private static void write(String path, String file, String value, StringBuilder text) {
    text.append("write ")
        .append(path)
        .append(' ')
        .append(file)
        .append(' ')
        .append(value)
        .append('\n');
  }

  // --- Tasks ---

  private static void task(TaskSpec task, List<String> exchanges, StringBuilder text)
      throws CannotBoot {
    String comm = task.name().substring(0, Math.min(COMM_MAX, task.name().length()));
    text.append("task ")
        .append(comm)
        .append(' ')
        .append(task.group().isEmpty() ? "/" : task.group())
        .append(' ')
        .append(number(task.policy()))
        .append(' ')
        .append(task.nice())
        .append(' ')
        .append(task.sliceNs().orElse(0))
        .append(' ')
        .append(task.affinity().map(CpuSet::toString).orElse("-"))
        .append(' ')
        .append(task.startNs())
        .append(' ')
        .append(workload(task, exchanges))
        .append('\n');
  }

  private static int number(SchedulingPolicy policy) {
    return switch (policy) {
      case NORMAL -> 0;
      case BATCH -> 3;
      case IDLE -> 5;
    };
  }

  private static String workload(TaskSpec task, List<String> exchanges) throws CannotBoot {
    return switch (task.workload()) {
      case WorkloadSpec.Busy() -> "busy" + NONE;
      case WorkloadSpec.Batch(long workNs) -> "batch " + workNs + " 0 0";
      case WorkloadSpec.Periodic(long runNs, long periodNs, long phaseNs) ->
          "periodic " + runNs + " " + periodNs + " " + Math.floorMod(phaseNs, periodNs);
      case WorkloadSpec.OnOff(long onNs, long offNs, long phaseNs) ->
          "on-off " + onNs + " " + offNs + " " + phaseNs;
      case WorkloadSpec.PingPong(String exchange, long workNs) -> {
        boolean second = exchanges.contains(exchange);
        if (!second) {
          exchanges.add(exchange);
        }
        yield "ping-pong " + workNs + " " + exchanges.indexOf(exchange) + (second ? " 1" : " 0");
      }
      case WorkloadSpec.Requests _ -> throw unknown(task, "requests");
      case WorkloadSpec.Barrier _ -> throw unknown(task, "barrier");
      case WorkloadSpec.Io _ -> throw unknown(task, "io");
      case WorkloadSpec.Replay _ -> throw unknown(task, "replay");
    };
  }

  private static CannotBoot unknown(TaskSpec task, String workload) {
    return CannotBoot.scenario(
        "task "
            + task.name()
            + ": the guest knows no "
            + workload
            + "; it knows busy, batch,"
            + " periodic, on-off and ping-pong");
  }
}
