package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Numbers;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.proc.ThreadStat;
import dev.stint.host.proc.ThreadTimes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/// A process under observation: its threads, what it is, and where it is.
final class WatchedProcess implements AutoCloseable {
  private static final long KERNEL_THREADS = 2; // kthreadd

  /* To list a directory or open a file costs more than to look at all threads again. How many there
   * are stands in every stat, so that they are listed only if that changed; all else that may have
   * changed unseen is looked for at every fifth scan. */
  private static final int THOROUGH_EVERY = 5;

  private static final Pattern SLASHES = Pattern.compile("^/+|/+$");

  private final long pid;
  private final boolean kernel;
  private final TreeMap<Long, WatchedThread> threads = new TreeMap<>();
  private List<Member> members = List.of();
  private String commandLine = "";
  private List<String> arguments = List.of();
  private List<String> comms = List.of();
  private int scans;
  private boolean renamed;
  private int toldThreads = -1;
  private int foundThreads;
  private int unwatched;
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
  void scan(HostFiles files, Optional<Hierarchy> cpu, LongSupplier clockNs, int room) {
    if (kernel) {
      return;
    }
    boolean thorough = scans++ % THOROUGH_EVERY == 0;
    if (thorough || recruited()) {
      threads(files, clockNs, room);
    }
    name(files, thorough);
    place(cpu);
  }

  /// Whether a scan would find something new: threads began or ended, or took another name.
  boolean changed() {
    return !kernel && (renamed || recruited());
  }

  private boolean recruited() {
    return told() != toldThreads || threads.size() != foundThreads;
  }

  private int told() {
    return threads.isEmpty() ? 0 : threads.firstEntry().getValue().threads();
  }

  private void threads(HostFiles files, LongSupplier clockNs, int room) {
    int left = room;
    unwatched = 0;
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
    toldThreads = told();
    foundThreads = threads.size();
  }

  /// Whether a thread is still there, and not for this user.
  private boolean forbidden(HostFiles files, long tid) {
    return Blindness.closed(files.path(ThreadTimes.path(pid, tid)))
        || Blindness.closed(files.path("proc/" + pid + "/task/" + tid + "/stat"));
  }

  /// Threads that there was no room for.
  int unwatched() {
    return unwatched;
  }

  /// Threads that are not for this user to read.
  int forbidden() {
    return forbidden;
  }

  private void name(HostFiles files, boolean thorough) {
    List<String> names = threads.values().stream().map(WatchedThread::comm).toList();
    boolean others = renamed || !names.equals(comms);
    renamed = false;
    if (!thorough && !others) {
      return;
    }
    String text =
        files.read("proc/" + pid + "/cmdline") instanceof Text.Read(String read) ? read : "";
    if (!others && text.equals(commandLine)) {
      return;
    }
    comms = names;
    commandLine = text;
    arguments = text.isEmpty() ? List.of() : List.of(text.split("\0", -1));
    vmm = Vmm.of(arguments, names);
    vm = vmm.map(known -> known.name(arguments, pid));
  }

  /// VMMs may have each vCPU thread in a cgroup of its own, others are where their process is.
  private void place(Optional<Hierarchy> cpu) {
    Map<Long, Member> before = new TreeMap<>();
    members.forEach(member -> before.put(member.thread().tid(), member));
    String of = threads.isEmpty() ? "" : group(cpu, threads.firstEntry().getValue());
    List<Member> placed = new ArrayList<>();
    for (WatchedThread thread : threads.values()) {
      Member member = member(thread, vmm.isPresent() ? group(cpu, thread) : of);
      Member was = before.get(thread.tid());
      if (member.equals(was)) {
        placed.add(was);
      } else {
        thread.freeze();
        placed.add(member);
      }
    }
    members = List.copyOf(placed);
  }

  private static String group(Optional<Hierarchy> cpu, WatchedThread thread) {
    return cpu.flatMap(known -> group(thread.cgroups(), known, "cpu")).orElse("");
  }

  /// Of a controller's hierarchy, without slashes around it; empty for the root cgroup.
  ///
  /// @param text of a `cgroup` file of proc
  static Optional<String> group(String text, Hierarchy hierarchy, String controller) {
    for (String line : text.lines().toList()) {
      String[] fields = line.split(":", 3);
      boolean its =
          fields.length == 3
              && (hierarchy.version() == 2
                  ? fields[0].equals("0") && fields[1].isEmpty()
                  : List.of(fields[1].split(",")).contains(controller));
      if (its && fields[2].indexOf('\0') < 0 && !List.of(fields[2].split("/")).contains("..")) {
        return Optional.of(SLASHES.matcher(fields[2]).replaceAll(""));
      }
    }
    return Optional.empty();
  }

  /// Looks at all its threads again, and forgets those that are gone.
  ///
  /// @return whether there are any left, or any that may not be read
  boolean look(long stolenNs) {
    if (kernel) {
      return true;
    }
    for (Iterator<WatchedThread> each = threads.values().iterator(); each.hasNext(); ) {
      WatchedThread thread = each.next();
      String comm = thread.comm();
      boolean there = thread.look(stolenNs);
      renamed |= !thread.comm().equals(comm);
      if (!there) {
        thread.close();
        each.remove();
        members = members.stream().filter(member -> member.thread() != thread).toList();
      }
    }
    return !threads.isEmpty() || forbidden > 0;
  }

  /// How its threads are grouped.
  List<Member> members() {
    return members;
  }

  private Member member(WatchedThread thread, String group) {
    int vp = vmm.map(known -> known.vp(thread.comm())).orElse(-1);
    Owner owner =
        vm.isPresent()
            ? Owner.vm(vm.get())
            : group.isEmpty() ? Owner.process(plainComm(), pid) : Owner.group(group);
    return new Member(thread, pid, group, owner, vp);
  }

  private String plainComm() {
    WatchedThread main = threads.get(pid);
    return main == null ? "" + pid : main.plainComm();
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

  long pid() {
    return pid;
  }

  int threadCount() {
    return threads.size();
  }

  @Override
  public void close() {
    threads.values().forEach(WatchedThread::close);
  }
}
