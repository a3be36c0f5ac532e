package dev.stint.scenario.trace;

import dev.stint.model.stack.Watch;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.ResultBuilder;
import dev.stint.model.stats.RunResult;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceDigest;
import dev.stint.model.trace.TraceSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Folds a trace of a real machine into the account that a simulated run has
/// (docs/trace-import.md).
///
/// The file is read twice, line by line: first for who is in it and where it contradicts itself,
/// then for the account, in which every gap begins where the last agreeing line stood. Memory does
/// not grow with the trace, but with its tasks and gaps.
public final class TraceImport {
  private final TraceSource source;
  private final TraceWarnings warnings;
  private final TraceGaps gaps;
  private final TraceState survey;
  private final TraceStream stream;

  private final Function<Entities, Watch> watcher;

  private TraceImport(
      TraceSource source, Optional<TraceFormat> format, Function<Entities, Watch> watcher) {
    this.source = source;
    this.watcher = watcher;
    warnings = new TraceWarnings(source.name());
    gaps = new TraceGaps(source.name());
    survey = new TraceState(source.name(), warnings, gaps);
    stream = new TraceStream(survey, warnings, format, Long.MAX_VALUE);
  }

  /// Reads a trace.
  ///
  /// @param format who wrote it; empty to tell by its first event
  /// @param window the part to account for
  public static ImportedTrace read(
      TraceSource source, Optional<TraceFormat> format, TraceWindow window)
      throws IOException, MalformedTrace {
    return read(source, format, window, _ -> Watch.events(TraceSink.NONE));
  }

  /// Reads a trace and tells its events and the ledger's spans.
  ///
  /// @param watcher asked once who is to be told, when the entities are known
  public static ImportedTrace read(
      TraceSource source,
      Optional<TraceFormat> format,
      TraceWindow window,
      Function<Entities, Watch> watcher)
      throws IOException, MalformedTrace {
    return new TraceImport(source, format, watcher).read(window);
  }

  private ImportedTrace read(TraceWindow window) throws IOException, MalformedTrace {
    stream.read(source);
    if (survey.eventCount() == 0 || survey.tasks().isEmpty()) {
      List<String> problems = warnings.lines();
      throw new MalformedTrace(
          source.name(),
          "no sched_switch or sched_wakeup line"
              + (problems.isEmpty() ? "" : "; " + problems.getFirst().replaceFirst("\\.$", "")),
          "Give the text of ftrace, `trace-cmd report` or `perf script` with these events");
    }
    gaps.sort();
    long fromNs = survey.firstNs() + window.fromNs();
    long toNs =
        survey.lastNs() - fromNs > window.lengthNs() ? fromNs + window.lengthNs() : survey.lastNs();
    if (toNs <= fromNs) {
      throw new MalformedTrace(
          source.name(),
          "the trace is "
              + TraceStream.seconds(survey.lastNs() - survey.firstNs())
              + " s long, and the window begins at "
              + TraceStream.seconds(window.fromNs())
              + " s",
          "Begin earlier");
    }
    return fold(window, fromNs, toNs);
  }

  private ImportedTrace fold(TraceWindow window, long fromNs, long toNs)
      throws IOException, MalformedTrace {
    int cpus = Math.max(stream.cpus(), survey.cpus());
    Entities entities = entities(cpus);
    Watch watch = watcher.apply(entities);
    Ledger ledger = new Ledger(entities, watch.spans());
    TraceDigest digest = new TraceDigest();
    Activations activations = new Activations(entities.count());
    boolean[] newborn = new boolean[survey.tasks().size()];
    for (TaskSeen task : survey.tasks()) {
      newborn[task.index] = !task.old;
    }
    TraceEvents events =
        new TraceEvents(
            TraceSink.both(
                TraceSink.both(TraceSink.both(ledger, digest), activations), watch.events()),
            gaps,
            cpus,
            newborn,
            fromNs,
            toNs == survey.lastNs() ? toNs + 1 : toNs);
    again(events);
    events.begin();
    long lengthNs = toNs - fromNs;
    ledger.finish(lengthNs);
    ResultBuilder builder = new ResultBuilder(ledger);
    RunResult result =
        new RunResult(
            ImportedTrace.ASSEMBLY,
            lengthNs,
            digest.hex(),
            survey.eventCount(),
            builder.entities(),
            builder.theft(),
            Map.of(),
            warnings.lines());
    return new ImportedTrace(
        stream.format().orElse(TraceFormat.FTRACE),
        cpus,
        survey.eventCount(),
        survey.firstNs(),
        window.fromNs(),
        result,
        tasks(entities, activations, lengthNs),
        !activations.full(),
        warnings.lines());
  }

  /// Reads the file once more: a line that was added meanwhile is not looked at.
  private void again(TraceEvents events) throws IOException, MalformedTrace {
    TraceWarnings unheard = new TraceWarnings(source.name());
    TraceState state = new TraceState(source.name(), unheard, events);
    new TraceStream(state, unheard, stream.format(), survey.eventCount()).read(source);
    if (state.eventCount() != survey.eventCount()
        || state.tasks().size() != survey.tasks().size()) {
      throw new MalformedTrace(
          source.name(), "it changed while it was read", "Copy it, and give the copy");
    }
  }

  private List<ImportedTrace.Task> tasks(
      Entities entities, Activations activations, long lengthNs) {
    List<ImportedTrace.Task> tasks = new ArrayList<>();
    for (TaskSeen task : survey.tasks()) {
      int id = entities.count() - survey.tasks().size() + task.index;
      tasks.add(
          new ImportedTrace.Task(
              entities.path(id),
              task.comm,
              task.pid,
              task.priority,
              activations.jobs(id, lengthNs)));
    }
    return tasks;
  }

  /// CPUs from 0, then tasks in the order in which the trace names them.
  private Entities entities(int cpus) {
    Entities entities = new Entities();
    for (int cpu = 0; cpu < cpus; cpu++) {
      entities.add(EntityKind.LP, "lp" + cpu, Entities.NONE);
    }
    for (TaskSeen task : survey.tasks()) {
      String path = "linux/task:" + task;
      boolean taken = entities.find(path) != Entities.NONE;
      entities.add(EntityKind.TASK, taken ? path + "#" + task.index : path, Entities.NONE);
    }
    return entities;
  }
}
