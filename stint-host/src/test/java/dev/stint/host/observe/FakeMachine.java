package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A machine of plain files with a clock of its own: what its kernel would show is written into
/// them, in place, so that files kept open show it too.
final class FakeMachine {
  static final long MS = 1_000_000L;

  private final HostFiles files;
  private long nowNs = 1_000_000_000L;

  FakeMachine(Path root) {
    files = new HostFiles(root);
    write("proc/2/stat", stat(2, "kthreadd", 0, 'S', 0));
    cpus(0, 0, 0);
  }

  HostFiles files() {
    return files;
  }

  long nowNs() {
    return nowNs;
  }

  void passMs(long ms) {
    nowNs += ms * MS;
  }

  FakeMachine write(String path, String text) {
    try {
      Path file = files.path(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String path) {
    try (Stream<Path> all = Files.walk(files.path(path))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One CPU's ticks since boot.
  void cpus(long busy, long idle, long steal) {
    String cpu = " " + busy + " 0 0 " + idle + " 0 0 0 " + steal + " 0 0\n";
    write("proc/stat", "cpu " + cpu + "cpu0" + cpu + "ctxt 5\n");
  }

  /// Two CPUs' ticks since boot: busy, then idle.
  void twoCpus(long busy0, long idle0, long busy1, long idle1) {
    String one = " " + busy0 + " 0 0 " + idle0 + " 0 0 0 0 0 0\n";
    String two = " " + busy1 + " 0 0 " + idle1 + " 0 0 0 0 0 0\n";
    write("proc/stat", "cpu " + one + "cpu0" + one + "cpu1" + two + "ctxt 5\n");
  }

  void process(long pid, String group, String... arguments) {
    write("proc/" + pid + "/cmdline", String.join("\0", arguments) + "\0");
    write("proc/" + pid + "/cgroup", "0::/" + group + "\n");
  }

  void thread(long pid, long tid, String comm, String group) {
    String task = "proc/" + pid + "/task/" + tid + "/";
    write(task + "cgroup", "0::/" + group + "\n");
    write(task + "comm", comm);
    times(pid, tid, 0, 0, 0);
    state(pid, tid, comm, 'S', 0, 0);
  }

  /// Each thread's stat says how many its process has.
  private void tellThreads(long pid) {
    List<String> tids = files.list("proc/" + pid + "/task");
    for (String tid : tids) {
      String path = "proc/" + pid + "/task/" + tid + "/stat";
      if (files.read(path) instanceof HostFiles.Text.Read(String text)) {
        write(path, text.replaceAll(" 20 0 \\d+ 0 4242 ", " 20 0 " + tids.size() + " 0 4242 "));
      }
    }
  }

  void times(long pid, long tid, long runMs, long waitMs, long dispatches) {
    String text = runMs * MS + " " + waitMs * MS + " " + dispatches + "\n";
    write("proc/" + pid + "/task/" + tid + "/schedstat", text);
  }

  void state(long pid, long tid, String comm, char state, int processor, long sleeps) {
    state(pid, tid, comm, state, processor, sleeps, "0-1");
  }

  void state(
      long pid, long tid, String comm, char state, int processor, long sleeps, String allowed) {
    String task = "proc/" + pid + "/task/" + tid + "/";
    write(task + "stat", stat(tid, comm, 1, state, processor));
    write(
        task + "status",
        "Name:\tx\nCpus_allowed_list:\t"
            + allowed
            + "\nvoluntary_ctxt_switches:\t"
            + sleeps
            + "\nnonvoluntary_ctxt_switches:\t0\n");
    if (pid == tid) {
      write("proc/" + pid + "/stat", stat(pid, comm, 1, state, processor));
    }
    tellThreads(pid);
  }

  static String stat(long id, String comm, long parent, char state, int processor) {
    return id
        + " ("
        + comm
        + ") "
        + state
        + " "
        + parent
        + " 1 1 0 -1 64 0 0 0 0 7 8 0 0 20 0 1 0 4242 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 "
        + processor
        + " 0 0 0 0 0\n";
  }

  FakeMachine withCgroups() {
    write(
        "proc/self/mountinfo",
        "29 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
    write("proc/self/cgroup", "0::/\n");
    return write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
  }

  void group(String group, String max, long periods, long throttled, long throttledMs) {
    String path = "sys/fs/cgroup/" + group + "/";
    write(path + "cpu.max", max + "\n");
    write(
        path + "cpu.stat",
        "usage_usec 1\nnr_periods "
            + periods
            + "\nnr_throttled "
            + throttled
            + "\nthrottled_usec "
            + throttledMs * 1000
            + "\nnr_bursts 0\nburst_usec 0\n");
  }

  HostWatch watch() {
    return new HostWatch(files, this::nowNs, 100, WakeTrace.off(files));
  }

  static ViewEntity entity(View view, String path) {
    List<ViewEntity> found =
        view.entities().stream().filter(entity -> entity.path().equals(path)).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          path + " in " + view.entities().stream().map(ViewEntity::path).toList());
    }
    return found.getFirst();
  }
}
