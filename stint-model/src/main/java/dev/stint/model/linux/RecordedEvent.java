package dev.stint.model.linux;

/// One line of a recording of a real kernel's scheduler: a sched tracepoint of ftrace or perf
/// (Documentation/trace/events.rst). Times are nanoseconds of the recording's clock.
public sealed interface RecordedEvent {
  /// The process id of every CPU's idle task.
  int IDLE = 0;

  /// When.
  long timeNs();

  /// The CPU that wrote the line.
  int cpu();

  /// A task as a tracepoint names it.
  ///
  /// @param pid the thread's id, 0 for the idle task
  /// @param comm its command name
  /// @param priority 100 to 139 for nice -20 to 19; below 100 it is not of the fair class
  record Who(int pid, String comm, int priority) {
    /// Whether the fair class schedules it.
    public boolean fair() {
      return pid != IDLE && priority >= 100;
    }

    @Override
    public String toString() {
      return pid == IDLE ? "idle" : comm + "-" + pid;
    }
  }

  /// Why the previous task of a switch left.
  enum Left {
    /// Still runnable: preempted at its return to user mode, or it yielded (`R`).
    RUNNABLE,
    /// Still runnable: preempted in the kernel, or parked by a bandwidth limit (`R+`).
    RUNNABLE_IN_KERNEL,
    /// Blocked (`S`, `D`, `I`).
    BLOCKED,
    /// Dead, stopped, traced or parked (`X`, `Z`, `T`, `t`, `P`): leaves without a delay.
    GONE
  }

  /// sched_wakeup or sched_wakeup_new: `woken` is on the queue of `target`.
  ///
  /// @param fork whether it is new
  /// @param needResched whether the writing CPU's current task was asked to give way
  record Wakeup(long timeNs, int cpu, Who woken, int target, boolean fork, boolean needResched)
      implements RecordedEvent {}

  /// sched_switch: `next` takes the CPU from `previous`.
  record Switch(long timeNs, int cpu, Who previous, Left left, Who next) implements RecordedEvent {}

  /// sched_migrate_task: a task goes from one CPU to another, queued or to be woken there.
  ///
  /// @param interrupt whether an interrupt of the writing CPU made it
  record Migration(long timeNs, int cpu, Who moved, int from, int to, boolean interrupt)
      implements RecordedEvent {
    /// Whether it may be the pull of a CPU that is about to idle.
    boolean forIdling() {
      return cpu == to && !interrupt;
    }
  }
}
