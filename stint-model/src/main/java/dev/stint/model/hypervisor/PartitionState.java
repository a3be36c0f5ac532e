package dev.stint.model.hypervisor;

/// Where a partition is in its life (TLFS, "Virtualization Host").
///
/// ```
///   CREATED ──▶ INITIALIZED ──▶ ACTIVE ──▶ FINALIZED ──▶ deleted
///      │             │                        ▲
///      └─────────────┴────────────────────────┘
/// ```
public enum PartitionState {
  /// It exists; its privileges can be set.
  CREATED,
  /// Its kind is settled; its controls can be set and VPs made.
  INITIALIZED,
  /// A VP was let go: it runs, and its configuration is locked.
  ACTIVE,
  /// Its VPs are gone; it waits to be deleted.
  FINALIZED
}
