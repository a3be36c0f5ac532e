package dev.stint.report.html;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.RunResult;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.report.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A page with a made-up timeline of a million slices on 64 rows.
final class BigPage {
  static final int SLICES = 1_000_000;
  private static final String SCENARIO =
      """
      name: million
      duration: 1s
      machine: {cores: 16}
      under: [core]
      partitions:
      """;

  private BigPage() {}

  static Pages pages() {
    StringBuilder text = new StringBuilder(SCENARIO);
    for (int vm = 0; vm < 8; vm++) {
      text.append("  vm").append(vm).append(": {vps: 2, tasks: {job: {count: 4, busy: {}}}}\n");
    }
    Scenario scenario = Pages.read(text.toString());
    List<RunRecorder> recorders = new ArrayList<>();
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              RunRecorder recorder = new RunRecorder(run, Long.MAX_VALUE);
              fill(run, recorder, scenario.durationNs());
              recorders.add(recorder);
              return Watch.events(TraceSink.NONE);
            }),
            _ -> {});
    RunResult result = Experiment.run(scenario, Assembly.CORE, options);
    return new Pages(new Results("test", scenario, List.of(result)), recorders);
  }

  private static void fill(WatchedRun run, RunRecorder recorder, long durationNs) {
    long state = 1;
    List<Entities.Entity> all = run.entities().all();
    for (Entities.Entity entity : all) {
      long columns = all.stream().filter(BigPage::hasRow).count();
      long slices = SLICES / columns;
      if (!hasRow(entity)) {
        continue;
      }
      int before = Entities.NONE;
      for (long slice = 1; slice <= slices; slice++) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        long atNs = Math.min(durationNs, slice * durationNs / slices - (state >>> 40) % 1000);
        if (entity.kind() == EntityKind.LP) {
          int next = (int) ((before + 1 + (state >>> 60)) % all.size());
          recorder.event(atNs, TraceKind.SWITCH, entity.id(), before, next, 0);
          before = next;
        } else {
          long fromNs = atNs - 1;
          recorder.span(entity.id(), slice % 3 == 2 ? 4L << 32 : slice % 3 - 2, fromNs, atNs);
        }
      }
    }
  }

  private static boolean hasRow(Entities.Entity entity) {
    return switch (entity.kind()) {
      case LP, VP, TASK -> true;
      case THREAD, GROUP, PARTITION, RULE -> false;
    };
  }
}
