package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.cgroup.CpuStat;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.proc.PressureStall;
import dev.stint.scenario.Quantities;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalLong;

/// A cgroup under observation: what its quota did, and how much its tasks got.
final class WatchedGroup implements AutoCloseable {
  private static final int STAT_BYTES = 2048;
  private static final int PRESSURE_BYTES = 512;
  private static final long US = 1000;

  private final String group;
  private final String below;
  private final Hierarchy hierarchy;
  private final Readout stat;
  private final Optional<Readout> pressure;
  private final CpuStat first;
  private final OptionalLong firstPressureNs;

  private CpuStat before;
  private CpuStat now;
  private OptionalLong pressureBeforeNs;
  private OptionalLong pressureNs;
  private Optional<String> limit;
  private boolean limitable;

  /// Of its threads: all, and those that carry a VP.
  private Account total = Account.NONE;

  private Account carried = Account.NONE;
  private Account interval = Account.NONE;
  private Account intervalCarried = Account.NONE;
  private long dispatches;
  private long intervalDispatches;
  private long migrations;
  private long intervalMigrations;

  private Optional<Wakes> wakes = Optional.empty();
  private Optional<Wakes> intervalWakes = Optional.empty();

  /// Throttled time that no wait has been found for yet.
  private long leftoverNs;

  private WatchedGroup(
      HostFiles files, Hierarchy hierarchy, String group, Readout stat, Optional<Readout> press) {
    this.group = group;
    below = group + "/";
    this.hierarchy = hierarchy;
    this.stat = stat;
    pressure = press;
    first = readStat().orElse(CpuStat.UNKNOWN);
    before = first;
    now = first;
    firstPressureNs = readPressure();
    pressureBeforeNs = firstPressureNs;
    pressureNs = firstPressureNs;
    limit = readLimit(files);
  }

  /// Begins with a cgroup; absent if it is gone or not for this user.
  static Optional<WatchedGroup> of(HostFiles files, Hierarchy hierarchy, String group) {
    String path = hierarchy.path(group);
    return Readout.open(files, path + "/cpu.stat", STAT_BYTES)
        .map(stat ->
            new WatchedGroup(
                files,
                hierarchy,
                group,
                stat,
                Readout.open(files, path + "/cpu.pressure", PRESSURE_BYTES)));
  }

  /// Whether its throttled time is known, or it cannot be throttled: without the cpu controller.
  boolean tellsThrottling() {
    return !limitable || now.throttledNs().isPresent();
  }

  /// The path of its entity.
  static String entityPath(String group) {
    return group.isEmpty() ? "host/cgroup:/" : "host/cgroup:" + group;
  }

  /// Looks again.
  ///
  /// @return whether it is still there
  boolean look() {
    Optional<CpuStat> read = readStat();
    before = now;
    now = read.orElse(now);
    pressureBeforeNs = pressureNs;
    pressureNs = readPressure();
    interval = Account.NONE;
    intervalCarried = Account.NONE;
    intervalDispatches = 0;
    intervalMigrations = 0;
    intervalWakes = Optional.empty();
    return read.isPresent();
  }

  private Optional<CpuStat> readStat() {
    if (!stat.read()) {
      return Optional.empty();
    }
    return Optional.of(
        hierarchy.version() == 2
            ? CpuStat.ofVersion2(stat.text())
            : CpuStat.ofVersion1(stat.text(), OptionalLong.empty()));
  }

  private OptionalLong readPressure() {
    Optional<PressureStall> stall =
        pressure.filter(Readout::read).flatMap(file -> PressureStall.parse(file.text()));
    return stall.isEmpty() ? OptionalLong.empty() : OptionalLong.of(stall.get().someTotalNs());
  }

  /// Reads its quota again, in words: `50ms of 100ms`; absent if there is none.
  Optional<String> readLimit(HostFiles files) {
    String path = hierarchy.path(group);
    OptionalLong quota;
    OptionalLong period;
    limitable = hierarchy.version() == 1 || Files.exists(files.path(path + "/cpu.max"));
    if (hierarchy.version() == 2) {
      String[] fields = text(files, path + "/cpu.max").strip().split(" ");
      quota = Numbers.count(fields[0]);
      period = fields.length < 2 ? OptionalLong.empty() : Numbers.count(fields[1]);
    } else {
      quota = Numbers.count(text(files, path + "/cpu.cfs_quota_us"));
      period = Numbers.count(text(files, path + "/cpu.cfs_period_us"));
    }
    quota = Numbers.scaled(quota, US);
    period = Numbers.scaled(period, US);
    limit =
        quota.isEmpty() || period.isEmpty()
            ? Optional.empty()
            : Optional.of(
                Quantities.duration(quota.getAsLong())
                    + " per "
                    + Quantities.duration(period.getAsLong()));
    return limit;
  }

  private static String text(HostFiles files, String path) {
    return files.read(path) instanceof HostFiles.Text.Read(String text) ? text : "";
  }

  /// Takes in what one of the threads in it, or in a group below it, did since the last look.
  ///
  /// @param change of the thread's total
  void add(WatchedThread thread, Account change, boolean carriesVp) {
    total = total.plus(change);
    interval = interval.plus(thread.interval());
    if (carriesVp) {
      carried = carried.plus(change);
      intervalCarried = intervalCarried.plus(thread.interval());
    }
    dispatches += thread.intervalDispatches();
    intervalDispatches += thread.intervalDispatches();
    migrations += thread.intervalMigrations();
    intervalMigrations += thread.intervalMigrations();
    wakes = Wakes.together(wakes, thread.intervalWakes());
    intervalWakes = Wakes.together(intervalWakes, thread.intervalWakes());
  }

  /// The throttled time to find waits for: of this interval, and what was left of the one before.
  long throttledToBlameNs() {
    return since(now.throttledNs(), before.throttledNs()).orElse(0) + leftoverNs;
  }

  /// What no wait was found for, to be tried once more: a wait shows when it ends.
  void leftover(long ns) {
    leftoverNs = Math.min(ns, since(now.throttledNs(), before.throttledNs()).orElse(0));
  }

  ViewEntity entity(boolean all) {
    CpuStat from = all ? first : before;
    return new ViewEntity(
        entityPath(group),
        ViewEntity.Kind.GROUP,
        parent(),
        all ? total : interval,
        all ? carried : intervalCarried,
        all ? dispatches : intervalDispatches,
        all ? migrations : intervalMigrations,
        (all ? wakes : intervalWakes).map(Wakes::latency),
        Optional.of(
            new ViewEntity.Limits(
                limit,
                since(now.periods(), from.periods()),
                since(now.throttledPeriods(), from.throttledPeriods()),
                since(now.throttledNs(), from.throttledNs()),
                since(pressureNs, all ? firstPressureNs : pressureBeforeNs))));
  }

  /// What was counted since; absent if it is not known, or began anew.
  private static OptionalLong since(OptionalLong now, OptionalLong earlier) {
    return now.isEmpty() || earlier.isEmpty() || now.getAsLong() < earlier.getAsLong()
        ? OptionalLong.empty()
        : OptionalLong.of(now.getAsLong() - earlier.getAsLong());
  }

  private Optional<String> parent() {
    int slash = group.lastIndexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(entityPath(group.substring(0, slash)));
  }

  String group() {
    return group;
  }

  /// Whether a group is this one or below it.
  boolean holds(String other) {
    return other.equals(group) || other.startsWith(below);
  }

  @Override
  public void close() {
    stat.close();
    pressure.ifPresent(Readout::close);
  }
}
