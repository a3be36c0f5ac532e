package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.PortCall.PortInfo;

/// A port of a partition: what it takes, from whom, and how many of its message buffers are in use.
final class Port {
  private final Partition owner;
  private final int portId;
  private final long connectionPartitionId;
  private final PortInfo info;

  /* Messages that wait for their slot. */
  int queued;

  /* Connections to it outlive it. */
  boolean deleted;

  Port(Partition owner, int portId, long connectionPartitionId, PortInfo info) {
    this.owner = owner;
    this.portId = portId;
    this.connectionPartitionId = connectionPartitionId;
    this.info = info;
  }

  /// The receiver.
  Partition owner() {
    return owner;
  }

  /// Its identity among the receiver's ports.
  int portId() {
    return portId;
  }

  /// Who may connect to it.
  long connectionPartitionId() {
    return connectionPartitionId;
  }

  /// What it takes.
  PortInfo info() {
    return info;
  }

  /// Whether what is sent to it arrives anywhere.
  boolean open() {
    return !deleted && owner.state() == PartitionState.ACTIVE;
  }

  @Override
  public String toString() {
    return "port "
        + portId
        + " for "
        + connectionPartitionId
        + " "
        + info
        + " queued "
        + queued
        + (deleted ? " deleted" : "");
  }
}
