package dev.stint.report;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Results of real runs of small scenarios.
final class Samples {
  private Samples() {}

  /// An L1VH whose cgroups and affinities ask for 3 : 1, with a quota on the smaller part, under
  /// core and integrated.
  static Results l1vh() {
    return l1vh("gold", "bronze", "50000 100000");
  }

  static Results l1vh(String first, String second, String quota) {
    return run(
        """
        name: sample
        duration: 500ms
        machine: {cores: 3}
        under: [core, integrated]
        partitions:
          l1vh:
            kind: l1vh
            vps: 2
            groups:
              FIRST: {cpu.weight: 300}
              SECOND: {cpu.weight: 100, cpu.max: QUOTA}
            tasks:
              agent: {periodic: {run: 1ms, period: 10ms}}
            children:
              vm-FIRST: {vps: 2, group: FIRST, vcpu-affinity: [0, 1],
                tasks: {web: {count: 2, busy: {}}}}
              vm-SECOND: {vps: 2, group: SECOND, vcpu-affinity: [0, 1],
                tasks: {job: {count: 2, busy: {}}}}
          neighbour: {vps: 1, tasks: {app: {requests: {every: 5ms, service: 2ms}}}}
        """
            .replace("FIRST", first)
            .replace("SECOND", second)
            .replace("QUOTA", quota));
  }

  /// Two guests of weights 100 and 300 on one LP, and no family, under one assembly.
  static Results guests() {
    return run(
        """
        duration: 2s
        under: [core]
        partitions:
          vm-a: {vps: 1, tasks: {spin: {busy: {}}}}
          vm-b: {vps: 1, weight: 300, tasks: {spin: {busy: {}}}}
        """);
  }

  /// A machine without VMs whose one cgroup has a quota.
  static Results quota() {
    return run(
        """
        duration: 1s
        under: [root]
        partitions:
          node:
            kind: root
            groups: {pod: {cpu.max: 20000 100000, cpu.max.phase: 0ms}}
            tasks: {job: {group: pod, busy: {}}}
        """);
  }

  static Results run(String yaml) {
    ReadResult read = ScenarioReader.read(yaml, "sample.yaml");
    if (!(read instanceof ReadResult.Loaded(Scenario scenario, var _))) {
      throw new IllegalArgumentException(read.toString());
    }
    List<RunResult> runs = new ArrayList<>();
    for (Assembly assembly : scenario.under()) {
      RunOptions options = new RunOptions(false, Optional.empty(), _ -> {});
      runs.add(Experiment.run(scenario, assembly, options));
    }
    return new Results("test", scenario, runs);
  }
}
