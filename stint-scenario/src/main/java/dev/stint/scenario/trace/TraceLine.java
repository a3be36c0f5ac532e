package dev.stint.scenario.trace;

import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Who;

/// What one line of a trace says.
public sealed interface TraceLine {
  /// A line with a time.
  sealed interface Timed extends TraceLine {
    /// When, in nanoseconds of the trace's clock.
    long timeNs();

    /// The CPU that wrote it.
    int cpu();

    /// The thread that ran on that CPU, [#NOBODY] where the line does not say.
    int running();
  }

  /// What [Timed#running] is where it is not known.
  int NOBODY = -1;

  /// sched_switch, sched_wakeup, sched_wakeup_new or sched_migrate_task.
  ///
  /// @param format whose style the line has
  /// @param flags whether the line has the irq-info flags, from which part of the event is taken
  record Event(RecordedEvent event, int running, TraceFormat format, boolean flags)
      implements Timed {
    @Override
    public long timeNs() {
      return event.timeNs();
    }

    @Override
    public int cpu() {
      return event.cpu();
    }
  }

  /// sched_waking: a wake-up of `woken` begins; it is to run on `target`.
  record Waking(long timeNs, int cpu, int running, Who woken, int target) implements Timed {}

  /// sched_process_fork: from now there is a thread `child`.
  record Fork(long timeNs, int cpu, int running, int child, String comm) implements Timed {}

  /// sched_stat_runtime, sched_process_exit, or an event of another kind.
  record Other(long timeNs, int cpu, int running) implements Timed {}

  /// `CPU:0 [LOST 12 EVENTS]`: so many events of the CPU before this line are missing.
  record Lost(int cpu, long count) implements TraceLine {}

  /// A line above the events.
  ///
  /// @param cpus how many CPUs it names, 0 if it does not
  /// @param overwritten how many events it says were overwritten before the first
  record Header(int cpus, long overwritten) implements TraceLine {}

  /// Nothing.
  record Blank() implements TraceLine {}
}
