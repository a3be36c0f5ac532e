package dev.stint.host.probe;

import java.util.LinkedHashMap;
import java.util.Map;

/// The files of machines of several kinds, as far as `doctor` looks, and their kernel's log.
enum HostTree {
  NO_LINUX(Map.of(), ""),
  KVM_GUEST_V1(
      files(
          "proc/sys/kernel/osrelease", "6.18.44-fc\n",
          "proc/self/mountinfo",
              """
              32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
              34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset
              42 23 0:13 / /sys/kernel/tracing rw,relatime - tracefs none rw
              """,
          "proc/self/cgroup", "3:cpuset:/\n1:cpu:/\n",
          "sys/fs/cgroup/cpu/cpu.stat", "nr_periods 0\n",
          "sys/fs/cgroup/cpuset/cpuset.cpus", "0-1\n",
          "sys/kernel/tracing/instances/x", "",
          "proc/stat", "cpu  1 1 1 1 1 1 1 9\ncpu0 1 1 1 1 1 1 1 9\n",
          "usr/bin/qemu-system-x86_64", "",
          "usr/bin/gcc", ""),
      "[    0.000000] Hypervisor detected: KVM\n"),
  HYPERV_ROOT_V2(
      files(
          "proc/sys/kernel/osrelease", "6.12.30\n",
          "proc/self/mountinfo", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
          "proc/self/cgroup", "0::/system.slice/x.service\n",
          "sys/fs/cgroup/cgroup.controllers", "cpuset cpu io\n",
          "sys/kernel/debug/mshv/stats", "x : 1\n",
          "proc/stat", "cpu0 1 1 1 1 1 1 1 0\n",
          "run/systemd/system/x", "",
          "dev/mshv", ""),
      """
      [    0.000000] Hypervisor detected: Microsoft Hyper-V
      [    0.000000] Hyper-V: running as root partition
      [    1.000000] mshv: Hypervisor using root scheduler
      """),
  L1VH(
      files(
          "proc/sys/kernel/osrelease", "6.18.0\n",
          "proc/self/mountinfo", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
          "proc/self/cgroup", "0::/\n",
          "sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n",
          "proc/stat", "cpu0 1 1 1 1 1 1 1 0\n",
          "dev/mshv", ""),
      """
      Hypervisor detected: Microsoft Hyper-V
      Hyper-V: running as L1VH partition
      Hypervisor using core scheduler
      """),
  UNPRIVILEGED_HYBRID(
      files(
          "proc/sys/kernel/osrelease", "6.8.0-generic\n",
          "proc/cpuinfo", "flags : fpu hypervisor lahf_lm\n",
          "sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n",
          "sys/class/dmi/id/product_name", "Virtual Machine\n",
          "proc/self/mountinfo",
              """
              32 31 0:29 / /sys/fs/cgroup/cpu ro,relatime - cgroup cgroup rw,cpu
              41 31 0:38 / /sys/fs/cgroup/unified ro,relatime - cgroup2 cgroup2 rw
              """,
          "proc/self/cgroup", "1:cpu:/\n0::/\n",
          "proc/sys/kernel/perf_event_paranoid", "4\n",
          "proc/stat", "cpu0 1 1 1 1 1 1 1 0\n"),
      "");

  private final Map<String, String> files;
  private final String log;

  HostTree(Map<String, String> files, String log) {
    this.files = files;
    this.log = log;
  }

  private static Map<String, String> files(String... pathsAndTexts) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return files;
  }

  Map<String, String> files() {
    return files;
  }

  String log() {
    return log;
  }
}
