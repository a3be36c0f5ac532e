package dev.stint.model.linux;

/// The text of a CPU's queues, for people who look for the cause of a decision.
final class QueueTree {
  private QueueTree() {}

  /// A CPU's queues, each group's below its entity, one entity a line.
  static String text(Runqueue cpu) {
    StringBuilder text = new StringBuilder();
    describe(text, cpu.root);
    for (TaskGroup group : cpu.kernel.groups()) {
      FairQueue queue = group.queue(cpu.cpu);
      if (queue.queuedCount > 0 || !queue.limbo.isEmpty()) {
        describe(text.append('\n'), queue);
      }
    }
    return text.toString();
  }

  private static void describe(StringBuilder text, FairQueue queue) {
    text.append(queue);
    if (queue.next != null) {
      text.append("\n  buddy ").append(queue.next);
    }
    for (Task task : queue.limbo) {
      text.append("\n  parked ").append(task.entity);
    }
  }
}
