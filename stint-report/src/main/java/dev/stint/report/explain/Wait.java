package dev.stint.report.explain;

import java.util.List;

/// One uninterrupted time in which an entity was ready and did not run.
///
/// @param entity its id
/// @param pieces its parts, each of one reason and one occupant, without a gap; not empty
/// @param ended whether it ended before the run did
public record Wait(int entity, List<Piece> pieces, boolean ended) {
  /// Copies the list.
  public Wait {
    pieces = List.copyOf(pieces);
  }

  /// A part of a wait, or any other time of one status.
  ///
  /// @param status as [SpanSink] tells it
  public record Piece(long fromNs, long toNs, long status) {
    /// How long it was.
    public long durationNs() {
      return toNs - fromNs;
    }
  }

  /// When it began.
  public long fromNs() {
    return pieces.getFirst().fromNs();
  }

  /// When the entity ran at last, or went to sleep, or the run ended.
  public long toNs() {
    return pieces.getLast().toNs();
  }

  /// How long it was.
  public long durationNs() {
    return toNs() - fromNs();
  }
}
