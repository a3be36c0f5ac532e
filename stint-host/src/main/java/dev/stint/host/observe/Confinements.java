package dev.stint.host.observe;

import dev.stint.host.CpuList;
import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.observe.WatchedProcess.Member;
import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Finds out who waits because it may not run on all CPUs, and who forbids it.
final class Confinements {
  private final HostFiles files;
  private final Optional<Hierarchy> cpusets;

  Confinements(HostFiles files, Optional<Hierarchy> cpusets) {
    this.files = files;
    this.cpusets = cpusets;
  }

  /// Of those that wait long enough to be spoken of. Only of them files are read.
  ///
  /// @param accounts of the time that is spoken of
  /// @param online all CPUs
  Map<Owner, Confinement> of(List<Member> members, Map<Owner, Account> accounts, CpuSet online) {
    Map<Owner, List<Member>> waiting = new TreeMap<>();
    for (Member member : members) {
      Account account = accounts.getOrDefault(member.owner(), Account.NONE);
      if (Rules.queues(account) && member.thread().total().queueNs() > 0) {
        waiting.computeIfAbsent(member.owner(), _ -> new ArrayList<>()).add(member);
      }
    }
    Map<Owner, Confinement> found = new TreeMap<>();
    waiting.forEach((owner, threads) -> of(threads, online).ifPresent(it -> found.put(owner, it)));
    return found;
  }

  private Optional<Confinement> of(List<Member> threads, CpuSet online) {
    CpuSet allowed = CpuSet.EMPTY;
    for (Member member : threads) {
      Optional<CpuSet> own = member.thread().allowed();
      if (own.isEmpty()) {
        return Optional.empty();
      }
      allowed = allowed.or(own.get().and(online));
    }
    if (allowed.isEmpty() || allowed.containsAll(online)) {
      return Optional.empty();
    }
    return Optional.of(
        new Confinement(allowed, threads.size(), cpuset(threads.getFirst(), allowed, online)));
  }

  /// The innermost cgroup above a thread that allows just these CPUs by a cpuset of its own.
  private Optional<String> cpuset(Member member, CpuSet allowed, CpuSet online) {
    if (cpusets.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> group =
        WatchedProcess.group(member.thread().cgroups(), cpusets.get(), "cpuset");
    while (group.isPresent()) {
      String directory = cpusets.get().path(group.get());
      Optional<CpuSet> own = cpus(directory + "/cpuset.cpus").filter(set -> !set.isEmpty());
      if (own.isPresent()) {
        CpuSet effective =
            cpus(directory + "/cpuset.cpus.effective")
                .or(() -> cpus(directory + "/cpuset.effective_cpus"))
                .orElse(own.get());
        return effective.and(online).equals(allowed) ? group : Optional.empty();
      }
      group = group.filter(inner -> !inner.isEmpty()).map(HostWatch::parent);
    }
    return Optional.empty();
  }

  private Optional<CpuSet> cpus(String path) {
    return files.read(path) instanceof Text.Read(String text)
        ? CpuList.parse(text)
        : Optional.empty();
  }
}
