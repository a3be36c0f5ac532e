package dev.stint.model.hypervisor.hypercall;

import java.util.Locale;
import java.util.OptionalInt;

/// The hypercalls that the model answers, with their call codes (TLFS; Linux `hvgdk_mini.h`).
public enum HypercallCode {
  /// A guest spins for a lock that another VP seems to hold.
  NOTIFY_LONG_SPIN_WAIT(0x0008),
  /// Makes a child partition.
  CREATE_PARTITION(0x0040),
  /// Settles what kind of partition it is; VPs can be made from now.
  INITIALIZE_PARTITION(0x0041),
  /// Ends a partition: its VPs are gone.
  FINALIZE_PARTITION(0x0042),
  /// Forgets a finalized partition.
  DELETE_PARTITION(0x0043),
  /// Reads a property of at most 64 bits.
  GET_PARTITION_PROPERTY(0x0044),
  /// Writes a property of at most 64 bits.
  SET_PARTITION_PROPERTY(0x0045),
  /// Tells the caller its own identity.
  GET_PARTITION_ID(0x0046),
  /// Enumerates the caller's children.
  GET_NEXT_CHILD_PARTITION(0x0047),
  /// Gives pages of the caller to the pool of a partition.
  DEPOSIT_MEMORY(0x0048),
  /// Takes free pages of the pool of a partition back.
  WITHDRAW_MEMORY(0x0049),
  /// Reads how many pages the pool of a partition has free.
  GET_MEMORY_BALANCE(0x004A),
  /// Gives pages of the caller to a child as its memory.
  MAP_GPA_PAGES(0x004B),
  /// Takes a child's memory back.
  UNMAP_GPA_PAGES(0x004C),
  /// Makes a VP.
  CREATE_VP(0x004E),
  /// Removes a VP.
  DELETE_VP(0x004F),
  /// Reads a register of a VP.
  GET_VP_REGISTERS(0x0050),
  /// Writes a register of a VP.
  SET_VP_REGISTERS(0x0051),
  /// Removes a port.
  DELETE_PORT(0x0058),
  /// Removes a connection.
  DISCONNECT_PORT(0x005B),
  /// Sends a message through a connection.
  POST_MESSAGE(0x005C),
  /// Sets an event flag through a connection.
  SIGNAL_EVENT(0x005D),
  /// Reads a property of the whole machine.
  GET_SYSTEM_PROPERTY(0x007B),
  /// Interrupts a VP of a child.
  ASSERT_VIRTUAL_INTERRUPT(0x0094),
  /// Makes a port.
  CREATE_PORT(0x0095),
  /// Connects a partition to a port.
  CONNECT_PORT(0x0096),
  /// Runs a VP of a child on the LP of the calling VP.
  DISPATCH_VP(0x00C2),
  /// Reads a property of any size.
  GET_PARTITION_PROPERTY_EX(0x0101),
  /// Writes a property of any size.
  SET_PARTITION_PROPERTY_EX(0x010A),
  /// Makes a page of counters readable.
  MAP_STATS_PAGE2(0x0131),
  /// Makes a CPU group; its number is not public.
  CREATE_CPU_GROUP(-1),
  /// Changes the cap of a CPU group; its number is not public.
  SET_CPU_GROUP_CAP(-1),
  /// Removes an empty CPU group; its number is not public.
  DELETE_CPU_GROUP(-1);

  private final int number;

  HypercallCode(int number) {
    this.number = number;
  }

  /// The call code; empty where it is not public.
  public OptionalInt number() {
    return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /// The name that Linux uses, such as `HVCALL_CREATE_PARTITION`, and the code, such as `0x0040`.
  @Override
  public String toString() {
    return "HVCALL_" + name() + (number < 0 ? "" : String.format(Locale.ROOT, " 0x%04x", number));
  }
}
