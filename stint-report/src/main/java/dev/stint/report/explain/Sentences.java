package dev.stint.report.explain;

import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.report.Numbers;
import dev.stint.report.explain.Chain.How;
import dev.stint.report.explain.Chain.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says in words what a chain was and why it was broken.
final class Sentences {
  private final Entities entities;

  Sentences(Entities entities) {
    this.entities = entities;
  }

  /// How a wait came about, as a clause.
  ///
  /// @param beginning the event that began it, if there was one
  /// @param chain what stood below it then
  String beginning(ChainRecorder.@Nullable Beginning beginning, Chain chain) {
    if (beginning == null) {
      return chain.links().size() > 1
          ? "when what it runs on lost its processor"
          : "after what the recording does not tell";
    }
    String by = entities.path(beginning.by());
    return switch (beginning.kind()) {
      case READY -> beginning.by() == Entities.NONE ? "when it woke" : "when " + by + " woke it";
      case SWITCH ->
          beginning.by() == Entities.NONE
              ? "when it was stopped"
              : "when " + by + " took its place";
      case THROTTLE -> "when " + limit(by) + " stopped it";
      case MOVE, UNTHROTTLE, ENTER, LEAVE, HOLD, COST, UNKNOWN -> "at an event of its own";
    };
  }

  /// What happened in a piece of a wait.
  String wait(long status, Chain chain) {
    int occupant = SpanSink.occupant(status);
    return switch (SpanSink.reason(status)) {
      case GUEST_QUEUE -> queued(chain, EntityKind.TASK, "", occupant);
      case VMM_QUEUE -> queued(chain, EntityKind.THREAD, "its vCPU thread ", occupant);
      case GUEST_THROTTLED -> limit(entities.path(occupant)) + " was used up";
      case VMM_THROTTLED ->
          limit(entities.path(occupant))
              + " was used up"
              + lowest(chain, EntityKind.THREAD)
                  .map(link -> ", and its vCPU thread " + path(link.entity()) + " is under it")
                  .orElse("");
      case HYPERVISOR_WAIT -> withoutLp(chain, occupant);
      case OVERHEAD_SIGNAL -> signalled(chain, occupant);
      case OVERHEAD_INTERCEPT ->
          "its VP needed its VMM" + (occupant == Entities.NONE ? "" : ", " + path(occupant));
      case SMT -> path(occupant) + " shared its core";
    };
  }

  private String queued(Chain chain, EntityKind kind, String who, int occupant) {
    Optional<Link> link = lowest(chain, kind);
    if (link.isEmpty() || link.get().below() == Entities.NONE) {
      return occupant == Entities.NONE
          ? "it was ready, and nobody ran"
          : path(occupant) + " ran instead";
    }
    String name = who.isEmpty() ? "" : who + path(link.get().entity()) + " was queued: ";
    return name
        + path(link.get().below())
        + (occupant == Entities.NONE ? " was about to take it" : " ran " + path(occupant))
        + alsoQueued(link.get());
  }

  private static String alsoQueued(Link link) {
    return link.others() == 0
        ? ""
        : ", and " + Numbers.count(link.others(), "other") + " queued there";
  }

  private String withoutLp(Chain chain, int occupant) {
    Optional<Link> link = lowest(chain, EntityKind.VP);
    String vp = link.map(l -> path(l.entity())).orElse("its VP");
    String lp =
        link.filter(l -> l.below() != Entities.NONE).map(l -> path(l.below())).orElse("an LP");
    if (occupant == Entities.NONE) {
      return vp + " was ready and had no LP: " + lp + " was about to take it";
    }
    if (entities.get(occupant).kind() == EntityKind.RULE) {
      return vp + " was ready and had no LP: " + limit(path(occupant)) + " was used up";
    }
    return vp
        + " was ready and had no LP: "
        + lp
        + " ran "
        + path(occupant)
        + link.map(Sentences::alsoQueued).orElse("");
  }

  private String signalled(Chain chain, int occupant) {
    if (occupant != Entities.NONE) {
      return "its vCPU thread " + path(occupant) + " ran and had not entered its VP yet";
    }
    return "the signal to "
        + lowest(chain, EntityKind.THREAD)
            .map(link -> "its vCPU thread " + path(link.entity()))
            .orElse("its processor")
        + " was on its way";
  }

  private static Optional<Link> lowest(Chain chain, EntityKind kind, Entities entities) {
    return chain.links().stream()
        .filter(link -> entities.get(link.entity()).kind() == kind)
        .reduce((_, later) -> later);
  }

  private Optional<Link> lowest(Chain chain, EntityKind kind) {
    return lowest(chain, kind, entities);
  }

  /// The links as text, from the entity down to the LP: `task:web queued on vp0 (runs task:b)`.
  List<String> chain(Chain chain) {
    List<String> texts = new ArrayList<>();
    for (Link link : chain.links()) {
      texts.add(path(link.entity()) + " " + how(link));
    }
    return texts;
  }

  private String how(Link link) {
    if (link.how() == How.BLOCKED) {
      return "has nothing to do";
    }
    if (link.how() == How.UNKNOWN) {
      return "does what the recording does not tell";
    }
    if (link.below() == Entities.NONE) {
      return "is ready, without a processor";
    }
    String below = path(link.below());
    return switch (link.how()) {
      case CURRENT -> "is on " + below;
      case QUEUED ->
          "waits for "
              + below
              + (link.occupant() == Entities.NONE ? "" : ", which runs " + path(link.occupant()));
      case THROTTLED -> "is stopped by " + limit(below);
      case CARRIED -> "is carried by " + below;
      case AWAITS_THREAD -> "waits for " + below + " to enter it";
      case INTERCEPTED -> "waits for its VMM, " + below;
      case BLOCKED, UNKNOWN -> "has no processor";
    };
  }

  private static String limit(String rule) {
    int colon = rule.indexOf(':');
    if (colon < 0) {
      return rule;
    }
    String of = rule.substring(colon + 1);
    return switch (rule.substring(0, colon)) {
      case "quota" -> "the cpu.max of " + of;
      case "cap" -> "the cap of " + of;
      case "cpuset" -> "the cpuset of " + of;
      default -> rule;
    };
  }

  private String path(int id) {
    return entities.path(id);
  }
}
