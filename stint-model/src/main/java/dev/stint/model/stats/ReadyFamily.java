package dev.stint.model.stats;

import java.util.List;

/// Whose readiness a [ReadySets] follows.
///
/// @param leaves the entities that ask for processor time, tasks and VPs, by id
/// @param cpus the VPs that are the family's CPUs and may wait for an LP; empty when what they
///   could have supplied is not asked
/// @param quotas the limits whose usable part is wanted
public record ReadyFamily(List<Integer> leaves, List<Integer> cpus, List<GroupQuota> quotas) {
  /// Copies the lists.
  public ReadyFamily {
    leaves = List.copyOf(leaves);
    cpus = List.copyOf(cpus);
    quotas = List.copyOf(quotas);
  }

  /// A group's `cpu.max`.
  ///
  /// @param name names the group
  /// @param leaves indices, among the family's, of the leaves below it
  /// @param processors how many CPUs it can use at once
  /// @param quotaNs run time per period
  /// @param periodNs length of a period
  /// @param burstNs what may be carried over from one period to the next
  /// @param overrunNs by how much a period may pass its budget, at the cost of the next
  /// @param phaseNs when periods begin, modulo the period
  public record GroupQuota(
      String name,
      List<Integer> leaves,
      int processors,
      long quotaNs,
      long periodNs,
      long burstNs,
      long overrunNs,
      long phaseNs) {
    /// Copies the list.
    public GroupQuota {
      leaves = List.copyOf(leaves);
    }
  }
}
