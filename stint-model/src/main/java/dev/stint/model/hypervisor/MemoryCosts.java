package dev.stint.model.hypervisor;

/// How many pages the hypervisor needs for what. Not public: these are what Linux deposits before
/// it asks ("determined empirically", `mshv_root_hv_call.c` and `hv_proc.c`), taken for what is
/// used.
final class MemoryCosts {
  /// For the existence of a partition, from its creator's pool.
  static final long CREATE_PAGES = 1;

  /// To initialize a partition, from its own pool.
  static final long INITIALIZE_PAGES = 208;

  /// For a VP, from its partition's pool. The root partition's VPs need none.
  static final long VP_PAGES = 90;

  /// For a port, from the receiver's pool: 16 message buffers of 256 bytes.
  static final long PORT_PAGES = 1;

  /// For a connection, from the sender's pool.
  static final long CONNECTION_PAGES = 1;

  /// What the whole machine has: 1 TiB in pages of 4 KiB. Assumed; nothing depends on it but that
  /// it is enough.
  static final long MACHINE_PAGES = 1L << 28;

  /// What the machine's owner gives an L1VH as its memory: 4 GiB. Assumed.
  static final long L1VH_PAGES = 1L << 20;

  private MemoryCosts() {}
}
