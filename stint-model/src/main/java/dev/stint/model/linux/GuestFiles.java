package dev.stint.model.linux;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a process inside a modelled Linux reads: files of /proc and of the cgroup v2 tree, in the
/// kernel's own text (facts: linux.md §3.6, §7).
final class GuestFiles {
  private static final String CGROUP = "sys/fs/cgroup/";
  private static final int PID_FIRST = 1000;
  private static final int COMM_MAX = 15;
  private static final long NS_PER_CLOCK = 10_000_000;
  private static final int STAT_FIELDS = 52;

  private final LinuxKernel kernel;
  private final long nowNs;
  private final SortedMap<String, String> files = new TreeMap<>();

  private GuestFiles(LinuxKernel kernel, long nowNs) {
    this.kernel = kernel;
    this.nowNs = nowNs;
  }

  /// All files by path, without a leading slash. The pressure files are there when the kernel is
  /// observed. Reading changes later readings as it does in a kernel: averages and splits go on
  /// from here.
  static SortedMap<String, String> of(LinuxKernel kernel, long nowNs) {
    GuestFiles guest = new GuestFiles(kernel, nowNs);
    guest.system();
    guest.tasks();
    guest.group(kernel.rootGroup(), CGROUP);
    for (TaskGroup group : kernel.groups()) {
      guest.group(group, CGROUP + kernel.relativePath(group) + "/");
    }
    return guest.files;
  }

  // --- The system ---

  private void system() {
    files.put("proc/stat", stat());
    int running = 0;
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      running += kernel.runqueue(cpu).queuedTaskCount;
    }
    int count = kernel.tasks().size();
    files.put(
        "proc/loadavg",
        kernel.systemLoad + " " + running + "/" + count + " " + (PID_FIRST + count - 1) + "\n");
    if (kernel.pressure != null) {
      files.put("proc/pressure/cpu", kernel.pressure.of(kernel.rootGroup()).show(true, nowNs));
    }
  }

  private String stat() {
    StringBuilder lines = new StringBuilder();
    long[] total = new long[10];
    long switches = 0;
    int running = 0;
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      long[] columns = columns(runqueue.times);
      for (int i = 0; i < columns.length; i++) {
        total[i] += columns[i];
      }
      lines.append("cpu").append(cpu);
      append(lines, columns);
      switches += runqueue.times.switchCount();
      running += runqueue.queuedTaskCount;
    }
    StringBuilder text = new StringBuilder("cpu ");
    append(text, total);
    text.append(lines).append("ctxt ").append(switches).append("\nbtime 0\n");
    text.append("processes ").append(kernel.tasks().size()).append('\n');
    text.append("procs_running ").append(running).append("\nprocs_blocked 0\n");
    return text.toString();
  }

  /// user nice system idle iowait irq softirq steal guest guest_nice, in nanoseconds.
  private long[] columns(CpuTimes times) {
    long[] columns = new long[10];
    columns[0] = times.userNs();
    columns[1] = times.niceNs();
    columns[2] = times.systemNs();
    columns[3] = times.idleNs(nowNs);
    columns[7] = times.stealNs();
    return columns;
  }

  private static void append(StringBuilder text, long[] columnsNs) {
    for (long ns : columnsNs) {
      text.append(' ').append(ns / NS_PER_CLOCK);
    }
    text.append('\n');
  }

  // --- Tasks ---

  private void tasks() {
    List<Task> tasks = kernel.tasks();
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      if (task.isNew) {
        continue;
      }
      String directory = "proc/" + (PID_FIRST + i) + "/";
      TaskAccounting accounting = task.accounting;
      files.put(directory + "comm", comm(task) + "\n");
      files.put(
          directory + "schedstat",
          task.entity.sumExecNs
              + " "
              + accounting.runDelayNs()
              + " "
              + accounting.arrivalCount()
              + "\n");
      files.put(directory + "stat", taskStat(task, PID_FIRST + i));
      files.put(directory + "sched", sched(task, PID_FIRST + i));
      files.put(directory + "cgroup", "0::/" + path(cgroup(task)) + "\n");
    }
  }

  /// The cgroup of a task: not the hidden group of its session.
  private TaskGroup cgroup(Task task) {
    return kernel.groups().contains(task.group) ? task.group : kernel.rootGroup();
  }

  private String path(TaskGroup group) {
    return group == kernel.rootGroup() ? "" : kernel.relativePath(group);
  }

  private static String comm(Task task) {
    String name = task.name().substring(task.name().lastIndexOf('/') + 1);
    name = name.substring(name.indexOf(':') + 1);
    return name.length() > COMM_MAX ? name.substring(0, COMM_MAX) : name;
  }

  /// The fields that the model knows; the others are 0.
  private String taskStat(Task task, int pid) {
    long[] fields = new long[STAT_FIELDS + 1];
    CputimeSplit.Times times = task.accounting.times(execNs(task));
    fields[14] = times.userNs() / NS_PER_CLOCK;
    fields[15] = times.systemNs() / NS_PER_CLOCK;
    fields[18] = 20L + task.nice();
    fields[19] = task.nice();
    fields[20] = 1;
    fields[22] = task.accounting.startedNs() / NS_PER_CLOCK;
    fields[39] = task.runqueue().cpu;
    StringBuilder text = new StringBuilder();
    text.append(pid).append(" (").append(comm(task)).append(") ").append(stateLetter(task));
    for (int field = 4; field <= STAT_FIELDS; field++) {
      text.append(' ').append(fields[field]);
    }
    return text.append('\n').toString();
  }

  /// Its state as /proc/PID/stat has it.
  private static char stateLetter(Task task) {
    return task.exited() ? 'Z' : task.blocked() ? 'S' : 'R';
  }

  /// Its exact run time up to now, by the clock that the kernel charges with
  /// (`task_sched_runtime`).
  private long execNs(Task task) {
    Runqueue runqueue = task.runqueue();
    long pending =
        runqueue.current() == task ? runqueue.clockTaskNs(nowNs) - task.entity.execStartNs : 0;
    return task.entity.sumExecNs + Math.max(0, pending);
  }

  private static String sched(Task task, int pid) {
    TaskAccounting accounting = task.accounting;
    long switches = accounting.voluntaryCount() + accounting.involuntaryCount();
    return comm(task)
        + " ("
        + pid
        + ", #threads: 1)\n"
        + "-".repeat(67)
        + "\n"
        + milliseconds("se.exec_start", task.entity.execStartNs)
        + milliseconds("se.vruntime", task.entity.vruntime)
        + milliseconds("se.sum_exec_runtime", task.entity.sumExecNs)
        + count("nr_switches", switches)
        + count("nr_voluntary_switches", accounting.voluntaryCount())
        + count("nr_involuntary_switches", accounting.involuntaryCount())
        + count("se.load.weight", task.entity.weight)
        + count("prio", 120L + task.nice())
        + count("se.slice", task.entity.sliceNs);
  }

  private static String milliseconds(String key, long ns) {
    return String.format(
        Locale.ROOT, "%-45s:%14d.%06d\n", key, ns / 1_000_000, Math.abs(ns % 1_000_000));
  }

  private static String count(String key, long value) {
    return String.format(Locale.ROOT, "%-45s:%21d\n", key, value);
  }

  // --- Cgroups ---

  private static long departedNs(TaskGroup group) {
    long sum = group.times.departedNs();
    for (TaskGroup child : group.children) {
      sum += departedNs(child);
    }
    return sum;
  }

  /// The figures of a group's `cpu.stat`. The root group's times are the CPUs' own, as the kernel
  /// has it (`root_cgroup_cputime`).
  static CpuStat cpuStat(LinuxKernel kernel, TaskGroup group) {
    Bandwidth bandwidth = group.bandwidth();
    long usage = 0;
    long nice = group.times.niceNs();
    CputimeSplit.Times times;
    if (group == kernel.rootGroup()) {
      long user = 0;
      long system = 0;
      for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
        CpuTimes of = kernel.runqueue(cpu).times;
        user += of.userNs() + of.niceNs();
        system += of.systemNs();
        usage += of.userNs() + of.niceNs() + of.systemNs() + of.stealNs();
      }
      times = new CputimeSplit.Times(user, system);
    } else {
      for (Task task : kernel.tasks()) {
        usage += task.group.isWithin(group) ? task.execInGroupNs() : 0;
      }
      usage += departedNs(group);
      times = group.times.times(usage);
    }
    return new CpuStat(
        usage,
        times.userNs(),
        times.systemNs(),
        nice,
        bandwidth.periodCount(),
        bandwidth.throttledPeriodCount(),
        bandwidth.throttledNs(),
        bandwidth.burstCount(),
        bandwidth.burstNs());
  }

  private void group(TaskGroup group, String directory) {
    boolean root = group == kernel.rootGroup();
    StringBuilder pids = new StringBuilder();
    List<Task> tasks = kernel.tasks();
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      if (cgroup(task) == group && !task.isNew && !task.exited()) {
        pids.append(PID_FIRST + i).append('\n');
      }
    }
    files.put(directory + "cgroup.procs", pids.toString());
    files.put(
        directory + "cpu.stat",
        cpuStat(kernel, group).text(kernel.config.version().niceInCpuStat()));
    if (kernel.pressure != null) {
      files.put(directory + "cpu.pressure", kernel.pressure.of(group).show(root, nowNs));
    }
    if (root) {
      return;
    }
    Bandwidth bandwidth = group.bandwidth();
    files.put(directory + "cpu.stat.local", "throttled_usec " + group.throttledNs() / 1000 + "\n");
    files.put(directory + "cpu.max", bandwidth.maxText() + "\n");
    files.put(directory + "cpu.max.burst", bandwidth.burstLimitNs() / 1000 + "\n");
    files.put(
        directory + "cpu.weight",
        CgroupWeights.weightOfShares(Weights.down(group.sharesWeight)) + "\n");
  }
}
