package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.workload.WorkloadSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what a task does: exactly one of the workload keys.
final class WorkloadReader {
  /// The workload keys of a task.
  static final List<String> KEYS =
      List.of(
          "busy",
          "batch",
          "periodic",
          "on-off",
          "requests",
          "ping-pong",
          "barrier",
          "io",
          "replay");

  private static final long WORK_MIN_NS = 100;
  private static final long PERIOD_MIN_NS = 1_000;
  private static final long MAX_NS = ScenarioReader.DURATION_MAX_NS;
  private static final Map<String, Boolean> ARRIVALS = flags("constant", "poisson");
  private static final Map<String, Boolean> SERVICES = flags("constant", "exponential");
  private static final Map<String, Boolean> WAITS = flags("block", "spin");

  private final Problems problems;

  WorkloadReader(Problems problems) {
    this.problems = problems;
  }

  /// The workload of a task; any if a problem was recorded.
  ///
  /// @param name the task's name, which is also that of its exchange or barrier unless they say
  ///   otherwise
  WorkloadSpec read(Fields task, String name) {
    List<String> written = KEYS.stream().filter(task::has).toList();
    if (written.size() != 1) {
      String got = written.isEmpty() ? "no workload" : String.join(" and ", written);
      problems.add(
          DiagnosticCode.WORKLOAD,
          written.isEmpty() ? task.at() : task.key(written.get(1)).orElseThrow().at(),
          "",
          "task " + quoted(name) + " has " + got + "; a task does one thing",
          "Write one of " + String.join(", ", KEYS) + ", for example `busy: {}`");
      return new WorkloadSpec.Busy();
    }
    return switch (written.getFirst()) {
      case "batch" -> batch(fields(task, "batch", "work"));
      case "periodic" -> periodic(fields(task, "periodic", "run", "period", "phase"));
      case "on-off" -> onOff(fields(task, "on-off", "on", "off", "phase"));
      case "requests" ->
          requests(
              fields(task, "requests", "every", "arrivals", "service", "service-distribution"));
      case "ping-pong" -> pingPong(fields(task, "ping-pong", "exchange", "work"), name);
      case "io" -> io(fields(task, "io", "every", "handling", "device"));
      case "replay" -> replay(fields(task, "replay", "jobs"));
      case "barrier" -> barrier(fields(task, "barrier", "name", "work", "wait"), name);
      default -> {
        fields(task, "busy");
        yield new WorkloadSpec.Busy();
      }
    };
  }

  private WorkloadSpec batch(Fields fields) {
    return new WorkloadSpec.Batch(required(fields, "work", WORK_MIN_NS));
  }

  private WorkloadSpec periodic(Fields fields) {
    long runNs = required(fields, "run", WORK_MIN_NS);
    long periodNs = required(fields, "period", PERIOD_MIN_NS);
    if (runNs > periodNs) {
      overload(fields, "run", "run " + Quantities.duration(runNs), "period", periodNs);
    }
    return new WorkloadSpec.Periodic(runNs, periodNs, phase(fields));
  }

  private WorkloadSpec onOff(Fields fields) {
    return new WorkloadSpec.OnOff(
        required(fields, "on", PERIOD_MIN_NS),
        required(fields, "off", PERIOD_MIN_NS),
        phase(fields));
  }

  private WorkloadSpec requests(Fields fields) {
    long everyNs = required(fields, "every", PERIOD_MIN_NS);
    long serviceNs = required(fields, "service", WORK_MIN_NS);
    if (serviceNs > everyNs) {
      overload(fields, "service", "service " + Quantities.duration(serviceNs), "every", everyNs);
    }
    return new WorkloadSpec.Requests(
        everyNs,
        fields.choice("arrivals", ARRIVALS, false),
        serviceNs,
        fields.choice("service-distribution", SERVICES, false));
  }

  private WorkloadSpec pingPong(Fields fields, String name) {
    return new WorkloadSpec.PingPong(
        meeting(fields, "exchange", name), required(fields, "work", WORK_MIN_NS));
  }

  private WorkloadSpec barrier(Fields fields, String name) {
    return new WorkloadSpec.Barrier(
        meeting(fields, "name", name),
        required(fields, "work", WORK_MIN_NS),
        fields.choice("wait", WAITS, false));
  }

  private WorkloadSpec io(Fields fields) {
    return new WorkloadSpec.Io(
        required(fields, "every", PERIOD_MIN_NS),
        required(fields, "handling", WORK_MIN_NS),
        fields.durationNs("device", 0, MAX_NS, 0, DiagnosticCode.DURATION_RANGE));
  }

  private WorkloadSpec replay(Fields fields) {
    if (!fields.has("jobs")) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at(),
          "",
          "jobs is missing",
          "Add for example `jobs: 0ns+2ms 10ms+2ms`");
    }
    return new WorkloadSpec.Replay(
        fields.scalar("jobs").map(jobs -> ReplayedJobs.read(problems, jobs)).orElse(List.of()));
  }

  private String meeting(Fields fields, String key, String fallback) {
    fields.scalar(key).ifPresent(scalar -> Names.check(problems, scalar, key));
    return fields.text(key, fallback);
  }

  private long phase(Fields fields) {
    return fields.durationNs("phase", 0, MAX_NS, 0, DiagnosticCode.DURATION_RANGE);
  }

  private long required(Fields fields, String key, long minNs) {
    if (!fields.has(key)) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at(),
          "",
          key + " is missing",
          "Add for example `" + key + ": 5ms`");
    }
    return fields.durationNs(key, minNs, MAX_NS, minNs, DiagnosticCode.DURATION_RANGE);
  }

  private void overload(Fields fields, String key, String asked, String per, long perNs) {
    // A fallback for a value that is already refused must not warn as well.
    if (fields.has(key) && fields.has(per)) {
      problems.add(
          DiagnosticCode.OVERLOAD,
          fields.at(key),
          fields.text(key, ""),
          asked
              + " is more than one processor in each "
              + per
              + " of "
              + Quantities.duration(perNs),
          "Lengthen the " + per + " unless the overload is meant");
    }
  }

  private Fields fields(Fields task, String key, String... known) {
    return task.fields(key, key, List.of(known));
  }

  private static Map<String, Boolean> flags(String no, String yes) {
    Map<String, Boolean> choices = new LinkedHashMap<>();
    choices.put(no, false);
    choices.put(yes, true);
    return choices;
  }
}
