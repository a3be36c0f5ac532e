package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says which layer kept an entity waiting, and who ran meanwhile.
final class Blame {
  private static final int NAMED_MOST = 3;

  private Blame() {}

  /// A clause about the layer that took most, such as `the hypervisor gave the LPs to vm-bronze (61
  /// %) and neighbour (39 %) in the 13.8 s that it waited`; empty if the entity never waited.
  static Optional<String> clause(RunIndex run, EntityResult victim, String parentNoun) {
    Optional<Map.Entry<WaitReason, Long>> wait = run.mainWait(victim);
    return wait.map(w -> clause(run, victim, w.getKey(), w.getValue(), parentNoun));
  }

  private static String clause(
      RunIndex run, EntityResult victim, WaitReason reason, long ns, String parentNoun) {
    String duration = Numbers.duration(ns);
    String occupants = occupants(run, victim, reason, ns);
    String who = victim.kind() == EntityKind.TASK ? "it" : "its tasks";
    return switch (reason) {
      case HYPERVISOR_WAIT ->
          "the hypervisor gave the LPs to " + occupants + " in the " + duration + " that it waited";
      case VMM_QUEUE ->
          "its vCPU threads queued "
              + duration
              + " in the Linux of the "
              + parentNoun
              + " behind "
              + occupants;
      case GUEST_QUEUE -> who + " queued " + duration + " in their own Linux behind " + occupants;
      case VMM_THROTTLED, GUEST_THROTTLED -> occupants + " throttled it for " + duration;
      case OVERHEAD_SIGNAL -> "its wake-up signals were under way for " + duration;
      case SMT -> occupants + " on sibling hardware threads cost it " + duration;
      case OVERHEAD_INTERCEPT -> "its VMM worked on its intercepts for " + duration;
    };
  }

  /// `vm-bronze (61 %), neighbour (29 %) and itself (10 %)`: parts of the wait.
  static String occupants(RunIndex run, EntityResult victim, WaitReason reason, long waitNs) {
    List<RunIndex.Occupant> all = run.occupants(victim.path(), reason);
    List<String> named = new ArrayList<>();
    long otherNs = 0;
    int otherCount = 0;
    for (RunIndex.Occupant occupant : all) {
      if (named.size() < NAMED_MOST && 200 * occupant.ns() >= waitNs) {
        String name = occupant.itself() ? itself(victim, reason) : occupant.name();
        named.add(name + " (" + Numbers.part(occupant.ns(), waitNs) + ")");
      } else {
        otherNs += occupant.ns();
        otherCount++;
      }
    }
    if (200 * otherNs >= waitNs && otherNs > 0) {
      named.add(Numbers.count(otherCount, "other") + " (" + Numbers.part(otherNs, waitNs) + ")");
    }
    return named.isEmpty() ? "nobody" : Words.and(named);
  }

  private static String itself(EntityResult victim, WaitReason reason) {
    if (reason == WaitReason.OVERHEAD_INTERCEPT) {
      return "its VMM";
    }
    return switch (victim.kind()) {
      case PARTITION -> "its own other VPs";
      case GROUP -> "its own members";
      case LP, VP, THREAD, TASK, RULE -> "itself";
    };
  }
}
