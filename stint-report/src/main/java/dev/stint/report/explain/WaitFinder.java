package dev.stint.report.explain;

import dev.stint.model.stats.SpanSink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// Finds the waits of some entities that are asked for: the longest, or those at an instant.
final class WaitFinder implements SpanSink {
  /*
   * Keeps one episode per entity: the pieces of a wait, or the one piece of a time in which it ran
   * or slept. Of the longest waits it keeps as many as are asked for, so memory is bounded by the
   * pieces of single waits, of which those beyond PIECES_MAX are merged into their forerunner's
   * length: a wait of that many pieces is a story no one reads piece by piece.
   */
  private static final int PIECES_MAX = 100_000;
  private static final Comparator<Wait> SHORTEST_FIRST =
      Comparator.comparingLong(Wait::durationNs)
          .thenComparing(Comparator.comparingLong(Wait::fromNs).reversed())
          .thenComparing(Comparator.comparingInt(Wait::entity).reversed());

  private final Map<Integer, Episode> episodes = new TreeMap<>();
  private final PriorityQueue<Wait> longest = new PriorityQueue<>(SHORTEST_FIRST);
  private final List<At> at = new ArrayList<>();
  private final int most;
  private final long instantNs;
  private long count;
  private long totalNs;

  private static final class Episode {
    final List<Wait.Piece> pieces = new ArrayList<>();
  }

  /// What an entity did at the instant.
  ///
  /// @param entity its id
  /// @param time the whole time of that status; of a wait, its first piece
  /// @param waits the wait, empty when it ran or slept
  record At(int entity, Wait.Piece time, List<Wait> waits) {}

  private WaitFinder(Collection<Integer> entities, int most, long instantNs) {
    entities.forEach(id -> episodes.put(id, new Episode()));
    this.most = most;
    this.instantNs = instantNs;
  }

  /// Looks for the `most` longest waits.
  static WaitFinder longest(Collection<Integer> entities, int most) {
    return new WaitFinder(entities, most, -1);
  }

  /// Looks for what each did at an instant.
  static WaitFinder at(Collection<Integer> entities, long instantNs) {
    return new WaitFinder(entities, 0, instantNs);
  }

  @Override
  public void span(int entity, long status, long fromNs, long toNs) {
    Episode episode = episodes.get(entity);
    if (episode == null) {
      return;
    }
    if (!episode.pieces.isEmpty() && !sameEpisode(episode.pieces.getLast().status(), status)) {
      end(entity, episode, true);
    }
    append(episode, new Wait.Piece(fromNs, toNs, status));
  }

  private static boolean sameEpisode(long before, long after) {
    return before == after || (SpanSink.isWait(before) && SpanSink.isWait(after));
  }

  private static void append(Episode episode, Wait.Piece piece) {
    List<Wait.Piece> pieces = episode.pieces;
    if (!pieces.isEmpty()) {
      Wait.Piece last = pieces.getLast();
      if (last.status() == piece.status() || pieces.size() == PIECES_MAX) {
        pieces.set(pieces.size() - 1, new Wait.Piece(last.fromNs(), piece.toNs(), last.status()));
        return;
      }
    }
    pieces.add(piece);
  }

  private void end(int entity, Episode episode, boolean ended) {
    Wait.Piece first = episode.pieces.getFirst();
    Wait.Piece whole =
        new Wait.Piece(first.fromNs(), episode.pieces.getLast().toNs(), first.status());
    boolean waited = SpanSink.isWait(first.status());
    if (waited) {
      count++;
      totalNs += whole.durationNs();
    }
    if (whole.fromNs() <= instantNs && (instantNs < whole.toNs() || !ended)) {
      List<Wait> waits = waited ? List.of(new Wait(entity, episode.pieces, ended)) : List.of();
      at.add(new At(entity, whole, waits));
    }
    if (waited && isLong(whole.durationNs())) {
      longest.add(new Wait(entity, episode.pieces, ended));
      if (longest.size() > most) {
        longest.remove();
      }
    }
    episode.pieces.clear();
  }

  private boolean isLong(long durationNs) {
    Wait least = longest.peek();
    return most > 0 && (longest.size() < most || least == null || durationNs >= least.durationNs());
  }

  /// Ends what is still going on; to be called when the run has ended.
  void finish() {
    episodes.forEach((entity, episode) -> {
      if (!episode.pieces.isEmpty()) {
        end(entity, episode, false);
      }
    });
  }

  /// The longest waits, longest first.
  List<Wait> longest() {
    return longest.stream().sorted(SHORTEST_FIRST.reversed()).toList();
  }

  /// What each entity did at the instant.
  List<At> at() {
    return at.stream().sorted(Comparator.comparingInt(At::entity)).toList();
  }

  /// How many waits there were.
  long count() {
    return count;
  }

  /// How long they were together.
  long totalNs() {
    return totalNs;
  }
}
