package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Failure;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.MemoryCall.DepositMemory;
import dev.stint.model.hypervisor.hypercall.PartitionCall.FinalizePartition;
import dev.stint.model.hypervisor.hypercall.PortCall;
import dev.stint.model.hypervisor.hypercall.PortCall.ConnectPort;
import dev.stint.model.hypervisor.hypercall.PortCall.CreatePort;
import dev.stint.model.hypervisor.hypercall.PortCall.DeletePort;
import dev.stint.model.hypervisor.hypercall.PortCall.DisconnectPort;
import dev.stint.model.hypervisor.hypercall.PortCall.PortInfo.Events;
import dev.stint.model.hypervisor.hypercall.PortCall.PortInfo.Messages;
import dev.stint.model.hypervisor.hypercall.PortCall.PostMessage;
import dev.stint.model.hypervisor.hypercall.PortCall.SignalEvent;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.machine.Machine;
import dev.stint.model.time.Time;
import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Ports and connections: who makes them, what passes, and what a refusal leaves.
class PortCallTest {
  private static final int PORT = 7;
  private static final int CONNECTION = 3;
  private static final int SINT = 2;

  private final Rig rig =
      new Rig(Machine.flat(4, 1), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
  private final Partition l1vh = rig.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2));
  private final Partition other = rig.partition(PartitionRequest.of("other", Kind.L1VH, 1));
  private final Partition vm = rig.child(l1vh, Rig.guest("l1vh/vm", 2));
  private final Partition guest = rig.partition(Rig.guest("guest", 1));

  @BeforeEach
  void pages() {
    done(l1vh, new DepositMemory(Property.SELF, 4));
    done(l1vh, new DepositMemory(vm.partitionId(), 4));
  }

  private void refused(Partition caller, HypercallRequest request, HypercallStatus status) {
    String before = rig.hypervisor.describe() + rig.hypervisor;
    assertThat(rig.hypervisor.hypercall(caller.partitionId(), request))
        .as("%s by %s", request, caller)
        .isEqualTo(new Failure(status));
    assertThat(rig.hypervisor.describe() + rig.hypervisor).isEqualTo(before);
  }

  private void done(Partition caller, HypercallRequest request) {
    assertThat(rig.hypervisor.hypercall(caller.partitionId(), request))
        .as("%s by %s", request, caller)
        .isEqualTo(new HypercallResult.Success(0));
  }

  /* The child posts to its parent, as a device driver does to its VMM. */
  private void messagesToParent() {
    done(l1vh, new CreatePort(Property.SELF, PORT, vm.partitionId(), new Messages(SINT, 1)));
    done(l1vh, new ConnectPort(vm.partitionId(), CONNECTION, Property.SELF, PORT));
  }

  /* The parent signals its child. */
  private void eventsToChild() {
    long child = vm.partitionId();
    done(l1vh, new CreatePort(child, PORT, Property.SELF, new Events(SINT, 0, 100, 8)));
    done(l1vh, new ConnectPort(Property.SELF, CONNECTION, child, PORT));
  }

  @Test
  void message_isOneInTheSlotAndSixteenInBuffers_inTheOrderOfPosting() {
    messagesToParent();
    for (int type = 1; type <= 1 + PortCall.MESSAGE_BUFFERS; type++) {
      done(vm, new PostMessage(CONNECTION, type, 240));
    }
    refused(vm, new PostMessage(CONNECTION, 18, 240), HypercallStatus.INSUFFICIENT_BUFFERS);
    VirtualProcessor vp = l1vh.vp(1);
    assertThat(rig.hypervisor.endOfMessage(vp, SINT)).hasValue(1);
    done(vm, new PostMessage(CONNECTION, 18, 0));
    for (int type = 2; type <= 18; type++) {
      assertThat(rig.hypervisor.endOfMessage(vp, SINT)).hasValue(type);
    }
    assertThat(rig.hypervisor.endOfMessage(vp, SINT)).isEmpty();
  }

  @Test
  void message_wakesAHaltedVpOfTheReceiver() {
    messagesToParent();
    assertThat(l1vh.vp(1).state()).isEqualTo(VirtualProcessor.State.BLOCKED);
    done(vm, new PostMessage(CONNECTION, 1, 16));
    rig.run(Time.MS);
    assertThat(l1vh.vp(1).state()).isEqualTo(VirtualProcessor.State.RUNNING);
    assertThat(l1vh.vp(0).state()).isEqualTo(VirtualProcessor.State.BLOCKED);
  }

  @Test
  void event_setsAFlagRelativeToThePorts_andNeverRunsOutOfAnything() {
    eventsToChild();
    for (int i = 0; i < 100; i++) {
      done(l1vh, new SignalEvent(CONNECTION, i % 8));
    }
    refused(l1vh, new SignalEvent(CONNECTION, 8), HypercallStatus.INVALID_PARAMETER);
    refused(l1vh, new SignalEvent(CONNECTION, -1), HypercallStatus.INVALID_PARAMETER);
    BitSet expected = new BitSet();
    expected.set(100, 108);
    assertThat(rig.hypervisor.takeEvents(vm.vp(0), SINT)).isEqualTo(expected);
    assertThat(rig.hypervisor.takeEvents(vm.vp(0), SINT)).isEqualTo(new BitSet());
    rig.run(Time.MS);
    assertThat(vm.vp(0).state()).isEqualTo(VirtualProcessor.State.RUNNING);
  }

  @Test
  void port_isOfOneKind() {
    messagesToParent();
    eventsToChild();
    refused(vm, new SignalEvent(CONNECTION, 0), HypercallStatus.INVALID_PORT_ID);
    refused(l1vh, new PostMessage(CONNECTION, 1, 0), HypercallStatus.INVALID_PORT_ID);
    refused(vm, new PostMessage(CONNECTION, 0, 0), HypercallStatus.INVALID_PARAMETER);
    refused(vm, new PostMessage(CONNECTION, 1 << 31, 0), HypercallStatus.INVALID_PARAMETER);
    refused(vm, new PostMessage(CONNECTION, 1, 241), HypercallStatus.INVALID_PARAMETER);
    refused(vm, new PostMessage(CONNECTION + 1, 1, 0), HypercallStatus.INVALID_CONNECTION_ID);
  }

  @Test
  void deletedPort_losesItsMessagesAndMakesItsConnectionsUseless() {
    messagesToParent();
    done(vm, new PostMessage(CONNECTION, 1, 0));
    done(vm, new PostMessage(CONNECTION, 2, 0));
    done(l1vh, new DeletePort(Property.SELF, PORT));
    refused(vm, new PostMessage(CONNECTION, 3, 0), HypercallStatus.INVALID_PORT_ID);
    // The first had left its buffer for the slot already.
    assertThat(rig.hypervisor.endOfMessage(l1vh.vp(1), SINT)).hasValue(1);
    assertThat(rig.hypervisor.endOfMessage(l1vh.vp(1), SINT)).isEmpty();
    // A new port with the same identity is not what the connection was made for.
    done(l1vh, new CreatePort(Property.SELF, PORT, vm.partitionId(), new Messages(SINT, 1)));
    refused(vm, new PostMessage(CONNECTION, 3, 0), HypercallStatus.INVALID_PORT_ID);
    done(l1vh, new DisconnectPort(vm.partitionId(), CONNECTION));
    refused(vm, new PostMessage(CONNECTION, 3, 0), HypercallStatus.INVALID_CONNECTION_ID);
  }

  @Test
  void disconnecting_leavesMessagesThatAreUnderWay() {
    messagesToParent();
    done(vm, new PostMessage(CONNECTION, 1, 0));
    done(vm, new PostMessage(CONNECTION, 2, 0));
    done(l1vh, new DisconnectPort(vm.partitionId(), CONNECTION));
    assertThat(rig.hypervisor.endOfMessage(l1vh.vp(1), SINT)).hasValue(1);
    assertThat(rig.hypervisor.endOfMessage(l1vh.vp(1), SINT)).hasValue(2);
  }

  @Test
  void finalizedReceiver_takesNothing() {
    eventsToChild();
    done(l1vh, new FinalizePartition(vm.partitionId()));
    refused(l1vh, new SignalEvent(CONNECTION, 0), HypercallStatus.INVALID_PORT_ID);
    HypercallStatus state = HypercallStatus.INVALID_PARTITION_STATE;
    refused(l1vh, new DeletePort(vm.partitionId(), PORT), state);
    refused(l1vh, new DisconnectPort(vm.partitionId(), CONNECTION), state);
  }

  @Test
  void port_isChecked() {
    long child = vm.partitionId();
    messagesToParent();
    Messages info = new Messages(SINT, 0);
    refused(
        l1vh, new CreatePort(Property.SELF, PORT, child, info), HypercallStatus.INVALID_PORT_ID);
    refused(
        l1vh,
        new CreatePort(Property.SELF, 1, child, new Messages(SINT, 2)),
        HypercallStatus.INVALID_VP_INDEX);
    for (PortCall.PortInfo wrong :
        new PortCall.PortInfo[] {
          new Messages(16, 0), new Events(0, 0, 0, 0), new Events(0, 0, 2047, 2)
        }) {
      refused(
          l1vh, new CreatePort(Property.SELF, 1, child, wrong), HypercallStatus.INVALID_PARAMETER);
    }
    refused(
        l1vh,
        new ConnectPort(child, CONNECTION, Property.SELF, PORT),
        HypercallStatus.INVALID_CONNECTION_ID);
    for (int port = 20; port < 23; port++) {
      done(l1vh, new CreatePort(child, port, Property.SELF, info));
    }
    refused(
        l1vh, new CreatePort(child, 23, Property.SELF, info), HypercallStatus.INSUFFICIENT_MEMORY);
  }

  @Test
  void port_isForTheOneThatItWasMadeFor() {
    long child = vm.partitionId();
    done(l1vh, new CreatePort(Property.SELF, PORT, child, new Messages(SINT, 0)));
    HypercallStatus noPort = HypercallStatus.INVALID_PORT_ID;
    refused(l1vh, new ConnectPort(Property.SELF, CONNECTION, Property.SELF, PORT), noPort);
    refused(l1vh, new ConnectPort(child, CONNECTION, Property.SELF, PORT + 1), noPort);
    done(l1vh, new ConnectPort(child, CONNECTION, Property.SELF, PORT));
  }

  @Test
  void strangers_areNeverReached() {
    messagesToParent();
    Messages info = new Messages(SINT, 0);
    HypercallStatus absent = HypercallStatus.INVALID_PARTITION_ID;
    for (long stranger :
        new long[] {l1vh.partitionId(), vm.partitionId(), guest.partitionId(), 99, 0, 1}) {
      refused(other, new CreatePort(stranger, 1, Property.SELF, info), absent);
      refused(other, new CreatePort(Property.SELF, 1, stranger, info), absent);
      refused(other, new DeletePort(stranger, PORT), absent);
      refused(other, new ConnectPort(Property.SELF, 1, stranger, PORT), absent);
      refused(other, new ConnectPort(stranger, 1, Property.SELF, PORT), absent);
      refused(other, new DisconnectPort(stranger, CONNECTION), absent);
    }
    refused(other, new PostMessage(CONNECTION, 1, 0), HypercallStatus.INVALID_CONNECTION_ID);
  }

  @Test
  void guest_mayUseConnectionsButMakeNone() {
    messagesToParent();
    HypercallStatus denied = HypercallStatus.ACCESS_DENIED;
    refused(vm, new CreatePort(Property.SELF, 1, Property.SELF, new Messages(SINT, 0)), denied);
    refused(vm, new DeletePort(Property.SELF, 1), denied);
    refused(vm, new ConnectPort(Property.SELF, 1, Property.SELF, 1), denied);
    refused(vm, new DisconnectPort(Property.SELF, CONNECTION), denied);
    done(vm, new PostMessage(CONNECTION, 1, 0));
  }
}
