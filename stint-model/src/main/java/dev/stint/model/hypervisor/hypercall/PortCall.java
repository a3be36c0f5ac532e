package dev.stint.model.hypervisor.hypercall;

/// Hypercalls by which one partition notifies another: through a port of the receiver and a
/// connection of the sender, which somebody who owns both has made beforehand (TLFS,
/// "Inter-partition communication").
public sealed interface PortCall extends HypercallRequest {
  /// A port that takes a message for any VP: HV_ANY_VP.
  int ANY_VP = -1;

  /// The message buffers of a port.
  int MESSAGE_BUFFERS = 16;

  /// The most bytes in a message.
  int MAX_PAYLOAD = 240;

  /// The synthetic interrupt sources of a VP.
  int SINTS = 16;

  /// The event flags of a synthetic interrupt source.
  int EVENT_FLAGS = 2048;

  /// What a port takes, and where it delivers it.
  sealed interface PortInfo {
    /// Which synthetic interrupt source of the VP, 0 to 15.
    int sint();

    /// Which VP, or [#ANY_VP].
    int vpIndex();

    /// Messages.
    ///
    /// @param sint 0 to 15
    /// @param vpIndex which VP, or [#ANY_VP]
    record Messages(int sint, int vpIndex) implements PortInfo {}

    /// Events.
    ///
    /// @param sint 0 to 15
    /// @param vpIndex which VP, or [#ANY_VP]
    /// @param baseFlag the port's flag 0 among the source's 2,048
    /// @param flagCount how many flags the port has, 1 or more
    record Events(int sint, int vpIndex, int baseFlag, int flagCount) implements PortInfo {}
  }

  /// Makes a port.
  ///
  /// @param partitionId the receiver: a child, or [Property#SELF]
  /// @param portId its identity among the receiver's ports, not in use
  /// @param connectionPartitionId who may connect to it: a child, or [Property#SELF]
  /// @param info what it takes
  record CreatePort(long partitionId, int portId, long connectionPartitionId, PortInfo info)
      implements PortCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.CREATE_PORT;
    }
  }

  /// Removes a port with its undelivered messages; its connections stay, and are of no use.
  ///
  /// @param partitionId the receiver: a child, or [Property#SELF]
  /// @param portId which of its ports
  record DeletePort(long partitionId, int portId) implements PortCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DELETE_PORT;
    }
  }

  /// Connects a partition to a port that was made for it.
  ///
  /// @param partitionId the sender: a child, or [Property#SELF]
  /// @param connectionId its identity among the sender's connections, not in use
  /// @param portPartitionId the receiver: a child, or [Property#SELF]
  /// @param portId which of the receiver's ports
  record ConnectPort(long partitionId, int connectionId, long portPartitionId, int portId)
      implements PortCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.CONNECT_PORT;
    }
  }

  /// Removes a connection; messages that are under way are delivered.
  ///
  /// @param partitionId the sender: a child, or [Property#SELF]
  /// @param connectionId which of its connections
  record DisconnectPort(long partitionId, int connectionId) implements PortCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DISCONNECT_PORT;
    }
  }

  /// Posts a message.
  ///
  /// @param connectionId one of the caller's connections
  /// @param messageType not 0, and not with the most significant bit: those are the hypervisor's
  /// @param payloadBytes 0 to 240
  record PostMessage(int connectionId, int messageType, int payloadBytes) implements PortCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.POST_MESSAGE;
    }
  }

  /// Sets an event flag.
  ///
  /// @param connectionId one of the caller's connections
  /// @param flag which of the port's flags, from 0
  record SignalEvent(int connectionId, int flag) implements PortCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.SIGNAL_EVENT;
    }
  }
}
