package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sim.Simulation;
import java.util.Map;
import java.util.TreeMap;

/// Makes the programs of one guest's tasks from their specifications, and the things that they
/// share: exchanges and barriers.
public final class Workloads {
  private final Simulation simulation;
  private final Map<String, Exchange> exchanges = new TreeMap<>();
  private final long longSpinNs;
  private final Map<String, BarrierPoint> barriers = new TreeMap<>();

  /// The workloads of one guest.
  public Workloads(Simulation simulation) {
    this(simulation, 0);
  }

  /// Spinners of a guest that notifies its hypervisor after each `longSpinNs` of spinning, 0 for
  /// never.
  public Workloads(Simulation simulation, long longSpinNs) {
    this.longSpinNs = longSpinNs;
    this.simulation = simulation;
  }

  /// The program of a task.
  ///
  /// @param path the task's entity path: it names its random streams
  /// @param startNs when the task becomes ready first
  public Program program(WorkloadSpec spec, String path, long startNs) {
    return switch (spec) {
      case WorkloadSpec.Busy() -> (task, _) -> task.compute(Long.MAX_VALUE);
      case WorkloadSpec.Batch batch -> new BatchProgram(batch, startNs);
      case WorkloadSpec.Periodic periodic -> new PeriodicProgram(periodic, startNs);
      case WorkloadSpec.OnOff onOff -> new OnOffProgram(onOff, simulation);
      case WorkloadSpec.Requests requests ->
          new RequestsProgram(requests, simulation, path, startNs);
      case WorkloadSpec.PingPong pingPong ->
          exchanges
              .computeIfAbsent(pingPong.exchange(), _ -> new Exchange())
              .join(pingPong.workNs());
      case WorkloadSpec.Io io -> new IoProgram(io, simulation);
      case WorkloadSpec.Replay replay -> new ReplayProgram(replay);
      case WorkloadSpec.Barrier barrier ->
          barriers
              .computeIfAbsent(barrier.barrier(), _ -> new BarrierPoint(longSpinNs))
              .join(barrier.workNs(), barrier.spin());
    };
  }
}
