package dev.stint.model.stack;

import dev.stint.model.linux.Cpusets;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.SchedulingAttributes;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.linux.cpuset.Errno;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Time;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Makes a guest's changes at their times: each takes effect at once, in the order written, before
/// the timers of that instant. What the kernel refuses is noted and changes nothing.
final class TimedChanges {
  private final Guest guest;
  private final LinuxKernel kernel;
  private final Consumer<String> notes;

  TimedChanges(Guest guest, Consumer<String> notes) {
    this.guest = guest;
    this.notes = notes;
    kernel = guest.kernel;
  }

  void schedule(Simulation simulation) {
    for (TimedChange timed : guest.spec.changes()) {
      prepare(timed.change());
      int timer =
          simulation.newTimer(
              TimerRank.DEVICE, (now, _) -> note(timed, apply(timed.change(), now)));
      simulation.arm(timer, timed.atNs());
    }
  }

  /// A limit needs a period's phase, which a group made without one does not have yet.
  private void prepare(Change change) {
    if (change instanceof Change.Limit limit) {
      kernel.prepareQuota(guest.group(limit.group()), OptionalLong.empty());
    }
  }

  private CpusetResult apply(Change change, long nowNs) {
    Cpusets cpusets = kernel.cpusets();
    return switch (change) {
      case Change.Weight weight -> {
        TaskGroup group = guest.group(weight.group());
        if (group.idle() && !(weight.weight() instanceof GroupWeight.Idle)) {
          yield new CpusetResult.Refused(Errno.EINVAL, "a group with cpu.idle 1 takes no weight");
        }
        group.write(weight.weight(), nowNs);
        yield CpusetResult.ACCEPTED;
      }
      case Change.ClearIdle(String group) -> {
        guest.group(group).clearIdle(nowNs);
        yield CpusetResult.ACCEPTED;
      }
      case Change.Limit limit -> {
        kernel.setQuota(guest.group(limit.group()), limit.quota());
        yield CpusetResult.ACCEPTED;
      }
      case Change.Cpus(String group, var cpus) ->
          cpusets.writeCpus(guest.group(group), guest.cpus(cpus));
      case Change.Exclusive(String group, var cpus) ->
          cpusets.writeExclusive(guest.group(group), guest.cpus(cpus));
      case Change.Partition(String group, var type) ->
          cpusets.writePartition(guest.group(group), type);
      case Change.CpuExclusive(String group, boolean exclusive) ->
          cpusets.writeCpuExclusive(guest.group(group), exclusive);
      case Change.Move(String task, String group) ->
          cpusets.moveTask(guest.task(task), guest.group(group));
      case Change.Affinity(String task, var cpus) ->
          cpusets.setAffinity(guest.task(task), guest.cpus(cpus));
      case Change.Attributes attributes -> {
        TaskControl task = guest.task(attributes.task());
        kernel.setAttributes(task, merged(kernel.attributes(task), attributes), nowNs);
        yield CpusetResult.ACCEPTED;
      }
    };
  }

  private static SchedulingAttributes merged(SchedulingAttributes now, Change.Attributes change) {
    return new SchedulingAttributes(
        change.policy().orElse(now.policy()),
        change.nice().orElse(now.nice()),
        change.sliceNs().isPresent() ? change.sliceNs() : now.sliceNs());
  }

  private static String described(Change change) {
    return switch (change) {
      case Change.Weight(String group, var _) -> group + ": its weight";
      case Change.ClearIdle(String group) -> group + ": cpu.idle 0";
      case Change.Limit(String group, var _) -> group + ": cpu.max";
      case Change.Cpus(String group, var cpus) -> group + ": cpuset.cpus " + cpus;
      case Change.Exclusive(String group, var cpus) -> group + ": cpuset.cpus.exclusive " + cpus;
      case Change.Partition(String group, var type) ->
          group + ": cpuset.cpus.partition " + type.word();
      case Change.CpuExclusive(String group, boolean exclusive) ->
          group + ": cpuset.cpu_exclusive " + (exclusive ? 1 : 0);
      case Change.Move(String task, String group) -> task + ": cgroup /" + group;
      case Change.Affinity(String task, var cpus) -> task + ": affinity " + cpus;
      case Change.Attributes attributes -> attributes.task() + ": its attributes";
    };
  }

  private void note(TimedChange timed, CpusetResult result) {
    String what = guest.partition.path() + " at " + Time.format(timed.atNs()) + ": ";
    if (result instanceof CpusetResult.Refused refused) {
      notes.accept(what + described(timed.change()) + ": " + refused);
    } else if (timed.change() instanceof Change.Partition(String group, var type)
        && type != PartitionType.MEMBER
        && !guest.group(group).cpuset().validPartition()) {
      notes.accept(
          what
              + guest.group(group)
              + ": cpuset.cpus.partition: "
              + guest.group(group).cpuset().partition());
    }
  }
}
