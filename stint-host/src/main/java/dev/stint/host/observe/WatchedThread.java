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
  private static final String ALLOWED = "\nCpus_allowed_list:\t";

  private final long tid;
  private final Readout schedstat;
  private final Optional<Readout> stat;
  private final Optional<Readout> status;
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
  private String comm;
  private Optional<Wakes> wakes = Optional.empty();
  private Optional<Wakes> intervalWakes = Optional.empty();
  private String allowedText = "";
  private Optional<CpuSet> allowed = Optional.empty();

  private WatchedThread(
      long tid, Readouts files, LongSupplier clockNs, ThreadLook first, String comm) {
    this.tid = tid;
    schedstat = files.schedstat;
    stat = files.stat;
    status = files.status;
    this.clockNs = clockNs;
    last = first;
    settledAt = first;
    this.comm = comm;
  }

  private record Readouts(Readout schedstat, Optional<Readout> stat, Optional<Readout> status) {}

  /// Begins with a thread; absent if it is gone, or not for this user.
  static Optional<WatchedThread> of(HostFiles host, long pid, long tid, LongSupplier clockNs) {
    String task = "proc/" + pid + "/task/" + tid;
    Optional<Readout> schedstat = Readout.open(host, ThreadTimes.path(pid, tid), SCHEDSTAT_BYTES);
    if (schedstat.isEmpty()) {
      return Optional.empty();
    }
    Readouts files =
        new Readouts(
            schedstat.get(),
            Readout.open(host, task + "/stat", STAT_BYTES),
            Readout.open(host, task + "/status", STATUS_BYTES));
    long atNs = clockNs.getAsLong();
    Optional<ThreadTimes> times =
        files.schedstat.read() ? ThreadTimes.parse(files.schedstat.text()) : Optional.empty();
    Optional<ThreadStat> is =
        files.stat.filter(Readout::read).flatMap(file -> ThreadStat.parse(file.text()));
    if (times.isEmpty() || is.isEmpty()) {
      close(files.schedstat, files.stat, files.status);
      return Optional.empty();
    }
    ThreadLook first =
        new ThreadLook(
            atNs, times.get(), ready(is.get()), is.get().processor(), sleeps(files.status));
    WatchedThread thread = new WatchedThread(tid, files, clockNs, first, is.get().comm());
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
    if (!schedstat.read()) {
      return false;
    }
    Optional<ThreadTimes> times =
        schedstat.changed() ? ThreadTimes.parse(schedstat.text()) : Optional.of(last.times());
    Optional<ThreadStat> is =
        stat.filter(Readout::read).flatMap(file -> ThreadStat.parse(file.text()));
    if (times.isEmpty() || is.isEmpty()) {
      return false;
    }
    comm = is.get().comm();
    OptionalLong sleeps = last.sleeps();
    if (schedstat.changed()) {
      sleeps = sleeps(status);
      noteAllowed();
    }
    account(
        new ThreadLook(atNs, times.get(), ready(is.get()), is.get().processor(), sleeps), stolenNs);
    return true;
  }

  /// Of the status that was read last. Hardly ever does it change.
  private void noteAllowed() {
    String text = status.map(Readout::text).orElse("");
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
    return comm;
  }

  /// Since the look before.
  Account interval() {
    return interval;
  }

  /// Since the first look.
  Account total() {
    return raw.throttled(throttledNs);
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
    close(schedstat, stat, status);
  }

  private static void close(Readout one, Optional<Readout> two, Optional<Readout> three) {
    one.close();
    two.ifPresent(Readout::close);
    three.ifPresent(Readout::close);
  }
}
