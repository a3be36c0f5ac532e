package dev.stint.model.hypervisor.hypercall;

/// What a partition may be allowed to do: the bits of HV_PARTITION_PRIVILEGE_MASK (TLFS) that
/// matter here. A guest reads the mask in CPUID 0x40000003, EAX the low half and EBX the high one.
public enum Privilege {
  /// Reads how long its VPs ran.
  ACCESS_VP_RUN_TIME_REG(0),
  /// Creates partitions, and makes every call that works on children.
  CREATE_PARTITIONS(32),
  /// Asks for its own identity.
  ACCESS_PARTITION_ID(33),
  /// Deposits and withdraws memory.
  ACCESS_MEMORY_POOL(34),
  /// Posts messages.
  POST_MESSAGES(36),
  /// Signals events.
  SIGNAL_EVENTS(37),
  /// Makes and removes ports.
  CREATE_PORT(38),
  /// Makes and removes connections.
  CONNECT_PORT(39),
  /// Maps pages of counters.
  ACCESS_STATS(40),
  /// Manages the machine's CPUs: only the root partition's.
  CPU_MANAGEMENT(44),
  /// Reads registers of its own VPs by hypercall.
  ACCESS_VP_REGISTERS(49),
  /// Is isolated from its host (a confidential guest).
  ISOLATION(54);

  private final int bit;

  Privilege(int bit) {
    this.bit = bit;
  }

  /// Its place in the mask, from 0.
  public int bit() {
    return bit;
  }

  long mask() {
    return 1L << bit;
  }
}
