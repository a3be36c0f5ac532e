package dev.stint.model.hypervisor.hypercall;

/// The property VMM_CAPABILITIES as it lies in memory (Linux `hvhdk_mini.h`,
/// HV_PARTITION_PROPERTY_VMM_CAPABILITIES): a u16 count of banks, three reserved u16, and one bank
/// of 64 bits.
///
/// @param bank the bank
public record VmmCapabilities(long bank) {
  /// What the bits of the bank say.
  public enum Bit {
    /// Mapping pages may keep what is adjustable of them.
    MAP_GPA_PRESERVE_ADJUSTABLE(0),
    /// The VMM may provide the pages that the hypervisor overlays.
    VMM_CAN_PROVIDE_OVERLAY_GPFN(1),
    /// VPs have an affinity property.
    VP_AFFINITY_PROPERTY(2),
    /// The VMM may place the overlays of the interrupt controller (arm64).
    VMM_CAN_PROVIDE_GIC_OVERLAY_LOCATIONS(3),
    /// Synthetic processor features can be assigned.
    ASSIGNABLE_SYNTHETIC_PROC_FEATURES(4),
    /// The integrated-scheduler property exists and must be consulted.
    VMM_ENABLE_INTEGRATED_SCHEDULER(6);

    private final int position;

    Bit(int position) {
      this.position = position;
    }

    /// Its position in the bank, from 0.
    public int position() {
      return position;
    }
  }

  private static final int BANK_COUNT_MASK = 0xFFFF;

  /// Whether the bit is set.
  public boolean has(Bit bit) {
    return (bank >> bit.position & 1) != 0;
  }

  /// The two 64-bit words of the property: the header with a bank count of 1, and the bank.
  public long[] words() {
    return new long[] {1, bank};
  }

  /// Reads the words; without a bank all bits are 0. More banks than one are for later versions.
  public static VmmCapabilities ofWords(long header, long firstBank) {
    return new VmmCapabilities((header & BANK_COUNT_MASK) == 0 ? 0 : firstBank);
  }
}
