package dev.stint.scenario.trace;

import dev.stint.model.stats.RunResult;
import dev.stint.model.workload.ReplayedJob;
import java.util.List;

/// A trace, folded into the account that a simulated run has.
///
/// @param format who wrote it
/// @param cpus CPUs
/// @param eventCount sched events read, in the whole trace
/// @param firstNs the first event in the trace's clock
/// @param windowNs the window's start, after the first event
/// @param result its account; its digest is of the window's events
/// @param tasks those that the trace names, in the order in which it does
/// @param allJobs whether all jobs of the tasks were kept
/// @param warnings what was wrong: a line each, with its place
public record ImportedTrace(
    TraceFormat format,
    int cpus,
    long eventCount,
    long firstNs,
    long windowNs,
    RunResult result,
    List<Task> tasks,
    boolean allJobs,
    List<String> warnings) {
  /// What the account of an imported trace is called where a run's has its assembly.
  public static final String ASSEMBLY = "recorded";

  /// Copies the lists.
  public ImportedTrace {
    tasks = List.copyOf(tasks);
    warnings = List.copyOf(warnings);
  }

  /// A task.
  ///
  /// @param path of its account
  /// @param priority as the trace says: 100 to 139 for nice -20 to 19, below that of another class
  /// @param jobs what it asked for in the window
  public record Task(String path, String comm, int pid, int priority, List<ReplayedJob> jobs) {
    /// Copies the list.
    public Task {
      jobs = List.copyOf(jobs);
    }
  }
}
