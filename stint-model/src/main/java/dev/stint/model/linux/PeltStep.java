package dev.stint.model.linux;

/// What a stretch of time does to any load average that is at the same point of its segment: by how
/// much its sums decay, and what an unbroken load of 1 adds to them (facts: linux.md §4).
///
/// The entities of a CPU and their queues mostly age by the same stretch, so the last step is kept.
final class PeltStep {
  /*
   * With y^32 = 1/2 the sum of a load that was always 1 is S = 1024 * (1 + y + y^2 + ...) = 47742,
   * rounded as the kernel does and at a segment's end.
   *
   * `units` new units that cross p segment borders add three parts: what the broken-off segment
   * lacked, 1024 - contrib units, now p segments old; p - 1 whole segments, the sum of 1024 * y^k
   * for k = 1..p-1, which is S - decay(S, p) - 1024; and what the new segment holds, (contrib +
   * units) mod 1024.
   */

  /// The sum of an unbroken load of 1 (`LOAD_AVG_MAX`).
  static final long SUM_MAX = 47742;

  static final int SEGMENT_SHIFT = 10;
  static final int SEGMENT_UNITS = 1 << SEGMENT_SHIFT;

  /// A half-life is 2^5 segments.
  private static final int HALF_LIFE_SHIFT = 5;

  private static final int HALF_LIFE_MASK = (1 << HALF_LIFE_SHIFT) - 1;

  /// Beyond this many segments nothing is left of any sum.
  private static final long FORGOTTEN_SEGMENTS = 32 * 63;

  /// (2^32 - 1) * 2^(-k/32), rounded down (`runnable_avg_yN_inv`).
  private static final long[] INVERSE = {
    0xffffffffL, 0xfa83b2daL, 0xf5257d14L, 0xefe4b99aL, 0xeac0c6e6L, 0xe5b906e6L, 0xe0ccdeebL,
    0xdbfbb796L, 0xd744fcc9L, 0xd2a81d91L, 0xce248c14L, 0xc9b9bd85L, 0xc5672a10L, 0xc12c4cc9L,
    0xbd08a39eL, 0xb8fbaf46L, 0xb504f333L, 0xb123f581L, 0xad583ee9L, 0xa9a15ab4L, 0xa5fed6a9L,
    0xa2704302L, 0x9ef5325fL, 0x9b8d39b9L, 0x9837f050L, 0x94f4efa8L, 0x91c3d373L, 0x8ea4398aL,
    0x8b95c1e3L, 0x88980e80L, 0x85aac367L, 0x82cd8698L
  };

  private long units = -1;
  private int contrib;
  private boolean segmentEnded;
  private int newContrib;
  private long contribution;
  private int shift;
  private long inverse;

  /// The step over `forUnits` units from a point `fromContrib` units into a segment.
  void take(int fromContrib, long forUnits) {
    if (forUnits == units && fromContrib == contrib) {
      return;
    }
    units = forUnits;
    contrib = fromContrib;
    long end = fromContrib + forUnits;
    long segments = end >> SEGMENT_SHIFT;
    segmentEnded = segments > 0;
    newContrib = (int) end & SEGMENT_UNITS - 1;
    if (!segmentEnded) {
      contribution = forUnits;
      return;
    }
    setDecay(segments);
    long whole = SUM_MAX - decayed(SUM_MAX) - SEGMENT_UNITS;
    contribution = decayed(SEGMENT_UNITS - fromContrib) + whole + newContrib;
  }

  private void setDecay(long segments) {
    if (segments > FORGOTTEN_SEGMENTS) {
      shift = 0;
      inverse = 0;
    } else {
      shift = (int) (segments >> HALF_LIFE_SHIFT);
      inverse = INVERSE[(int) segments & HALF_LIFE_MASK];
    }
  }

  /// Whether a segment border was crossed; if not, nothing decays.
  boolean segmentEnded() {
    return segmentEnded;
  }

  /// Units of the segment begun last that are over.
  int newContrib() {
    return newContrib;
  }

  /// What a load of 1 throughout the step adds to a sum.
  long contribution() {
    return contribution;
  }

  /// What is left of a sum, or of a contribution to one.
  long decayed(long sum) {
    long halved = sum >>> shift;
    if (halved <= Integer.MAX_VALUE) {
      return (halved * inverse) >>> 32;
    }
    return (Math.unsignedMultiplyHigh(halved, inverse) << 32) | ((halved * inverse) >>> 32);
  }

  /// `sum` as it counts after `segments` more segments (`decay_load`).
  static long decay(long sum, long segments) {
    PeltStep step = new PeltStep();
    step.setDecay(segments);
    return step.decayed(sum);
  }
}
