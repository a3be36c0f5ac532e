package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.DONE;
import static dev.stint.model.hypervisor.Internals.refuse;

import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.PortCall;
import dev.stint.model.hypervisor.hypercall.PortCall.ConnectPort;
import dev.stint.model.hypervisor.hypercall.PortCall.CreatePort;
import dev.stint.model.hypervisor.hypercall.PortCall.DeletePort;
import dev.stint.model.hypervisor.hypercall.PortCall.DisconnectPort;
import dev.stint.model.hypervisor.hypercall.PortCall.PortInfo;
import dev.stint.model.hypervisor.hypercall.PortCall.PostMessage;
import dev.stint.model.hypervisor.hypercall.PortCall.SignalEvent;
import dev.stint.model.hypervisor.hypercall.Privilege;
import java.util.Optional;
import java.util.function.Function;

/// Answers the hypercalls about ports. Only who may name both ends makes a channel between them, so
/// that nobody can reach, or be reached by, a partition that is not of its family unless the root
/// partition wants it.
final class PortCalls {
  private final Internals internals;
  private final PartitionTable table;

  PortCalls(Internals internals) {
    this.internals = internals;
    this.table = internals.table();
  }

  HypercallResult answer(Partition caller, PortCall call) {
    Privilege needed =
        switch (call) {
          case CreatePort _, DeletePort _ -> Privilege.CREATE_PORT;
          case ConnectPort _, DisconnectPort _ -> Privilege.CONNECT_PORT;
          case PostMessage _ -> Privilege.POST_MESSAGES;
          case SignalEvent _ -> Privilege.SIGNAL_EVENTS;
        };
    if (!caller.privileges().has(needed)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return switch (call) {
      case CreatePort create ->
          onActive(caller, create.partitionId(), p -> create(caller, p, create));
      case DeletePort(long id, int portId) -> onActive(caller, id, p -> delete(p, portId));
      case ConnectPort connect ->
          onActive(caller, connect.partitionId(), p -> connect(caller, p, connect));
      case DisconnectPort(long id, int connectionId) ->
          onActive(caller, id, p -> disconnect(p, connectionId));
      case PostMessage post -> post(caller, post);
      case SignalEvent signal -> signal(caller, signal);
    };
  }

  private HypercallResult onActive(
      Partition caller, long partitionId, Function<Partition, HypercallResult> answer) {
    Optional<Partition> named = table.named(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    return named.get().state() == PartitionState.ACTIVE
        ? answer.apply(named.get())
        : refuse(HypercallStatus.INVALID_PARTITION_STATE);
  }

  private HypercallResult create(Partition caller, Partition receiver, CreatePort call) {
    Optional<Partition> sender = table.named(caller, call.connectionPartitionId());
    if (sender.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    if (receiver.synic.ports.containsKey(call.portId())) {
      return refuse(HypercallStatus.INVALID_PORT_ID);
    }
    int vp = call.info().vpIndex();
    if (receiver.vpCount() == 0 || vp < PortCall.ANY_VP || vp >= receiver.vpCount()) {
      return refuse(HypercallStatus.INVALID_VP_INDEX);
    }
    if (!valid(call.info())) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    if (!receiver.pages.use(MemoryCosts.PORT_PAGES)) {
      return refuse(HypercallStatus.INSUFFICIENT_MEMORY);
    }
    receiver.synic.ports.put(
        call.portId(), new Port(receiver, call.portId(), sender.get().partitionId(), call.info()));
    return DONE;
  }

  private static boolean valid(PortInfo info) {
    if (info.sint() < 0 || info.sint() >= PortCall.SINTS) {
      return false;
    }
    return switch (info) {
      case PortInfo.Messages _ -> true;
      case PortInfo.Events(int _, int _, int base, int count) ->
          base >= 0 && count > 0 && base <= PortCall.EVENT_FLAGS - count;
    };
  }

  private static HypercallResult delete(Partition receiver, int portId) {
    Port port = receiver.synic.ports.remove(portId);
    if (port == null) {
      return refuse(HypercallStatus.INVALID_PORT_ID);
    }
    receiver.synic.close(port);
    receiver.pages.release(MemoryCosts.PORT_PAGES);
    return DONE;
  }

  private HypercallResult connect(Partition caller, Partition sender, ConnectPort call) {
    Optional<Partition> receiver = table.named(caller, call.portPartitionId());
    if (receiver.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    if (receiver.get().state() != PartitionState.ACTIVE) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    Port port = receiver.get().synic.ports.get(call.portId());
    if (port == null || port.connectionPartitionId() != sender.partitionId()) {
      return refuse(HypercallStatus.INVALID_PORT_ID);
    }
    if (sender.synic.connections.containsKey(call.connectionId())) {
      return refuse(HypercallStatus.INVALID_CONNECTION_ID);
    }
    if (!sender.pages.use(MemoryCosts.CONNECTION_PAGES)) {
      return refuse(HypercallStatus.INSUFFICIENT_MEMORY);
    }
    sender.synic.connections.put(call.connectionId(), port);
    return DONE;
  }

  private static HypercallResult disconnect(Partition sender, int connectionId) {
    if (sender.synic.connections.remove(connectionId) == null) {
      return refuse(HypercallStatus.INVALID_CONNECTION_ID);
    }
    sender.pages.release(MemoryCosts.CONNECTION_PAGES);
    return DONE;
  }

  private HypercallResult post(Partition caller, PostMessage call) {
    Port port = caller.synic.connections.get(call.connectionId());
    if (port == null) {
      return refuse(HypercallStatus.INVALID_CONNECTION_ID);
    }
    if (!port.open() || !(port.info() instanceof PortInfo.Messages)) {
      return refuse(HypercallStatus.INVALID_PORT_ID);
    }
    boolean fits = call.payloadBytes() >= 0 && call.payloadBytes() <= PortCall.MAX_PAYLOAD;
    if (call.messageType() <= 0 || !fits) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    Synic receiver = port.owner().synic;
    return receiver.post(port, call.messageType(), call.payloadBytes(), nowNs())
        ? DONE
        : refuse(HypercallStatus.INSUFFICIENT_BUFFERS);
  }

  private HypercallResult signal(Partition caller, SignalEvent call) {
    Port port = caller.synic.connections.get(call.connectionId());
    if (port == null) {
      return refuse(HypercallStatus.INVALID_CONNECTION_ID);
    }
    if (!port.open() || !(port.info() instanceof PortInfo.Events events)) {
      return refuse(HypercallStatus.INVALID_PORT_ID);
    }
    if (call.flag() < 0 || call.flag() >= events.flagCount()) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    port.owner().synic.signal(port, events, call.flag(), nowNs());
    return DONE;
  }

  private long nowNs() {
    return internals.simulation().nowNs();
  }
}
