package dev.stint.model.linux.cpuset;

import static dev.stint.model.linux.cpuset.CpusetTree.intersects;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides after a change which partitions are valid and who gets which CPUs.
final class PartitionValidator {
  /*
   * First the remote partitions: they are granted from the root's CPUs whatever lies between, and
   * one that fails is lost until it is asked for again. Then top down, from every valid partition:
   * which of its children are valid by themselves, then, in the order in which they were asked for,
   * whether the parent can spare their CPUs. What is left is the parent's own, and what members
   * divide. The whole tree is looked at: writes to cpusets are rare, and trees small.
   */
  private final Cpuset root;
  private final CpuSet bootIsolated;
  private CpuSet online = CpuSet.EMPTY;

  PartitionValidator(Cpuset root, CpuSet bootIsolated) {
    this.root = root;
    this.bootIsolated = bootIsolated;
  }

  CpuSet bootIsolated() {
    return bootIsolated;
  }

  void revalidate(CpuSet onlineCpus) {
    online = onlineCpus;
    List<Cpuset> remotes = new ArrayList<>();
    for (Cpuset child : root.children) {
      clear(child, remotes);
    }
    remotes.sort(Comparator.comparingLong(cpuset -> cpuset.sequence));
    CpuSet taken = CpuSet.EMPTY;
    for (Cpuset remote : remotes) {
      CpuSet grant = remote.claimed().and(chain(remote.parent));
      InvalidReason problem = remoteProblem(remote, grant, taken);
      if (problem == null) {
        remote.valid = true;
        remote.exclusiveEffective = grant;
        taken = taken.or(grant);
      } else {
        remote.remote = false;
        remote.reason = problem;
      }
    }
    distribute(root, online.minus(taken));
  }

  private static void clear(Cpuset cpuset, List<Cpuset> remotes) {
    cpuset.valid = false;
    cpuset.reason = null;
    if (cpuset.remote) {
      remotes.add(cpuset);
    }
    for (Cpuset child : cpuset.children) {
      clear(child, remotes);
    }
  }

  /// What the `cpuset.cpus.exclusive` of a group and of all above let through.
  private CpuSet chain(@Nullable Cpuset cpuset) {
    if (cpuset == null || cpuset.parent == null) {
      return root.exclusiveEffective;
    }
    return cpuset.exclusive.and(chain(cpuset.parent));
  }

  private @Nullable InvalidReason remoteProblem(Cpuset remote, CpuSet grant, CpuSet taken) {
    InvalidReason own = ownProblem(remote, grant);
    if (own != null) {
      return own;
    }
    if (intersects(grant, taken)) {
      return InvalidReason.NO_EXCLUSIVE_CPUS;
    }
    return grant.containsAll(online.minus(taken)) ? InvalidReason.PARENT_NEEDS_CPUS : null;
  }

  /// What makes a partition invalid whatever its parent can spare.
  private @Nullable InvalidReason ownProblem(Cpuset cpuset, CpuSet grant) {
    InvalidReason claim = claimProblem(cpuset);
    if (claim != null) {
      return claim;
    }
    if (grant.isEmpty()) {
      return InvalidReason.NO_EXCLUSIVE_CPUS;
    }
    if (cpuset.requested == PartitionType.ROOT && intersects(grant, bootIsolated)) {
      return InvalidReason.BOOT_ISOLATED;
    }
    if (!intersects(grant, online) && cpuset.populated()) {
      return InvalidReason.NO_ONLINE_CPU;
    }
    return null;
  }

  private static @Nullable InvalidReason claimProblem(Cpuset cpuset) {
    CpuSet claimed = cpuset.claimed();
    if (claimed.isEmpty()) {
      return InvalidReason.NO_CPUS;
    }
    Cpuset parent = cpuset.parent;
    if (parent != null) {
      for (Cpuset sibling : parent.children) {
        if (sibling != cpuset && intersects(claimed, sibling.claimed())) {
          return InvalidReason.NOT_EXCLUSIVE;
        }
      }
    }
    return null;
  }

  /// A valid partition shares out the CPUs it has online.
  private void distribute(Cpuset partition, CpuSet pool) {
    List<Cpuset> candidates = new ArrayList<>();
    boolean populated = partition == root || partition.taskCount > 0;
    for (Cpuset child : partition.children) {
      if (!child.asksPartition()) {
        populated |= child.populated();
        continue;
      }
      CpuSet grant = child.claimed().and(partition.exclusiveEffective);
      InvalidReason problem = ownProblem(child, grant);
      if (problem == null && remoteBelow(child)) {
        problem = InvalidReason.REMOTE_BELOW;
      }
      child.reason = problem;
      if (problem == null) {
        child.exclusiveEffective = grant;
        candidates.add(child);
      } else {
        populated |= child.populated();
      }
    }
    candidates.sort(Comparator.comparingLong(cpuset -> cpuset.sequence));
    CpuSet left = pool;
    for (Cpuset candidate : candidates) {
      CpuSet without = left.minus(candidate.exclusiveEffective);
      if (without.isEmpty() && populated) {
        candidate.reason = InvalidReason.PARENT_NEEDS_CPUS;
      } else {
        candidate.valid = true;
        left = without;
      }
    }
    partition.effective = left;
    for (Cpuset child : partition.children) {
      settle(child, partition);
    }
  }

  private static boolean remoteBelow(Cpuset cpuset) {
    for (Cpuset child : cpuset.children) {
      if ((child.valid && child.remote) || remoteBelow(child)) {
        return true;
      }
    }
    return false;
  }

  /// A child whose state is known gets its CPUs; then those below it.
  private void settle(Cpuset cpuset, Cpuset parent) {
    if (cpuset.valid) {
      distribute(cpuset, cpuset.exclusiveEffective.and(online));
      return;
    }
    cpuset.exclusiveEffective = cpuset.exclusive.and(parent.exclusiveEffective);
    CpuSet common = cpuset.cpus.and(parent.effective);
    cpuset.effective = common.isEmpty() ? parent.effective : common;
    for (Cpuset child : cpuset.children) {
      if (child.asksPartition() && !child.valid && child.reason == null) {
        child.reason = orphanProblem(child, cpuset);
      }
      settle(child, cpuset);
    }
  }

  /// Why a partition below a group that is none is not valid.
  private static InvalidReason orphanProblem(Cpuset child, Cpuset parent) {
    InvalidReason claim = claimProblem(child);
    if (claim != null) {
      return claim;
    }
    if (parent.asksPartition()) {
      return InvalidReason.INVALID_PARENT;
    }
    return child.exclusive.isEmpty()
        ? InvalidReason.PARENT_NOT_PARTITION
        : InvalidReason.NO_EXCLUSIVE_CPUS;
  }
}
