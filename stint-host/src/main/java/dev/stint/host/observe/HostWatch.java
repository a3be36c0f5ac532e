package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.observe.WatchedProcess.Member;
import dev.stint.host.probe.HypervisorProbes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// Observes a host: looks at it again and again, and keeps the account of what it sees.
public final class HostWatch implements AutoCloseable {
  /* Every look reads the figures of what is known. What there is, is found out less often: each
   * process's name and cgroups at every fifth look, a fifth of the processes at a time; VMMs, new
   * processes and those with other threads than before at once. */
  private static final int SCAN_EVERY = 5;

  private final HostFiles files;
  private final LongSupplier clockNs;
  private final int mostThreads;
  private final Optional<Hierarchy> cpu;
  private final Confinements confinements;
  private final Optional<String> stealUnseen;
  private final CpuLedger cpus = new CpuLedger();
  private final Map<Long, WatchedProcess> processes = new TreeMap<>();
  private final Map<String, WatchedGroup> groups = new TreeMap<>();
  private final Map<Owner, Account> ownerTotals = new TreeMap<>();
  private final Occupants occupants = new Occupants();
  private final WakeTrace wakes;
  private final long beganNs;

  private long looks;
  private long lastNs;
  private View interval;

  /// Begins, with a first look.
  ///
  /// @param clockNs `CLOCK_MONOTONIC`
  /// @param mostThreads that are watched; three to four files are kept open for each
  /// @param wakes tells of wake-ups; closed with this
  public HostWatch(HostFiles files, LongSupplier clockNs, int mostThreads, WakeTrace wakes) {
    this.files = files;
    this.wakes = wakes;
    this.clockNs = clockNs;
    this.mostThreads = mostThreads;
    Cgroups cgroups = Cgroups.of(files);
    cpu = cgroups.of("cpu").or(cgroups::version2);
    confinements = new Confinements(files, cgroups.of("cpuset").or(cgroups::version2));
    stealUnseen = new HypervisorProbes(files, "").silentOnSteal();
    beganNs = clockNs.getAsLong();
    lastNs = beganNs;
    cpus.look(files, beganNs);
    discover();
    interval =
        new View(0, cpus.entities(false), Map.of(), Map.of(), Map.of(), stealUnseen, List.of());
  }

  /// Looks again.
  ///
  /// @return what happened since the last look
  public View look() {
    looks++;
    long nowNs = clockNs.getAsLong();
    cpus.look(files, nowNs);
    // Where it is not known it may have been all of the time.
    long stolenNs = cpus.blind().isPresent() ? nowNs - lastNs : cpus.intervalStolenNs();
    lookAtAll(stolenNs);
    List<Member> members = members();
    long wallNs = nowNs - lastNs;
    wakes.look(nowNs, wallNs, members);
    new ThrottleShares(members).blame(groups.values());
    Map<Owner, Account> owners = new TreeMap<>();
    for (Member member : members) {
      Account change = member.thread().change();
      owners.merge(member.owner(), member.thread().interval(), Account::plus);
      ownerTotals.merge(member.owner(), change, Account::plus);
      for (WatchedGroup group : groups.values()) {
        if (group.holds(member.group())) {
          group.add(member.thread(), change, member.carriesVp());
        }
      }
    }
    Occupants now = new Occupants();
    now.add(members);
    occupants.add(members);
    List<ViewEntity> entities = entities(members, false);
    interval =
        new View(
            wallNs,
            entities,
            owners,
            now.behind(),
            confinements.of(members, owners, cpus.online()),
            stealUnseen,
            notes(entities));
    lastNs = nowNs;
    discover();
    return interval;
  }

  /// What is gone is forgotten.
  private void lookAtAll(long stolenNs) {
    for (Iterator<WatchedProcess> each = processes.values().iterator(); each.hasNext(); ) {
      WatchedProcess process = each.next();
      if (!process.look(stolenNs)) {
        process.close();
        each.remove();
      }
    }
    for (Iterator<WatchedGroup> each = groups.values().iterator(); each.hasNext(); ) {
      WatchedGroup group = each.next();
      if (!group.look()) {
        group.close();
        each.remove();
      }
    }
  }

  /// What happened since the beginning, up to the last look.
  public View total() {
    List<ViewEntity> entities = entities(members(), true);
    return new View(
        lastNs - beganNs,
        entities,
        ownerTotals,
        occupants.behind(),
        confinements.of(members(), ownerTotals, cpus.online()),
        stealUnseen,
        notes(entities));
  }

  /// What happened between the last two looks.
  public View interval() {
    return interval;
  }

  /// How many threads are watched.
  public int threadCount() {
    return processes.values().stream().mapToInt(WatchedProcess::threadCount).sum();
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    processes.values().forEach(process -> members.addAll(process.members()));
    return members;
  }

  // --- What there is ---

  private void discover() {
    int room = mostThreads - threadCount();
    Set<Long> there = new TreeSet<>();
    for (String name : files.list("proc")) {
      OptionalLong pid = Numbers.count(name);
      if (pid.isEmpty()) {
        continue;
      }
      there.add(pid.getAsLong());
      WatchedProcess process = processes.get(pid.getAsLong());
      boolean due = (pid.getAsLong() + looks) % SCAN_EVERY == 0;
      if (process == null) {
        Optional<WatchedProcess> found = WatchedProcess.of(files, pid.getAsLong());
        if (found.isEmpty()) {
          continue;
        }
        process = found.get();
        processes.put(pid.getAsLong(), process);
        due = true;
      }
      if (due || process.vmm().isPresent() || process.changed()) {
        int had = process.threadCount();
        process.scan(files, cpu, clockNs, room);
        room -= process.threadCount() - had;
      }
    }
    processes
        .values()
        .removeIf(process -> process.threadCount() == 0 && !there.contains(process.pid()));
    cpu.ifPresent(this::discoverGroups);
    wakes.follow(members());
  }

  private void discoverGroups(Hierarchy hierarchy) {
    for (String group : wanted()) {
      WatchedGroup known = groups.get(group);
      if (known == null) {
        WatchedGroup.of(files, hierarchy, group).ifPresent(this::begin);
      } else if (looks % SCAN_EVERY == 0) {
        known.readLimit(files);
      }
    }
  }

  /// The cgroups that threads are in, and those above them.
  private Set<String> wanted() {
    Set<String> wanted = new TreeSet<>();
    for (Member member : members()) {
      for (String group = member.group(); !group.isEmpty(); group = parent(group)) {
        wanted.add(group);
      }
    }
    return wanted;
  }

  /// Those whose throttling is not told.
  private List<String> silentGroups() {
    return wanted().stream()
        .filter(group -> {
          WatchedGroup known = groups.get(group);
          return known == null || !known.tellsThrottling();
        })
        .toList();
  }

  private void begin(WatchedGroup group) {
    groups.put(group.group(), group);
    for (Member member : members()) {
      if (group.holds(member.group())) {
        member.thread().freeze();
      }
    }
  }

  static String parent(String group) {
    int slash = group.lastIndexOf('/');
    return slash < 0 ? "" : group.substring(0, slash);
  }

  // --- What is told ---

  private List<ViewEntity> entities(List<Member> members, boolean all) {
    return new Entities(all).of(cpus.entities(all), members, groups.values());
  }

  private List<String> notes(List<ViewEntity> entities) {
    List<String> notes =
        new ArrayList<>(Blindness.notes(cpus, processes.values(), cpu, stealUnseen));
    cpu.flatMap(known -> Blindness.throttling(files, known, silentGroups())).ifPresent(notes::add);
    wakes.note().ifPresent(notes::add);
    WakeTrace.note(entities).ifPresent(notes::add);
    return List.copyOf(notes);
  }

  @Override
  public void close() {
    wakes.close();
    processes.values().forEach(WatchedProcess::close);
    groups.values().forEach(WatchedGroup::close);
    processes.clear();
    groups.clear();
  }
}
