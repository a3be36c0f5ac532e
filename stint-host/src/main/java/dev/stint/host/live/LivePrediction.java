package dev.stint.host.live;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// What the model says of a plan on a machine like this one.
final class LivePrediction {
  private LivePrediction() {}

  /// The figures of a window after a warm-up. A run of the warm-up alone is how a run of both
  /// begins, so its counts are taken off; latencies are those of the whole run.
  static Observed of(LivePlan plan, HostMachine host, long warmUpNs, long windowNs)
      throws CannotRunLive {
    RunResult before = run(plan, host, warmUpNs);
    RunResult result = run(plan, host, warmUpNs + windowNs);
    String name = plan.partition().name();
    Map<String, Observed.OfTask> tasks = new LinkedHashMap<>();
    for (TaskSpec task : plan.tasks()) {
      String path = name + "/task:" + task.name();
      EntityResult first = entity(before, path);
      EntityResult entity = entity(result, path);
      tasks.put(
          task.name(),
          new Observed.OfTask(
              100.0 * (entity.runNs() - first.runNs()) / windowNs,
              OptionalDouble.of((entity.switches() - first.switches()) * 1e9 / windowNs),
              jobs(entity)));
    }
    Map<String, Observed.OfGroup> groups = new LinkedHashMap<>();
    plan.groups()
        .forEach((path, group) -> {
          if (group.quota().isPresent()) {
            EntityResult first = entity(before, name + "/cgroup:" + path);
            EntityResult entity = entity(result, name + "/cgroup:" + path);
            groups.put(
                path,
                new Observed.OfGroup(
                    entity.periods() - first.periods(),
                    entity.throttledPeriods() - first.throttledPeriods()));
          }
        });
    return new Observed(tasks, groups);
  }

  private static RunResult run(LivePlan plan, HostMachine host, long lastingNs)
      throws CannotRunLive {
    try {
      return Experiment.run(here(plan, host, lastingNs), Assembly.ROOT, RunOptions.DEFAULT);
    } catch (CannotAssemble e) {
      throw CannotRunLive.scenario(String.valueOf(e.getMessage()));
    }
  }

  /// The scenario on this machine, with this kernel.
  private static Scenario here(LivePlan plan, HostMachine host, long lastingNs) {
    Scenario scenario = plan.scenario();
    PartitionSpec partition = plan.partition();
    PartitionSpec adapted =
        new PartitionSpec(
            partition.name(),
            partition.kind(),
            host.machine().lpCount(),
            host.machine().threadsPerCore(),
            partition.controls(),
            Optional.empty(),
            partition.group(),
            partition.affinity(),
            host.linux(),
            partition.groups(),
            partition.tasks(),
            List.of());
    return new Scenario(
        scenario.name(),
        scenario.description(),
        scenario.seed(),
        lastingNs,
        host.machine(),
        scenario.hypervisor(),
        scenario.costs(),
        scenario.kvm(),
        List.of(),
        List.of(adapted),
        List.of(Assembly.ROOT));
  }

  private static EntityResult entity(RunResult result, String path) {
    return result
        .entity(path)
        .orElseThrow(() -> new IllegalStateException("the model has no " + path));
  }

  private static Optional<Observed.OfJobs> jobs(EntityResult entity) {
    Percentiles start = entity.metrics().get("start_latency_ns");
    Percentiles response = entity.metrics().get("response_ns");
    if (start == null || response == null) {
      return Optional.empty();
    }
    Percentiles miss = entity.metrics().getOrDefault("miss_ns", Percentiles.EMPTY);
    return Optional.of(
        new Observed.OfJobs(
            response.count(),
            start.p50Ns(),
            start.p99Ns(),
            response.p50Ns(),
            response.p99Ns(),
            miss.count()));
  }
}
