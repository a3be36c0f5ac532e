package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import org.jspecify.annotations.Nullable;

/// An open-loop server: requests arrive by an interrupt whether or not the earlier ones are done,
/// and wait in order.
final class RequestsProgram implements Program {
  private final WorkloadSpec.Requests spec;
  private final Simulation simulation;
  private final RandomStream arrivals;
  private final RandomStream services;
  private final int timer;
  private final LongRing arrivedNs = new LongRing();
  private final LongRing serviceNs = new LongRing();
  private @Nullable TaskControl server;
  private boolean serving;

  RequestsProgram(WorkloadSpec.Requests spec, Simulation simulation, String path, long startNs) {
    this.spec = spec;
    this.simulation = simulation;
    arrivals = simulation.random().stream("arrivals/" + path);
    services = simulation.random().stream("services/" + path);
    timer = simulation.newTimer(TimerRank.DEVICE, (now, _) -> arrive(now));
    simulation.arm(timer, startNs + interarrivalNs());
  }

  private long interarrivalNs() {
    return spec.poisson()
        ? arrivals.nextExponentialNs(spec.meanInterarrivalNs())
        : spec.meanInterarrivalNs();
  }

  private void arrive(long nowNs) {
    long service =
        spec.exponentialService()
            ? services.nextExponentialNs(spec.meanServiceNs())
            : spec.meanServiceNs();
    arrivedNs.add(nowNs);
    serviceNs.add(service);
    simulation.arm(timer, nowNs + interarrivalNs());
    TaskControl task = server;
    if (task != null) {
      task.sample(nowNs, Metric.OFFERED, service);
      task.signal(nowNs, Entities.NONE);
    }
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    if (server == null) {
      server = task;
      for (int i = 0; i < serviceNs.size(); i++) {
        task.sample(nowNs, Metric.OFFERED, serviceNs.get(i));
      }
    }
    if (serving) {
      serving = false;
      task.sample(nowNs, Metric.RESPONSE, nowNs - arrivedNs.removeFirst());
    }
    if (arrivedNs.size() == 0) {
      task.block();
      return;
    }
    serving = true;
    task.sample(nowNs, Metric.START_LATENCY, nowNs - arrivedNs.get(0));
    task.compute(serviceNs.removeFirst());
  }
}
