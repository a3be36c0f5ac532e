package dev.stint.host.observe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a host did over an interval.
///
/// @param wallNs its length
/// @param entities CPUs, VMs, their vCPU threads, cgroups, and other threads, in this order
/// @param owners the accounts of what sentences speak of: VMs, cgroups, processes of the root
///   cgroup; no thread is in two of them
/// @param behind for each of them, whom it waited behind, inferred from who ran on the same CPUs
/// @param confined of those that wait for CPUs, who may not run on all
/// @param stealUnseen why nothing is known of what hypervisors took; absent if it is told
/// @param notes what cannot be seen, and what would help
public record View(
    long wallNs,
    List<ViewEntity> entities,
    Map<Owner, Account> owners,
    Map<Owner, Map<Owner, Long>> behind,
    Map<Owner, Confinement> confined,
    Optional<String> stealUnseen,
    List<String> notes) {
  /// The entities of a kind.
  public List<ViewEntity> of(ViewEntity.Kind kind) {
    return entities.stream().filter(entity -> entity.kind() == kind).toList();
  }

  /// All CPUs together.
  public Account cpus() {
    return of(ViewEntity.Kind.LP).stream()
        .map(ViewEntity::account)
        .reduce(Account.NONE, Account::plus);
  }
}
