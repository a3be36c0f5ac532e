package dev.stint.model.linux;

import dev.stint.model.trace.LiveState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a running kernel as a debugger would (the kernel's own `/sys/kernel/debug/sched/debug`
/// shows the same): nothing is charged or settled for it, so figures are as of the last charge.
public final class KernelInspector implements LiveState {
  private final LinuxKernel kernel;
  private final List<@Nullable Task> taskById = new ArrayList<>();
  private final List<@Nullable TaskGroup> groupById = new ArrayList<>();
  private int knownTasks;

  /// An inspector of this kernel; groups made later are not seen.
  public KernelInspector(LinuxKernel kernel) {
    this.kernel = kernel;
    for (TaskGroup group : kernel.groups()) {
      put(groupById, group.id(), group);
    }
  }

  @Override
  public long lagNs(int id) {
    learn();
    Task task = id < taskById.size() ? taskById.get(id) : null;
    if (task == null) {
      return UNKNOWN;
    }
    Entity entity = task.entity;
    return entity.onQueue ? entity.queue.virtualTime() - entity.vruntime : entity.vlag;
  }

  @Override
  public long quotaLeftNs(int id) {
    TaskGroup group = id < groupById.size() ? groupById.get(id) : null;
    if (group == null || !group.bandwidth.limited()) {
      return UNKNOWN;
    }
    return group.bandwidth.runtimeNs() + group.localRuntimeNs();
  }

  @Override
  public String queues(int processor) {
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      if (kernel.runqueue(cpu).processor.id() == processor) {
        return QueueTree.text(kernel.runqueue(cpu));
      }
    }
    return "";
  }

  private void learn() {
    while (knownTasks < kernel.tasks().size()) {
      Task task = kernel.tasks().get(knownTasks++);
      put(taskById, task.id(), task);
    }
  }

  private static <T> void put(List<@Nullable T> byId, int id, T value) {
    while (byId.size() <= id) {
      byId.add(null);
    }
    byId.set(id, value);
  }
}
