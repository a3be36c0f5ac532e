package dev.stint.host.observe;

import dev.stint.host.observe.WatchedProcess.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who ran on a CPU while others waited for it, inferred: schedstat does not say. A thread's wait
/// of an interval is divided over what ran on the CPU that it was last seen on, by their run time
/// there.
final class Occupants {
  private final Map<Owner, Map<Owner, Long>> behind = new TreeMap<>();

  /// Adds an interval.
  void add(List<Member> members) {
    Map<Integer, Map<Owner, Long>> ran = new TreeMap<>();
    for (Member member : members) {
      long runNs = member.thread().interval().runNs();
      if (runNs > 0) {
        ran.computeIfAbsent(member.thread().processor(), _ -> new LinkedHashMap<>())
            .merge(member.owner(), runNs, Long::sum);
      }
    }
    for (Member member : members) {
      long waitNs = member.thread().interval().queueNs();
      Map<Owner, Long> here = ran.get(member.thread().processor());
      if (waitNs > 0 && here != null) {
        divide(member, waitNs, here);
      }
    }
  }

  private void divide(Member member, long waitNs, Map<Owner, Long> ran) {
    long ownNs = member.thread().interval().runNs();
    long othersNs = ran.values().stream().mapToLong(Long::longValue).sum() - ownNs;
    if (othersNs <= 0) {
      return;
    }
    Map<Owner, Long> shares = behind.computeIfAbsent(member.owner(), _ -> new TreeMap<>());
    ran.forEach((owner, ranNs) -> {
      long other = owner.equals(member.owner()) ? ranNs - ownNs : ranNs;
      if (other > 0) {
        shares.merge(owner, Math.round((double) waitNs * other / othersNs), Long::sum);
      }
    });
  }

  /// What each waited behind.
  Map<Owner, Map<Owner, Long>> behind() {
    return behind;
  }
}
