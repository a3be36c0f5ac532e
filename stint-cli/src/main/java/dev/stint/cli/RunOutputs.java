package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.TraceSink;
import dev.stint.report.Results;
import java.util.List;
import java.util.Optional;

/// All outputs of a command. Closing them abandons those that were not finished.
record RunOutputs(List<RunOutput> all) implements AutoCloseable {
  RunOutputs {
    all = List.copyOf(all);
  }

  /// Who watches one of the runs; nobody when there is no output.
  Optional<RunWatcher> watcher(int run, Assembly assembly) {
    return all.stream().map(output -> output.watcher(run, assembly)).reduce(RunOutputs::both);
  }

  private static RunWatcher both(RunWatcher first, RunWatcher second) {
    return run -> {
      Watch one = first.watch(run);
      Watch other = second.watch(run);
      return new Watch(
          TraceSink.both(one.events(), other.events()), SpanSink.both(one.spans(), other.spans()));
    };
  }

  void finish(Results results) {
    all.forEach(output -> output.finish(results));
  }

  @Override
  public void close() {
    all.forEach(RunOutput::abandon);
  }
}
