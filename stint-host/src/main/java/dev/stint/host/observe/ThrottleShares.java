package dev.stint.host.observe;

import dev.stint.host.observe.WatchedProcess.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Finds the waits that quotas are to blame for. A cgroup's throttled time is divided over the
/// waits of the threads below it, in proportion: exact for one thread. Of threads that wait for the
/// same CPU the kernel counts the stop once, so that for several it is the least that quotas took.
final class ThrottleShares {
  private final List<Member> members;

  ThrottleShares(List<Member> members) {
    this.members = members;
  }

  /// Blames the groups, the innermost first.
  void blame(Collection<WatchedGroup> groups) {
    List<WatchedGroup> innermost = new ArrayList<>(groups);
    innermost.sort(
        Comparator.comparingInt((WatchedGroup group) -> group.group().split("/").length)
            .reversed());
    for (WatchedGroup group : innermost) {
      long throttledNs = group.throttledToBlameNs();
      if (throttledNs > 0) {
        group.leftover(throttledNs - divide(group, throttledNs));
      }
    }
  }

  private long divide(WatchedGroup group, long throttledNs) {
    long waitedNs = 0;
    for (Member member : members) {
      waitedNs += group.holds(member.group()) ? member.thread().interval().queueNs() : 0;
    }
    long blamedNs = Math.min(throttledNs, waitedNs);
    long leftNs = blamedNs; // for the waits that are left: the last gets what rounding left
    for (Member member : members) {
      long waitNs = member.thread().interval().queueNs();
      if (waitNs > 0 && group.holds(member.group())) {
        long shareNs =
            leftNs >= waitedNs || waitNs == waitedNs
                ? Math.min(waitNs, leftNs)
                : Math.min(waitNs, (long) ((double) leftNs * waitNs / waitedNs));
        member.thread().throttled(shareNs);
        leftNs -= shareNs;
        waitedNs -= waitNs;
      }
    }
    return blamedNs - leftNs;
  }
}
