package dev.stint.bench;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.List;

/// The benchmarks, in order.
final class BenchCases {
  private static final long MS = 1_000_000;
  private static final long LEAST_NS = 100 * MS;
  private static final int HOST_LPS = 10;
  private static final int TASKS = 4;

  private final List<BenchCase> cases = new ArrayList<>();

  private BenchCases() {}

  /// All of them.
  static List<BenchCase> all() {
    BenchCases all = new BenchCases();
    all.oneHost();
    all.manyHosts();
    all.quiet();
    all.bursts();
    all.nested();
    return List.copyOf(all.cases);
  }

  private void add(String name, Scenario host, Assembly assembly, int hosts, boolean quick) {
    cases.add(new BenchCase(name, host, assembly, hosts, LEAST_NS, quick));
  }

  /// One host that is larger and larger, VPs and tasks 2 : 1.
  private void oneHost() {
    for (int lps : new int[] {2, 10, 100, 1000}) {
      add("host-" + lps, Workloads.hogs(lps, lps, TASKS), Assembly.CORE, 1, lps >= 10);
    }
    for (int lps : new int[] {10, 100, 1000}) {
      add("full-" + lps, Workloads.groups(lps, lps), Assembly.CORE, 1, lps >= 100);
    }
    add("host-1024-100000-tasks", Workloads.hogs(1024, 1000, 100), Assembly.CORE, 1, false);
  }

  /// More and more hosts of ten cores.
  private void manyHosts() {
    add("vms-1", Workloads.hogs(1, 1, TASKS), Assembly.CORE, 1, false);
    for (int vms : new int[] {10, 100, 1000, 10_000}) {
      Scenario host = Workloads.hogs(HOST_LPS, HOST_LPS, TASKS);
      add("vms-" + vms, host, Assembly.CORE, vms / HOST_LPS, vms != 100);
    }
  }

  /// Nothing but ticks and slices without a rival: what they cost (docs/decisions/0010).
  private void quiet() {
    for (int hz : new int[] {100, 1000}) {
      add("alone-10-hz" + hz, Workloads.alone(HOST_LPS, hz), Assembly.CORE, 1, false);
    }
  }

  /// Tasks that sleep and wake: in one Linux, and in VMs of one host.
  private void bursts() {
    for (int lps : new int[] {10, 128}) {
      add("bursts-" + lps, Workloads.bursts(lps), Assembly.ROOT, 1, true);
    }
    for (int lps : new int[] {10, 1000}) {
      add("sleepers-" + lps, Workloads.sleepers(lps, lps / 2), Assembly.CORE, 1, false);
    }
  }

  /// An L1VH under the three assemblies.
  private void nested() {
    for (Assembly assembly : new Assembly[] {Assembly.CORE, Assembly.INTEGRATED, Assembly.ROOT}) {
      add("nested-16-" + assembly.text(), Workloads.nested(16), assembly, 1, true);
      add("large-1024-" + assembly.text(), Workloads.large(), assembly, 1, false);
    }
  }
}
