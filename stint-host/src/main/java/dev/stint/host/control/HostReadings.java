package dev.stint.host.control;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.scenario.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Readings of a real host: the steal column of `/proc/stat`, `cpu.pressure` of the cgroup that the
/// policy owns or else `/proc/pressure/cpu`, and how late a thread of Stint's own is woken that
/// sleeps 5 ms at a time: wake-ups of others are not seen without tracing.
public final class HostReadings implements Readings, AutoCloseable {
  private static final long SLEEP_NS = 5_000_000;
  private static final int SAMPLE_COUNT_MAX = 100_000;
  private static final int STEAL = 7;
  private static final double HUNDRED = 100;
  private static final double TAIL = 0.99;
  private static final Pattern SOME = Pattern.compile("(?m)^some .*\\btotal=(\\d{1,18})$");

  private final HostFiles host;
  private final String pressureFile;
  private final List<Long> lateNs = new ArrayList<>();
  private Optional<Thread> probe = Optional.empty();
  private Optional<long[]> times = Optional.empty();
  private OptionalLong pressureUs = OptionalLong.empty();
  private long pressureAtNs;

  /// @param owns the cgroup whose pressure is read where the kernel tells it
  public HostReadings(HostFiles host, String owns) {
    this.host = host;
    String own =
        Cgroups.of(host).version2().map(tree -> tree.path(owns) + "/cpu.pressure").orElse("");
    boolean has = !own.isEmpty() && host.read(own) instanceof Text.Read;
    pressureFile = has ? own : "proc/pressure/cpu";
  }

  /// Which reading that a guard needs cannot be had here.
  public Optional<String> missing(Optional<Policy.Guard> guard) {
    boolean psi =
        guard.map(Policy.Guard::pressurePercent).filter(OptionalDouble::isPresent).isPresent();
    boolean steal =
        guard.map(Policy.Guard::stealPercent).filter(OptionalDouble::isPresent).isPresent();
    if (psi && !SOME.matcher(text(pressureFile)).find()) {
      return Optional.of("no /" + pressureFile + "; boot with psi=1, or leave psi out");
    }
    return steal && processorTimes().isEmpty()
        ? Optional.of("no steal in /proc/stat; leave steal out")
        : Optional.empty();
  }

  @Override
  public OptionalDouble stealPercent() {
    Optional<long[]> now = processorTimes();
    Optional<long[]> before = times;
    times = now;
    if (now.isEmpty() || before.isEmpty()) {
      return OptionalDouble.empty();
    }
    long total = 0;
    for (int i = 0; i <= STEAL; i++) {
      total += now.get()[i] - before.get()[i];
    }
    long steal = now.get()[STEAL] - before.get()[STEAL];
    return total <= 0 ? OptionalDouble.empty() : OptionalDouble.of(HUNDRED * steal / total);
  }

  /// user, nice, system, idle, iowait, irq, softirq, steal; guest times are in user's.
  private Optional<long[]> processorTimes() {
    String first = text("proc/stat").lines().findFirst().orElse("");
    String[] fields = first.split("\\s+");
    if (!fields[0].equals("cpu") || fields.length < STEAL + 2) {
      return Optional.empty();
    }
    long[] ticks = new long[STEAL + 1];
    for (int i = 0; i <= STEAL; i++) {
      if (!fields[i + 1].matches("\\d{1,18}")) {
        return Optional.empty();
      }
      ticks[i] = Long.parseLong(fields[i + 1]);
    }
    return Optional.of(ticks);
  }

  @Override
  public OptionalDouble pressurePercent() {
    Matcher matcher = SOME.matcher(text(pressureFile));
    OptionalLong now =
        matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    long atNs = System.nanoTime();
    OptionalDouble percent = OptionalDouble.empty();
    if (now.isPresent() && pressureUs.isPresent() && atNs > pressureAtNs) {
      double waitedNs = (now.getAsLong() - pressureUs.getAsLong()) * 1e3;
      percent = OptionalDouble.of(HUNDRED * waitedNs / (atNs - pressureAtNs));
    }
    pressureUs = now;
    pressureAtNs = atNs;
    return percent;
  }

  @Override
  public OptionalLong wakeNs() {
    if (probe.isEmpty()) {
      probe = Optional.of(Thread.ofPlatform().daemon().name("stint-wake").start(this::sample));
    }
    List<Long> late;
    synchronized (lateNs) {
      late = new ArrayList<>(lateNs);
      lateNs.clear();
    }
    if (late.isEmpty()) {
      return OptionalLong.empty();
    }
    late.sort(null);
    return OptionalLong.of(late.get((int) Math.ceil(TAIL * late.size()) - 1));
  }

  private void sample() {
    while (!Thread.currentThread().isInterrupted()) {
      long dueNs = System.nanoTime() + SLEEP_NS;
      long nowNs = dueNs - SLEEP_NS;
      while (nowNs - dueNs < 0 && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(dueNs - nowNs);
        nowNs = System.nanoTime();
      }
      synchronized (lateNs) {
        if (lateNs.size() < SAMPLE_COUNT_MAX) {
          lateNs.add(nowNs - dueNs);
        }
      }
    }
  }

  private String text(String path) {
    return switch (host.read(path)) {
      case Text.Read(String text) -> text;
      case Text.Unreadable _ -> "";
    };
  }

  @Override
  public void close() {
    probe.ifPresent(Thread::interrupt);
  }
}
