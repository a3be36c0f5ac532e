package dev.stint.host.observe;

import dev.stint.host.CpuList;
import dev.stint.host.HostFiles;
import dev.stint.host.proc.ThreadStat;
import dev.stint.host.proc.ThreadSwitches;
import dev.stint.host.proc.ThreadTimes;
import dev.stint.model.machine.CpuSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// A thread under observation and its account since the first look at it.
final class WatchedThread implements AutoCloseable {
  /* A thread that is ready at a look has figures that lag (ThreadLook): the account up to the last
   * look at which it slept is settled, what follows is the tail, and the tail may turn from unknown
   * to known later. The total is always settled + tail. An interval that leaves nothing over, or
   * began anew, is settled too: figures that overfill it belong to the time before. Where schedstat
   * has not changed, the thread has not run, and its status is not read again: most threads sleep
   * most of the time. */
  private static final int SCHEDSTAT_BYTES = 128;
  private static final int STAT_BYTES = 1024;
  private static final int STATUS_BYTES = 4096;
  private static final int CGROUP_BYTES = 8192;
  private static final String ALLOWED = "\nCpus_allowed_list:\t";

  private final long tid;
  private final Files files;
  private final LongSupplier clockNs;

  private ThreadLook last;
  private ThreadLook settledAt;
  private long stolenInTailNs;
  private long throttledNs;
  private Account settled = Account.NONE;
  private Account raw = Account.NONE;
  private Account interval = Account.NONE;
  private long dispatches;
  private long intervalDispatches;
  private long intervalMigrations;
  private long migrations;
  private ThreadStat is;
  private String plainComm;
  private Optional<Readout> cgroup = Optional.empty();
  private Account totalBefore = Account.NONE;
  private Optional<Wakes> wakes = Optional.empty();
  private Optional<Wakes> intervalWakes = Optional.empty();
  private String allowedText = "";
  private Optional<CpuSet> allowed = Optional.empty();

  private WatchedThread(
      long tid, Files files, LongSupplier clockNs, ThreadLook first, ThreadStat is) {
    this.tid = tid;
    this.files = files;
    this.clockNs = clockNs;
    last = first;
    settledAt = first;
    this.is = is;
    plainComm = plain(is.comm());
  }

  /// @param task its directory
  private record Files(
      HostFiles host, String task, Readout schedstat, Readout stat, Optional<Readout> status)
      implements AutoCloseable {
    @Override
    public void close() {
      schedstat.close();
      stat.close();
      status.ifPresent(Readout::close);
    }
  }

  /// Begins with a thread; absent if it is gone, or not for this user.
  static Optional<WatchedThread> of(HostFiles host, long pid, long tid, LongSupplier clockNs) {
    String task = "proc/" + pid + "/task/" + tid;
    Optional<Readout> schedstat = Readout.open(host, ThreadTimes.path(pid, tid), SCHEDSTAT_BYTES);
    Optional<Readout> stat = Readout.open(host, task + "/stat", STAT_BYTES);
    if (schedstat.isEmpty() || stat.isEmpty()) {
      schedstat.ifPresent(Readout::close);
      stat.ifPresent(Readout::close);
      return Optional.empty();
    }
    Optional<Readout> status = Readout.open(host, task + "/status", STATUS_BYTES);
    Files files = new Files(host, task, schedstat.get(), stat.get(), status);
    long atNs = clockNs.getAsLong();
    Optional<ThreadTimes> times =
        files.schedstat.read() ? ThreadTimes.parse(files.schedstat.text()) : Optional.empty();
    Optional<ThreadStat> is =
        files.stat.read() ? ThreadStat.parse(files.stat.text()) : Optional.empty();
    if (times.isEmpty() || is.isEmpty()) {
      files.close();
      return Optional.empty();
    }
    ThreadLook first =
        new ThreadLook(
            atNs, times.get(), ready(is.get()), is.get().processor(), sleeps(files.status));
    WatchedThread thread = new WatchedThread(tid, files, clockNs, first, is.get());
    thread.noteAllowed();
    return Optional.of(thread);
  }

  private static boolean ready(ThreadStat stat) {
    return stat.state() == 'R';
  }

  private static OptionalLong sleeps(Optional<Readout> status) {
    Optional<ThreadSwitches> switches =
        status.filter(Readout::read).flatMap(file -> ThreadSwitches.parse(file.text()));
    return switches.isEmpty() ? OptionalLong.empty() : OptionalLong.of(switches.get().voluntary());
  }

  /// Looks again.
  ///
  /// @param stolenNs that hypervisors took from all CPUs since the last look
  /// @return whether it is still there
  boolean look(long stolenNs) {
    long atNs = clockNs.getAsLong();
    intervalWakes = Optional.empty();
    totalBefore = total();
    if (!files.schedstat.read() || !files.stat.read()) {
      return false;
    }
    boolean ran = files.schedstat.changed();
    Optional<ThreadTimes> times =
        ran ? ThreadTimes.parse(files.schedstat.text()) : Optional.of(last.times());
    if (times.isEmpty() || !understand(files.stat)) {
      return false;
    }
    OptionalLong sleeps = last.sleeps();
    if (ran) {
      sleeps = sleeps(files.status);
      noteAllowed();
    }
    account(new ThreadLook(atNs, times.get(), ready(is), is.processor(), sleeps), stolenNs);
    return true;
  }

  /// Takes over what the thread is now, if it is said otherwise than before.
  private boolean understand(Readout file) {
    if (!file.changed()) {
      return true;
    }
    Optional<ThreadStat> read = ThreadStat.parse(file.text());
    if (read.isEmpty()) {
      return false;
    }
    if (!read.get().comm().equals(is.comm())) {
      plainComm = plain(read.get().comm());
    }
    is = read.get();
    return true;
  }

  /// A name as it may be printed.
  private static String plain(String comm) {
    return comm.chars().allMatch(c -> c >= ' ' && c <= '~')
        ? comm
        : comm.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /// What its `cgroup` file says; empty if that cannot be read.
  String cgroups() {
    if (cgroup.isEmpty()) {
      cgroup = Readout.open(files.host, files.task + "/cgroup", CGROUP_BYTES);
    }
    return cgroup.filter(Readout::read).map(Readout::text).orElse("");
  }

  /// Of the status that was read last. Hardly ever does it change.
  private void noteAllowed() {
    String text = files.status.map(Readout::text).orElse("");
    int from = text.indexOf(ALLOWED);
    int end = from < 0 ? -1 : text.indexOf('\n', from + ALLOWED.length());
    String list = end < 0 ? "" : text.substring(from + ALLOWED.length(), end);
    if (!list.equals(allowedText)) {
      allowedText = list;
      allowed = CpuList.parse(list).filter(set -> !set.isEmpty());
    }
  }

  /// The CPUs that it may run on, by its cpuset and its affinity; absent if that is not known.
  Optional<CpuSet> allowed() {
    return allowed;
  }

  private void account(ThreadLook look, long stolenNs) {
    interval = look.since(last, stolenNs);
    ThreadTimes passed = look.times().since(last.times());
    boolean anew = passed.runNs() < 0 || passed.waitNs() < 0 || passed.dispatches() < 0;
    stolenInTailNs += stolenNs;
    if (anew || interval.blockedNs() + interval.unknownNs() == 0) {
      settle(raw.plus(interval), look);
    } else {
      raw = settled.plus(look.since(settledAt, stolenInTailNs));
      if (!look.ready()) {
        settle(raw, look);
      }
    }
    intervalDispatches = anew ? 0 : passed.dispatches();
    dispatches += intervalDispatches;
    intervalMigrations = look.processor() == last.processor() ? 0 : 1;
    migrations += intervalMigrations;
    last = look;
  }

  /// Lets the total be: from now on it only grows, so that who takes it over can tell what is his.
  void freeze() {
    settle(raw, last);
  }

  private void settle(Account account, ThreadLook look) {
    raw = account;
    settled = account;
    settledAt = look;
    stolenInTailNs = 0;
  }

  /// Says that of its wait in this interval, a quota was to blame for some.
  void throttled(long ns) {
    interval = interval.throttled(ns);
    throttledNs += ns;
  }

  long tid() {
    return tid;
  }

  String comm() {
    return is.comm();
  }

  /// Its name without what is not printable.
  String plainComm() {
    return plainComm;
  }

  /// How many threads its process says that it has.
  int threads() {
    return is.threads();
  }

  /// Since the look before.
  Account interval() {
    return interval;
  }

  /// Since the first look.
  Account total() {
    return raw.throttled(throttledNs);
  }

  /// What the last look added to the total.
  Account change() {
    return total().minus(totalBefore);
  }

  /// Takes the waits after wake-ups of the last interval.
  void woke(Wakes waits) {
    intervalWakes = Optional.of(waits);
    wakes = Wakes.together(wakes, intervalWakes);
  }

  /// Waits after wake-ups since the look before; absent if they are not traced.
  Optional<Wakes> intervalWakes() {
    return intervalWakes;
  }

  /// Those since the first look.
  Optional<Wakes> wakes() {
    return wakes;
  }

  /// Where it ran last.
  int processor() {
    return last.processor();
  }

  long intervalDispatches() {
    return intervalDispatches;
  }

  long dispatches() {
    return dispatches;
  }

  /// Changes of processor seen in the last interval: 0 or 1, whatever happened between looks.
  long intervalMigrations() {
    return intervalMigrations;
  }

  /// Changes of processor seen: there may have been more between looks.
  long migrations() {
    return migrations;
  }

  @Override
  public void close() {
    files.close();
    cgroup.ifPresent(Readout::close);
  }
}
