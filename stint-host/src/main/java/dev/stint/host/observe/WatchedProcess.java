package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Numbers;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.proc.ThreadStat;
import dev.stint.host.proc.ThreadTimes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// A process under observation: its threads, what it is, and where it is.
final class WatchedProcess implements AutoCloseable {
  private static final long KERNEL_THREADS = 2; // kthreadd

  private final long pid;
  private final boolean kernel;
  private final Map<Long, WatchedThread> threads = new TreeMap<>();
  private final Map<Long, String> groups = new TreeMap<>();
  private List<String> arguments = List.of();
  private Optional<Vmm> vmm = Optional.empty();
  private Optional<String> vm = Optional.empty();
  private int forbidden;

  private WatchedProcess(long pid, boolean kernel) {
    this.pid = pid;
    this.kernel = kernel;
  }

  /// Begins with a process; absent if it is gone.
  static Optional<WatchedProcess> of(HostFiles files, long pid) {
    Optional<ThreadStat> stat = ThreadStat.read(files, pid).known();
    return stat.map(is -> new WatchedProcess(pid, ofKernel(files, pid, is.parent())));
  }

  /// In a container number 2 may be anybody.
  private static boolean ofKernel(HostFiles files, long pid, long parent) {
    return (pid == KERNEL_THREADS || parent == KERNEL_THREADS)
        && ThreadStat.read(files, KERNEL_THREADS)
            .known()
            .filter(stat -> stat.comm().equals("kthreadd"))
            .isPresent();
  }

  /// Finds its threads, its name and its cgroups anew.
  ///
  /// @param room how many threads more may be watched
  /// @return threads that there was no room for
  int scan(HostFiles files, Optional<Hierarchy> cpu, LongSupplier clockNs, int room) {
    if (kernel) {
      return 0;
    }
    int left = room;
    int unwatched = 0;
    String tasks = "proc/" + pid + "/task";
    forbidden = Blindness.closed(files.path(tasks)) ? 1 : 0;
    for (String name : files.list(tasks)) {
      OptionalLong tid = Numbers.count(name);
      if (tid.isEmpty() || threads.containsKey(tid.getAsLong())) {
        continue;
      }
      if (left == 0) {
        unwatched++;
        continue;
      }
      Optional<WatchedThread> thread = WatchedThread.of(files, pid, tid.getAsLong(), clockNs);
      thread.ifPresent(watched -> threads.put(watched.tid(), watched));
      left -= thread.isPresent() ? 1 : 0;
      forbidden += thread.isEmpty() && forbidden(files, tid.getAsLong()) ? 1 : 0;
    }
    Map<WatchedThread, Member> before = new LinkedHashMap<>();
    members().forEach(member -> before.put(member.thread(), member));
    name(files);
    place(files, cpu);
    for (Member member : members()) {
      if (!member.equals(before.get(member.thread()))) {
        member.thread().freeze();
      }
    }
    return unwatched;
  }

  /// Whether a thread is still there, and not for this user.
  private boolean forbidden(HostFiles files, long tid) {
    return Blindness.closed(files.path(ThreadTimes.path(pid, tid)))
        || Blindness.closed(files.path("proc/" + pid + "/task/" + tid + "/stat"));
  }

  /// Threads that are not for this user to read.
  int forbidden() {
    return forbidden;
  }

  private void name(HostFiles files) {
    arguments =
        files.read("proc/" + pid + "/cmdline") instanceof Text.Read(String text) && !text.isEmpty()
            ? List.of(text.split("\0", -1))
            : List.of();
    vmm = Vmm.of(arguments, threads.values().stream().map(WatchedThread::comm).toList());
    vm = vmm.map(known -> known.name(arguments, pid));
  }

  /// VMMs may have each vCPU thread in a cgroup of its own, others are where their process is.
  private void place(HostFiles files, Optional<Hierarchy> cpu) {
    groups.clear();
    if (cpu.isEmpty()) {
      return;
    }
    String of = group(files, cpu.get(), "cpu", "proc/" + pid + "/cgroup").orElse("");
    for (long tid : threads.keySet()) {
      groups.put(
          tid,
          vmm.isPresent()
              ? group(files, cpu.get(), "cpu", "proc/" + pid + "/task/" + tid + "/cgroup")
                  .orElse("")
              : of);
    }
  }

  /// Of a controller's hierarchy, without slashes around it; empty for the root cgroup.
  ///
  /// @param path of a `cgroup` file of proc
  static Optional<String> group(
      HostFiles files, Hierarchy hierarchy, String controller, String path) {
    if (!(files.read(path) instanceof Text.Read(String text))) {
      return Optional.empty();
    }
    for (String line : text.lines().toList()) {
      String[] fields = line.split(":", 3);
      boolean its =
          fields.length == 3
              && (hierarchy.version() == 2
                  ? fields[0].equals("0") && fields[1].isEmpty()
                  : List.of(fields[1].split(",")).contains(controller));
      if (its && fields[2].indexOf('\0') < 0 && !List.of(fields[2].split("/")).contains("..")) {
        return Optional.of(fields[2].replaceAll("^/+|/+$", ""));
      }
    }
    return Optional.empty();
  }

  /// Looks at all its threads again, and forgets those that are gone.
  ///
  /// @return whether there are any left
  boolean look(long stolenNs) {
    if (kernel) {
      return true;
    }
    for (Iterator<WatchedThread> each = threads.values().iterator(); each.hasNext(); ) {
      WatchedThread thread = each.next();
      if (!thread.look(stolenNs)) {
        thread.close();
        each.remove();
      }
    }
    return !threads.isEmpty();
  }

  /// How its threads are grouped.
  List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (WatchedThread thread : threads.values()) {
      String group = groups.getOrDefault(thread.tid(), "");
      int vp = vmm.map(known -> known.vp(thread.comm())).orElse(-1);
      Owner owner =
          vm.isPresent()
              ? Owner.vm(vm.get())
              : group.isEmpty() ? Owner.process(plainComm(), pid) : Owner.group(group);
      members.add(new Member(thread, pid, group, owner, vp));
    }
    return members;
  }

  private String plainComm() {
    WatchedThread main = threads.get(pid);
    return (main == null ? "" + pid : main.comm()).replaceAll("[^\\x20-\\x7e]", "?");
  }

  /// A thread in its places.
  ///
  /// @param vp the number of the VP that it carries, or -1
  record Member(WatchedThread thread, long pid, String group, Owner owner, int vp) {
    boolean carriesVp() {
      return vp >= 0;
    }
  }

  /// The VM that it runs, and whether none of its threads says that it is a vCPU's.
  Optional<String> vmWithoutVps() {
    return vm.filter(name ->
        threads.values().stream()
            .noneMatch(thread -> vmm.map(known -> known.vp(thread.comm())).orElse(-1) >= 0));
  }

  Optional<String> vm() {
    return vm;
  }

  Optional<Vmm> vmm() {
    return vmm;
  }

  boolean kernel() {
    return kernel;
  }

  int threadCount() {
    return threads.size();
  }

  @Override
  public void close() {
    threads.values().forEach(WatchedThread::close);
  }
}
