package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Watch;
import dev.stint.report.Results;
import dev.stint.report.html.Commands;
import dev.stint.report.html.HtmlReport;
import dev.stint.report.html.RunRecorder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// `--report`: a page for a browser.
final class ReportOutput implements RunOutput {
  private final AtomicFile file;
  private final Commands commands;
  private final List<Optional<RunRecorder>> recorders;

  /// @param runs how many there will be
  ReportOutput(Path path, int runs, Commands commands) {
    file = new AtomicFile("--report", path);
    this.commands = commands;
    recorders = new ArrayList<>(Collections.nCopies(runs, Optional.empty()));
  }

  @Override
  public RunWatcher watcher(int run, Assembly assembly) {
    return watched -> {
      RunRecorder recorder =
          new RunRecorder(watched, HtmlReport.SLICES_MAX / Math.max(1, recorders.size()));
      keep(run, recorder);
      return new Watch(recorder, recorder);
    };
  }

  private synchronized void keep(int run, RunRecorder recorder) {
    recorders.set(run, Optional.of(recorder));
  }

  @Override
  public synchronized void finish(Results results) {
    List<RunRecorder> all = recorders.stream().map(Optional::orElseThrow).toList();
    file.write(out -> HtmlReport.write(results, commands, all, out));
  }

  @Override
  public void abandon() {
    // Nothing is on disk before the end.
  }
}
