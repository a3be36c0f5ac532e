package dev.stint.model.hypervisor.hypercall;

import java.util.StringJoiner;

/// The privileges of a partition, as a mask.
///
/// @param mask HV_PARTITION_PRIVILEGE_MASK; bits that the model does not know are kept and mean
///   nothing
public record Privileges(long mask) {
  /// What every guest has.
  public static final Privileges GUEST =
      of(Privilege.ACCESS_VP_RUN_TIME_REG, Privilege.POST_MESSAGES, Privilege.SIGNAL_EVENTS);

  /// What an L1VH has: a guest's and whatever it needs for children. No public list exists; what
  /// makes it an L1VH for Linux is CREATE_PARTITIONS without CPU_MANAGEMENT and ISOLATION.
  public static final Privileges L1VH =
      GUEST.with(
          Privilege.CREATE_PARTITIONS,
          Privilege.ACCESS_PARTITION_ID,
          Privilege.ACCESS_MEMORY_POOL,
          Privilege.CREATE_PORT,
          Privilege.CONNECT_PORT,
          Privilege.ACCESS_STATS,
          Privilege.ACCESS_VP_REGISTERS);

  /// What the root partition has.
  public static final Privileges ROOT = L1VH.with(Privilege.CPU_MANAGEMENT);

  /// Exactly these.
  public static Privileges of(Privilege... privileges) {
    return new Privileges(0).with(privileges);
  }

  /// These and those.
  public Privileges with(Privilege... more) {
    long result = mask;
    for (Privilege privilege : more) {
      result |= privilege.mask();
    }
    return new Privileges(result);
  }

  /// These without that one.
  public Privileges without(Privilege privilege) {
    return new Privileges(mask & ~privilege.mask());
  }

  /// Whether that one is among them.
  public boolean has(Privilege privilege) {
    return (mask & privilege.mask()) != 0;
  }

  /// Whether all those are among these.
  public boolean contains(Privileges others) {
    return (others.mask & ~mask) == 0;
  }

  /// Whether Linux would take a partition with them for a parent: the root partition or an L1VH
  /// (`drivers/hv/hv_common.c`).
  public boolean parent() {
    return has(Privilege.CREATE_PARTITIONS) && !has(Privilege.ISOLATION);
  }

  /// Whether Linux would take a partition with them for the root partition.
  public boolean root() {
    return parent() && has(Privilege.CPU_MANAGEMENT);
  }

  /// The names of the known ones.
  @Override
  public String toString() {
    StringJoiner names = new StringJoiner("+", "[", "]");
    for (Privilege privilege : Privilege.values()) {
      if (has(privilege)) {
        names.add(privilege.name());
      }
    }
    return names.toString();
  }
}
