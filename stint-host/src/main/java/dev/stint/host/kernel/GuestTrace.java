package dev.stint.host.kernel;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.Watch;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.LiveState;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.ReplayedJob;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.scenario.trace.ImportedTrace;
import dev.stint.scenario.trace.MalformedTrace;
import dev.stint.scenario.trace.TraceFormat;
import dev.stint.scenario.trace.TraceImport;
import dev.stint.scenario.trace.TraceSource;
import dev.stint.scenario.trace.TraceWindow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The trace of a guest's run: the runs of the scenario's tasks, and what others did meanwhile.
final class GuestTrace {
  private static final int FIRST_FAIR_PRIORITY = 100;
  private static final int NICE_0_PRIORITY = 120;

  private final GuestReport report;
  private final List<TaskSpec> tasks;
  private final long durationNs;
  private final Map<String, CpuSet> cpusOf = new LinkedHashMap<>();
  private final ImportedTrace imported;
  private @Nullable SwitchFold fold;
  private @Nullable SwitchLog log;

  private GuestTrace(GuestReport report, List<TaskSpec> tasks, long durationNs)
      throws IOException, MalformedTrace, CannotBoot {
    this.report = report;
    this.tasks = tasks;
    this.durationNs = durationNs;
    TraceSource source = new Text(report.trace());
    Optional<TraceFormat> format = Optional.of(TraceFormat.FTRACE);
    long firstNs = TraceImport.read(source, format, TraceWindow.ALL).firstNs();
    if (firstNs > report.t0Ns()) {
      throw CannotBoot.machine("the guest's trace begins after the run");
    }
    TraceWindow window = new TraceWindow(report.t0Ns() - firstNs, durationNs);
    imported = TraceImport.read(source, format, window, this::watch);
    if (imported.result().durationNs() < durationNs) {
      throw CannotBoot.scenario("the guest's trace is full before the run ends; make it shorter");
    }
  }

  /// The trace's bytes.
  private record Text(byte[] bytes) implements TraceSource {
    @Override
    public String name() {
      return "the guest's trace";
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  static GuestTrace of(GuestReport report, Scenario scenario) throws CannotBoot {
    try {
      return new GuestTrace(
          report, scenario.partitions().getFirst().tasks(), scenario.durationNs());
    } catch (IOException | MalformedTrace e) {
      throw CannotBoot.machine("the guest's trace cannot be read: " + e.getMessage());
    }
  }

  private Watch watch(Entities entities) {
    SwitchFold made = new SwitchFold(entities, EntityKind.LP, this::task, durationNs);
    fold = made;
    SwitchLog written = new SwitchLog(entities, EntityKind.LP, this::shown, LiveState.NONE, 0, -1);
    log = written;
    return Watch.events(TraceSink.both(TraceSink.both(made, written), new Places(entities)));
  }

  private Optional<String> task(String path) {
    int pid = Integer.parseInt(path.replaceFirst("#\\d+$", "").replaceFirst(".*-", ""));
    return report.task(pid).map(index -> tasks.get(index).name());
  }

  private String shown(String path) {
    return task(path).orElseGet(() -> path.replaceFirst(".*/task:", ""));
  }

  /// The kernel's switches.
  List<SwitchLog.Switch> switches() {
    SwitchLog written = log;
    if (written == null) {
      throw new IllegalStateException("the trace was not read");
    }
    return written.switches();
  }

  /// Where tasks ran.
  private final class Places implements TraceSink {
    private final Entities entities;

    Places(Entities entities) {
      this.entities = entities;
    }

    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      if (kind == TraceKind.SWITCH && c != Entities.NONE) {
        cpusOf.merge(entities.path(c), CpuSet.of(a), CpuSet::or);
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }

  /// What is wrong with it.
  List<String> warnings() {
    return imported.warnings();
  }

  SwitchFold runs() {
    SwitchFold made = fold;
    if (made == null) {
      throw new IllegalStateException("the trace was not read");
    }
    made.finish();
    return made;
  }

  /// The kernel's own threads and whoever else ran: each wakes when it did and works for as long as
  /// it did; when it gets a CPU is the model's choice.
  List<TaskSpec> outside() {
    List<TaskSpec> outside = new ArrayList<>();
    for (ImportedTrace.Task task : imported.tasks()) {
      List<ReplayedJob> jobs =
          task.jobs().stream().filter(job -> job.runNs() != TaskControl.FOREVER).toList();
      boolean fair = task.priority() >= FIRST_FAIR_PRIORITY;
      if (!fair || jobs.isEmpty() || report.task(task.pid()).isPresent()) {
        continue;
      }
      outside.add(
          new TaskSpec(
              "outside-" + task.comm() + "-" + task.pid(),
              "",
              task.priority() - NICE_0_PRIORITY,
              OptionalLong.empty(),
              Optional.ofNullable(cpusOf.get(task.path())),
              jobs.getFirst().atNs(),
              new WorkloadSpec.Replay(jobs)));
    }
    return outside;
  }
}
