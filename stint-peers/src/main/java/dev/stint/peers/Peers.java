package dev.stint.peers;

import ch.qos.logback.classic.Level;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.cloudsimplus.util.Log;

/// Prints Stint and CloudSim Plus side by side, as tables of Markdown.
public final class Peers {
  private static final int ROUNDS = 3;
  private static final int CORES_PER_VM = 1;
  private static final double MS_PER_S = 1000;
  private static final double NICE_MS = 20_000;

  /// Stint's runs; shorter ones would measure how it builds its hosts.
  private static final double STINT_MS = 10_000;

  private Peers() {}

  /// A simulation of so many VMs for so many milliseconds; returns for how long it ran.
  private interface Run {
    double simulate(int vms, double simulatedMs);
  }

  /// Takes no arguments.
  public static void main(String[] args) {
    Log.setLevel(Level.OFF);
    System.out.println(
        "| workload | VMs | peer simulated | Stint | CloudSim Plus 8.5.7 | Stint : peer |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    Run stint = (vms, ms) -> stint(vms, 0, ms);
    Run lockstep = (vms, ms) -> CloudSimWorld.slices(vms, false).run(ms);
    Run staggered = (vms, ms) -> CloudSimWorld.slices(vms, true).run(ms);
    Run ourChurn = (vms, ms) -> stint(vms, jobs(ms), ms);
    Run churn = (vms, ms) -> CloudSimWorld.churn(vms, Jobs::ms).run(ms);
    for (int vms : new int[] {10, 100, 1000}) {
      compare("3 ms slices, in lockstep", vms, 1_000_000.0 / vms, stint, lockstep);
      compare("3 ms slices, phases differ", vms, 100_000.0 / vms, stint, staggered);
      compare("jobs of 50 to 150 ms, fluid", vms, 200_000.0 / vms, ourChurn, churn);
    }
    System.out.println();
    System.out.println("| what must come out | exactly | Stint | CloudSim Plus 8.5.7 |");
    System.out.println("|---|---:|---:|---:|");
    CloudSimWorld nice = CloudSimWorld.nice();
    nice.run(NICE_MS);
    print(
        "| share of nice -5 beside nice 0 | %.3f | %.3f | %.3f |",
        3121.0 / (3121 + 1024), StintWorld.secondShare(NICE_MS), nice.secondShare());
    CloudSimWorld ended = CloudSimWorld.churn(10, Jobs::ms);
    double endMs = ended.run(MS_PER_S * 10);
    print(
        "| churn, 10 VMs, 10 s: jobs that ended (time of the last event, s) | | %d (10.0) | %d"
            + " (%.1f) |",
        StintWorld.run(10, jobs(MS_PER_S * 10), MS_PER_S * 10),
        ended.completed(),
        endMs / MS_PER_S);
  }

  /// More jobs than a slot can get done.
  private static int jobs(double simulatedMs) {
    return 2 + (int) (simulatedMs / 50);
  }

  private static double stint(int vms, int jobs, double simulatedMs) {
    long completed = StintWorld.run(vms, jobs, simulatedMs);
    if (jobs > 0 && completed == 0) {
      throw new IllegalStateException("no job ended");
    }
    return simulatedMs;
  }

  private static void compare(String workload, int vms, double simulatedMs, Run stint, Run peer) {
    double ours = 0;
    double theirs = 0;
    for (int round = 0; round < ROUNDS; round++) {
      ours = Math.max(ours, speed(vms, STINT_MS, stint));
      theirs = Math.max(theirs, speed(vms, simulatedMs, peer));
    }
    print(
        "| %s | %,d | %.2f s | %,.0f | %,.0f | %.1f |",
        workload, vms, simulatedMs / MS_PER_S, ours, theirs, ours / theirs);
  }

  /// Simulated core-seconds over processor seconds.
  private static double speed(int vms, double simulatedMs, Run run) {
    long startNs = cpuNs();
    double ranMs = run.simulate(vms, simulatedMs);
    return ranMs / MS_PER_S * vms * CORES_PER_VM / ((cpuNs() - startNs) / 1e9);
  }

  private static long cpuNs() {
    long ns = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ns += collector.getCollectionTime() * 1_000_000;
    }
    return ns;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
    System.out.flush();
  }
}
