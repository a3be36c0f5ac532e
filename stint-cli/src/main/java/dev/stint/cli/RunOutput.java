package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunWatcher;
import dev.stint.report.Results;

/// Something made of the event streams of a command's runs: a trace, a report, a run directory.
///
/// Its constructor checks at once what can be checked, so that nobody waits for a simulation in
/// vain, and refuses with a [Refusal].
interface RunOutput {
  /// Who watches one of the runs. Several runs go on at the same time, each on a thread of its own.
  ///
  /// @param run index in the order of the assemblies
  RunWatcher watcher(int run, Assembly assembly);

  /// Completes what was begun, when all runs have ended well.
  void finish(Results results);

  /// Leaves nothing behind of what was begun, after a failure; does nothing after [#finish].
  void abandon();
}
