package dev.stint.model.hypervisor.hypercall;

import java.util.Optional;

/// Hypercalls that make counters readable.
public sealed interface StatsCall extends HypercallRequest {
  /// What has counters (Linux `hvhdk.h`, HV_STATS_OBJECT_TYPE).
  enum StatsObject {
    /// The machine.
    HYPERVISOR(0x1),
    /// An LP.
    LP(0x2),
    /// A partition.
    PARTITION(0x10001),
    /// A VP.
    VP(0x10002);

    private final int number;

    StatsObject(int number) {
      this.number = number;
    }

    /// The number in the interface.
    public int number() {
      return number;
    }

    /// The object type with this number, if there is one.
    public static Optional<StatsObject> of(int number) {
      for (StatsObject object : values()) {
        if (object.number == number) {
          return Optional.of(object);
        }
      }
      return Optional.empty();
    }
  }

  /// Area of counters that the partition itself may see.
  int AREA_SELF = 0;

  /// Area of counters for the parent of the object.
  int AREA_PARENT = 1;

  /// Area of counters for the hypervisor.
  int AREA_INTERNAL = 2;

  /// Maps a page of counters; returns the area that was mapped.
  ///
  /// @param objectType a number of [StatsObject]
  /// @param partitionId whose; [Property#SELF] for the caller's
  /// @param index the LP or the VP; 0 for the others
  /// @param area [#AREA_SELF] or [#AREA_PARENT]
  record MapStatsPage2(int objectType, long partitionId, int index, int area) implements StatsCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.MAP_STATS_PAGE2;
    }
  }
}
