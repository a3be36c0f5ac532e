package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.DONE;
import static dev.stint.model.hypervisor.Internals.refuse;
import static dev.stint.model.hypervisor.Internals.success;

import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Privilege;
import dev.stint.model.hypervisor.hypercall.Privileges;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetSystemProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionPropertyEx;
import java.util.Optional;

/// Answers the hypercalls that read and write properties.
///
/// An L1VH reads properties of itself and its children and sets those of its children; what is set
/// for an L1VH, and every reserve, is the root partition's to set.
final class PropertyCalls {
  private final Internals internals;
  private final PartitionTable table;

  PropertyCalls(Internals internals) {
    this.internals = internals;
    this.table = internals.table();
  }

  HypercallResult answer(Partition caller, PropertyCall call) {
    return switch (call) {
      case GetSystemProperty(int property) -> systemProperty(caller, property);
      case GetPartitionProperty(long id, int property) ->
          property == Property.VMM_CAPABILITIES
              ? refuse(HypercallStatus.UNKNOWN_PROPERTY)
              : get(caller, id, property);
      case GetPartitionPropertyEx(long id, int property) -> get(caller, id, property);
      case SetPartitionProperty(long id, int property, long value) ->
          property == Property.VMM_CAPABILITIES
              ? refuse(HypercallStatus.UNKNOWN_PROPERTY)
              : set(caller, id, property, value);
      case SetPartitionPropertyEx(long id, int property, long value) ->
          set(caller, id, property, value);
    };
  }

  private HypercallResult systemProperty(Partition caller, int property) {
    if (!caller.privileges().root()) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return property == Property.SCHEDULER_TYPE
        ? success(internals.type().value())
        : refuse(HypercallStatus.UNKNOWN_PROPERTY);
  }

  private HypercallResult get(Partition caller, long partitionId, int property) {
    if (!caller.privileges().parent()) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    Optional<Partition> named = table.named(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = named.get();
    Controls controls = partition.controls();
    return switch (property) {
      case Property.PRIVILEGE_FLAGS -> success(partition.privileges().mask());
      case Property.CPU_RESERVE -> success(controls.reserve());
      case Property.CPU_CAP -> success(controls.cap());
      case Property.CPU_WEIGHT -> success(controls.weight());
      case Property.CPU_GROUP_ID -> success(partition.cpuGroup().map(CpuGroup::groupId).orElse(0L));
      case Property.VMM_CAPABILITIES -> success(partition.vmmCapabilities());
      case Property.INTEGRATED_SCHEDULER_ENABLED ->
          partition.hasIntegratedProperty()
              ? success(partition.integratedSchedulerProperty() ? 1 : 0)
              : refuse(HypercallStatus.UNKNOWN_PROPERTY);
      default -> refuse(HypercallStatus.UNKNOWN_PROPERTY);
    };
  }

  private HypercallResult set(Partition caller, long partitionId, int property, long value) {
    if (!caller.privileges().has(Privilege.CREATE_PARTITIONS)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    boolean rootsOwn =
        property == Property.INTEGRATED_SCHEDULER_ENABLED || property == Property.CPU_RESERVE;
    if (rootsOwn && caller != table.root()) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    Optional<Partition> child = table.child(caller, partitionId);
    if (child.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = child.get();
    return switch (property) {
      case Property.PRIVILEGE_FLAGS -> setPrivileges(caller, partition, new Privileges(value));
      case Property.VMM_CAPABILITIES -> setCapabilities(partition, value);
      case Property.INTEGRATED_SCHEDULER_ENABLED -> setIntegrated(partition, value != 0);
      case Property.CPU_RESERVE, Property.CPU_CAP, Property.CPU_WEIGHT ->
          setControl(partition, property, value);
      case Property.CPU_GROUP_ID -> setGroup(caller, partition, value);
      default -> refuse(HypercallStatus.UNKNOWN_PROPERTY);
    };
  }

  /* Nobody gives what it has not; only the root partition makes others that create partitions. */
  private HypercallResult setPrivileges(Partition caller, Partition partition, Privileges value) {
    if (partition.state() != PartitionState.CREATED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    boolean excessive =
        !caller.privileges().contains(value)
            || value.has(Privilege.CPU_MANAGEMENT)
            || (value.has(Privilege.CREATE_PARTITIONS) && caller != table.root());
    if (excessive) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    partition.become(value);
    return DONE;
  }

  private static HypercallResult setCapabilities(Partition partition, long value) {
    if (partition.state() != PartitionState.CREATED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    partition.configure(partition.request().withVmm(value, false));
    return DONE;
  }

  /*
   * The root partition switches the integrated scheduler of an L1VH that has no children yet: how a
   * driver that already chose would follow a later change is not public (facts: U-INT-4). VPs that
   * were pinned for it when they started stay so.
   */
  private HypercallResult setIntegrated(Partition partition, boolean enabled) {
    if (!partition.hasIntegratedProperty()) {
      return refuse(HypercallStatus.UNKNOWN_PROPERTY);
    }
    boolean pinned = partition.state() == PartitionState.ACTIVE && internals.config().l1vhPinned();
    if (partition.hasChildren() || pinned || partition.state() == PartitionState.FINALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    partition.configure(partition.request().withVmm(partition.vmmCapabilities(), enabled));
    return DONE;
  }

  private HypercallResult setControl(Partition partition, int property, long value) {
    if (partition.state() != PartitionState.INITIALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    Controls now = partition.controls();
    boolean legal =
        switch (property) {
          case Property.CPU_RESERVE -> value >= 0 && value <= now.cap();
          case Property.CPU_CAP -> value >= Math.max(1, now.reserve()) && value <= Controls.ONE_LP;
          default -> value >= 1 && value <= Controls.MAX_WEIGHT;
        };
    if (!legal) {
      return refuse(HypercallStatus.PROPERTY_VALUE_OUT_OF_RANGE);
    }
    int raw = (int) value;
    Controls next =
        switch (property) {
          case Property.CPU_RESERVE -> new Controls(now.weight(), now.cap(), raw);
          case Property.CPU_CAP -> new Controls(now.weight(), raw, now.reserve());
          default -> new Controls(raw, now.cap(), now.reserve());
        };
    partition.configure(partition.request().withControls(next));
    return DONE;
  }

  private static HypercallResult setGroup(Partition caller, Partition partition, long groupId) {
    if (partition.state() != PartitionState.INITIALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    Optional<CpuGroup> next = Optional.ofNullable(caller.groups.get(groupId));
    if (groupId != 0 && next.isEmpty()) {
      return refuse(HypercallStatus.INVALID_CPU_GROUP_ID);
    }
    partition.cpuGroup().ifPresent(CpuGroup::leave);
    next.ifPresent(CpuGroup::join);
    partition.group = next.orElse(null);
    partition.confine(next.map(CpuGroup::lps).orElse(caller.lps()));
    return DONE;
  }
}
