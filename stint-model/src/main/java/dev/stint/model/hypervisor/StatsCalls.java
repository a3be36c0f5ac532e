package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.refuse;
import static dev.stint.model.hypervisor.Internals.success;

import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Privilege;
import dev.stint.model.hypervisor.hypercall.StatsCall;
import dev.stint.model.hypervisor.hypercall.StatsCall.MapStatsPage2;
import dev.stint.model.hypervisor.hypercall.StatsCall.StatsObject;
import java.util.Optional;

/// Answers the hypercalls that make counters readable: a partition's own and its children's; the
/// machine's and the LPs' only to the root partition.
final class StatsCalls {
  private final Internals internals;

  StatsCalls(Internals internals) {
    this.internals = internals;
  }

  HypercallResult answer(Partition caller, StatsCall call) {
    if (!caller.privileges().has(Privilege.ACCESS_STATS)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return switch (call) {
      case MapStatsPage2 map -> map(caller, map);
    };
  }

  private HypercallResult map(Partition caller, MapStatsPage2 call) {
    Optional<StatsObject> object = StatsObject.of(call.objectType());
    if (object.isEmpty() || call.area() < StatsCall.AREA_SELF) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    if (call.area() > StatsCall.AREA_PARENT) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return switch (object.get()) {
      case HYPERVISOR, LP -> ofMachine(caller, object.get(), call);
      case PARTITION, VP -> ofPartition(caller, object.get(), call);
    };
  }

  private HypercallResult ofMachine(Partition caller, StatsObject object, MapStatsPage2 call) {
    if (!caller.privileges().root()) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    int count = object == StatsObject.LP ? internals.machine().lpCount() : 1;
    if (call.index() < 0 || call.index() >= count) {
      return refuse(HypercallStatus.INVALID_LP_INDEX);
    }
    return success(call.area());
  }

  /* A partition's own PARENT area is another's to read: it gets SELF in its place. */
  private HypercallResult ofPartition(Partition caller, StatsObject object, MapStatsPage2 call) {
    Optional<Partition> named = internals.table().named(caller, call.partitionId());
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = named.get();
    int count = object == StatsObject.VP ? partition.vpCount() : 1;
    if (call.index() < 0 || call.index() >= count) {
      return refuse(HypercallStatus.INVALID_VP_INDEX);
    }
    boolean aliased = partition == caller && !caller.privileges().root();
    return success(aliased ? StatsCall.AREA_SELF : call.area());
  }
}
