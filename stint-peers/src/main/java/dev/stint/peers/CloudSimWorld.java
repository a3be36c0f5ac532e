package dev.stint.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.cloudsimplus.brokers.DatacenterBroker;
import org.cloudsimplus.brokers.DatacenterBrokerSimple;
import org.cloudsimplus.cloudlets.Cloudlet;
import org.cloudsimplus.cloudlets.CloudletSimple;
import org.cloudsimplus.core.CloudSimPlus;
import org.cloudsimplus.datacenters.DatacenterSimple;
import org.cloudsimplus.hosts.Host;
import org.cloudsimplus.hosts.HostSimple;
import org.cloudsimplus.resources.Pe;
import org.cloudsimplus.resources.PeSimple;
import org.cloudsimplus.schedulers.cloudlet.CloudletScheduler;
import org.cloudsimplus.schedulers.cloudlet.CloudletSchedulerCompletelyFair;
import org.cloudsimplus.schedulers.cloudlet.CloudletSchedulerTimeShared;
import org.cloudsimplus.schedulers.vm.VmSchedulerTimeShared;
import org.cloudsimplus.utilizationmodels.UtilizationModelFull;
import org.cloudsimplus.vms.Vm;
import org.cloudsimplus.vms.VmSimple;

/// CloudSim Plus with hosts of ten cores and VMs of two VPs and four tasks. It cannot overcommit,
/// so VPs have half of the speed of a core.
///
/// Its unit of time is a millisecond here: its schedulers' slices are whole units.
final class CloudSimWorld {
  private static final int HOST_CORES = 10;
  private static final int VPS = 2;
  private static final int TASKS = 4;
  private static final long SPEED = 1000;
  private static final long ENDLESS = 1L << 40;
  private static final double LEAST_STEP = 0.01;
  private static final int SLICE = 3;
  private static final int LATENCY = 1000;
  private static final long ROOM = 1L << 40;

  private final CloudSimPlus simulation = new CloudSimPlus(LEAST_STEP);
  private final DatacenterBroker broker;
  private final List<Cloudlet> cloudlets = new ArrayList<>();
  private long completed;

  private CloudSimWorld(int hosts, int cores) {
    List<Host> all = new ArrayList<>();
    for (int host = 0; host < hosts; host++) {
      List<Pe> processors = new ArrayList<>();
      for (int core = 0; core < cores; core++) {
        processors.add(new PeSimple(SPEED));
      }
      HostSimple made = new HostSimple(ROOM, ROOM, ROOM, processors);
      made.setVmScheduler(new VmSchedulerTimeShared());
      all.add(made);
    }
    // Without an interval it finds no end of a slice, and runs past the time to terminate at.
    new DatacenterSimple(simulation, all).setSchedulingInterval(SLICE);
    broker = new DatacenterBrokerSimple(simulation);
  }

  private static CloudletScheduler fair() {
    CloudletSchedulerCompletelyFair fair = new CloudletSchedulerCompletelyFair();
    fair.setLatency(LATENCY);
    fair.setMinimumGranularity(SLICE);
    return fair;
  }

  private Vm vm(long speed, int vps, CloudletScheduler scheduler) {
    Vm vm = new VmSimple(speed, vps, scheduler);
    vm.setRam(1).setBw(1).setSize(1);
    broker.submitVm(vm);
    return vm;
  }

  private Cloudlet cloudlet(Vm vm, long length, double delay) {
    Cloudlet cloudlet = new CloudletSimple(length, 1);
    cloudlet.setUtilizationModelCpu(new UtilizationModelFull());
    cloudlet.setVm(vm);
    cloudlet.setSubmissionDelay(delay);
    cloudlets.add(cloudlet);
    return cloudlet;
  }

  /// Endless tasks under the CompletelyFair scheduler.
  ///
  /// @param staggered whether they start 0 to 2.9 ms apart, else all at once
  static CloudSimWorld slices(int vms, boolean staggered) {
    CloudSimWorld world = new CloudSimWorld(vms / HOST_CORES, HOST_CORES);
    for (int i = 0; i < vms; i++) {
      Vm vm = world.vm(SPEED / 2, VPS, fair());
      for (int task = 0; task < TASKS; task++) {
        double delay = staggered ? (i * TASKS + task) * 7 % 30 / 10.0 : 0;
        world.broker.submitCloudlet(world.cloudlet(vm, ENDLESS, delay));
      }
    }
    return world;
  }

  /// Four slots in each VM that run jobs back to back, shared without slices.
  ///
  /// @param jobMs the length of a slot's next job, of its index over all slots and jobs
  static CloudSimWorld churn(int vms, LongUnaryOperator jobMs) {
    CloudSimWorld world = new CloudSimWorld(vms / HOST_CORES, HOST_CORES);
    for (int i = 0; i < vms; i++) {
      Vm vm = world.vm(SPEED / 2, VPS, new CloudletSchedulerTimeShared());
      for (int task = 0; task < TASKS; task++) {
        world.job(vm, i * TASKS + task, 0, jobMs);
      }
    }
    return world;
  }

  private void job(Vm vm, int slot, int number, LongUnaryOperator jobMs) {
    long length = jobMs.applyAsLong(Jobs.index(slot, number)) * SPEED;
    Cloudlet job = cloudlet(vm, length, 0);
    job.addOnFinishListener(_ -> {
      completed++;
      job(vm, slot, number + 1, jobMs);
    });
    broker.submitCloudlet(job);
  }

  /// Two endless tasks on one core, of nice 0 and -5.
  static CloudSimWorld nice() {
    CloudSimWorld world = new CloudSimWorld(1, 1);
    Vm vm = world.vm(SPEED, 1, fair());
    for (int nice : new int[] {0, -5}) {
      world.broker.submitCloudlet(world.cloudlet(vm, ENDLESS, 0).setPriority(-nice));
    }
    return world;
  }

  /// Runs it for so long; returns at what time it ended.
  double run(double simulatedMs) {
    simulation.terminateAt(simulatedMs);
    simulation.start();
    return simulation.clock();
  }

  /// Jobs that ended.
  long completed() {
    return completed;
  }

  /// What part of all work the second task did.
  double secondShare() {
    double first = cloudlets.get(0).getFinishedLengthSoFar();
    double second = cloudlets.get(1).getFinishedLengthSoFar();
    return second / (first + second);
  }
}
