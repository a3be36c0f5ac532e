package dev.stint.report.explain;

import dev.stint.model.stack.Watch;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Answers a [Question] about a run by hearing it twice: first to find the waits in question, then
/// to draw what stood below the entity while they lasted. Nothing of the run is stored.
public final class Explainer {
  private static final int STEPS_MOST = 12;
  private static final int BLAMED_MOST = 6;

  private final RunEvents run;
  private final Question question;
  private final Knobs knobs;
  private @Nullable Entities entities;
  private final List<Integer> members = new ArrayList<>();
  private long endNs;
  private long unknownNs;

  /// @param knobs knows which setting governs a wait
  public Explainer(RunEvents run, Question question, Knobs knobs) {
    this.run = run;
    this.question = question;
    this.knobs = knobs;
  }

  /// There is no such entity in the run, or it has no time of its own.
  public static final class NoSuchEntity extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> known;

    NoSuchEntity(String path, List<String> known) {
      super(path);
      this.known = List.copyOf(known);
    }

    /// The entities that there are.
    public List<String> known() {
      return known;
    }
  }

  /// The answer.
  ///
  /// @throws NoSuchEntity when the run has no entity of that path
  public Explanation explain() {
    WaitFinder[] finder = new WaitFinder[1];
    run.tell((known, threadOfVp) -> {
      entities = known;
      members.addAll(members(known, threadOfVp));
      finder[0] =
          question.atNs().isPresent()
              ? WaitFinder.at(members, question.atNs().getAsLong())
              : WaitFinder.longest(members, question.worst());
      return new Watch(TraceSink.NONE, SpanSink.both(finder[0], this::heard));
    });
    finder[0].finish();
    List<Wait> waits = new ArrayList<>(finder[0].longest());
    finder[0].at().forEach(at -> waits.addAll(at.waits()));
    List<WaitFinder.At> doings =
        finder[0].at().stream().filter(at -> at.waits().isEmpty()).toList();
    ChainRecorder chains = chains(waits, doings);
    return new Explanation(
        question.entity(),
        endNs,
        members.stream().map(this::path).toList(),
        finder[0].count(),
        finder[0].totalNs(),
        unknownNs,
        waits.stream().map(wait -> story(wait, chains)).toList(),
        doings.stream().map(at -> doing(at, chains)).toList());
  }

  private void heard(int entity, long status, long fromNs, long toNs) {
    endNs = Math.max(endNs, toNs);
    unknownNs += SpanSink.isUnknown(status) && members.contains(entity) ? toNs - fromNs : 0;
  }

  /// The entity itself; the tasks of a group and the VPs of the VMs whose vCPU threads it holds;
  /// the VPs of a partition.
  private List<Integer> members(Entities known, Map<Integer, Integer> threadOfVp) {
    int id = known.find(question.entity());
    if (id == Entities.NONE || known.get(id).kind() == EntityKind.RULE) {
      throw new NoSuchEntity(
          question.entity(),
          known.all().stream()
              .filter(entity -> entity.kind() != EntityKind.RULE)
              .map(Entities.Entity::path)
              .toList());
    }
    return switch (known.get(id).kind()) {
      case LP, VP, THREAD, TASK, RULE -> List.of(id);
      case GROUP -> ids(known, entity -> isIn(known, groupOf(known, threadOfVp, entity), id));
      case PARTITION ->
          ids(known, entity -> entity.kind() == EntityKind.VP && entity.parent() == id);
    };
  }

  /// The group that a task's time counts towards, or, for a VP, its vCPU thread's.
  private static int groupOf(
      Entities known, Map<Integer, Integer> threadOfVp, Entities.Entity entity) {
    if (entity.kind() == EntityKind.VP && threadOfVp.containsKey(entity.id())) {
      return known.get(threadOfVp.get(entity.id())).group();
    }
    return entity.kind() == EntityKind.TASK ? entity.group() : Entities.NONE;
  }

  private static List<Integer> ids(Entities known, Predicate<Entities.Entity> which) {
    return known.all().stream().filter(which).map(Entities.Entity::id).toList();
  }

  private static boolean isIn(Entities known, int group, int ancestor) {
    int at = group;
    while (at != Entities.NONE && known.get(at).kind() == EntityKind.GROUP) {
      if (at == ancestor) {
        return true;
      }
      at = known.get(at).parent();
    }
    return false;
  }

  private ChainRecorder chains(List<Wait> waits, List<WaitFinder.At> doings) {
    TreeSet<ChainRecorder.Moment> moments = new TreeSet<>();
    for (Wait wait : waits) {
      moments.add(new ChainRecorder.Moment(wait.entity(), wait.fromNs()));
      shown(wait)
          .forEach(piece -> moments.add(new ChainRecorder.Moment(wait.entity(), piece.fromNs())));
    }
    doings.forEach(at ->
        moments.add(
            new ChainRecorder.Moment(at.entity(), question.atNs().orElse(at.time().fromNs()))));
    ChainRecorder[] recorder = new ChainRecorder[1];
    run.tell((known, threadOfVp) -> {
      recorder[0] = new ChainRecorder(known, threadOfVp, moments);
      return Watch.events(recorder[0]);
    });
    recorder[0].finish();
    return recorder[0];
  }

  /// The longest pieces of a wait, in order of time.
  private static List<Wait.Piece> shown(Wait wait) {
    if (wait.pieces().size() <= STEPS_MOST) {
      return wait.pieces();
    }
    return wait.pieces().stream()
        .sorted(Comparator.comparingLong(Wait.Piece::durationNs).reversed())
        .limit(STEPS_MOST)
        .sorted(Comparator.comparingLong(Wait.Piece::fromNs))
        .toList();
  }

  private Explanation.Story story(Wait wait, ChainRecorder chains) {
    Entities known = known();
    Sentences sentences = new Sentences(known);
    List<Wait.Piece> shown = shown(wait);
    List<Explanation.Step> steps = new ArrayList<>();
    for (Wait.Piece piece : shown) {
      Chain chain = chains.chain(new ChainRecorder.Moment(wait.entity(), piece.fromNs()));
      steps.add(
          new Explanation.Step(
              piece.fromNs(),
              piece.toNs(),
              SpanSink.reason(piece.status()),
              known.path(SpanSink.occupant(piece.status())),
              sentences.wait(piece.status(), chain),
              sentences.chain(chain)));
    }
    long shownNs = shown.stream().mapToLong(Wait.Piece::durationNs).sum();
    return new Explanation.Story(
        path(wait.entity()),
        wait.fromNs(),
        wait.toNs(),
        wait.ended(),
        sentences.beginning(
            chains.beginning(new ChainRecorder.Moment(wait.entity(), wait.fromNs())),
            chains.chain(new ChainRecorder.Moment(wait.entity(), wait.fromNs()))),
        steps,
        wait.pieces().size() - shown.size(),
        wait.durationNs() - shownNs,
        blame(wait, chains));
  }

  private List<Explanation.Blamed> blame(Wait wait, ChainRecorder chains) {
    Map<Long, Long> byStatus = new LinkedHashMap<>();
    wait.pieces().forEach(piece -> byStatus.merge(piece.status(), piece.durationNs(), Long::sum));
    return byStatus.entrySet().stream()
        .sorted(Map.Entry.<Long, Long>comparingByValue().reversed())
        .limit(BLAMED_MOST)
        .map(cell -> {
          long status = cell.getKey();
          return new Explanation.Blamed(
              SpanSink.reason(status),
              path(SpanSink.occupant(status)),
              cell.getValue(),
              knobs.knob(
                  known(),
                  queued(wait, status, chains),
                  SpanSink.reason(status),
                  SpanSink.occupant(status)));
        })
        .toList();
  }

  /// Who of the chain waited in a queue while the wait had this status: the lowest that did.
  private static int queued(Wait wait, long status, ChainRecorder chains) {
    return shown(wait).stream()
        .filter(piece -> piece.status() == status)
        .flatMap(piece ->
            chains.chain(new ChainRecorder.Moment(wait.entity(), piece.fromNs())).links().stream())
        .filter(link -> link.how() == Chain.How.QUEUED)
        .map(Chain.Link::entity)
        .reduce((_, lower) -> lower)
        .orElse(wait.entity());
  }

  private Explanation.Doing doing(WaitFinder.At at, ChainRecorder chains) {
    long atNs = question.atNs().orElse(at.time().fromNs());
    return new Explanation.Doing(
        path(at.entity()),
        state(at.time().status()),
        at.time().fromNs(),
        at.time().toNs(),
        new Sentences(known()).chain(chains.chain(new ChainRecorder.Moment(at.entity(), atNs))));
  }

  private static Explanation.State state(long status) {
    if (SpanSink.isUnknown(status)) {
      return Explanation.State.UNKNOWN;
    }
    return SpanSink.isRun(status) ? Explanation.State.RUNNING : Explanation.State.BLOCKED;
  }

  private String path(int id) {
    return known().path(id);
  }

  private Entities known() {
    Entities known = entities;
    if (known == null) {
      throw new IllegalStateException("the run told nothing");
    }
    return known;
  }
}
