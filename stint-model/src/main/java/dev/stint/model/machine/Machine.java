package dev.stint.model.machine;

import java.util.Locale;

/// A machine's shape: sockets of NUMA nodes of last-level caches of cores of SMT threads, all
/// alike.
///
/// LPs are numbered with the threads of a core adjacent (core 0 holds LPs 0..threadsPerCore-1), the
/// way Microsoft Hypervisor numbers them.
///
/// @param sockets 1 or more
/// @param nodesPerSocket NUMA nodes in a socket, 1 or more
/// @param cachesPerNode last-level caches in a node, 1 or more
/// @param coresPerCache cores under a last-level cache, 1 or more
/// @param threadsPerCore hardware threads of a core: 1 (no SMT) or 2 or more
public record Machine(
    int sockets, int nodesPerSocket, int cachesPerNode, int coresPerCache, int threadsPerCore) {
  /// The most LPs that a machine may have: HV_MAXIMUM_PROCESSORS on x86-64.
  public static final int LP_COUNT_MAX = 2048;

  /// Validates the counts.
  public Machine {
    positive(sockets, "sockets");
    positive(nodesPerSocket, "NUMA nodes per socket");
    positive(cachesPerNode, "last-level caches per node");
    positive(coresPerCache, "cores per last-level cache");
    positive(threadsPerCore, "threads per core");
    long count = (long) sockets * nodesPerSocket * cachesPerNode;
    if (count > LP_COUNT_MAX || count * coresPerCache * threadsPerCore > LP_COUNT_MAX) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a machine has at most %d LPs", LP_COUNT_MAX));
    }
  }

  /// One socket, one node, one cache of `cores` cores with `threadsPerCore` threads.
  public static Machine flat(int cores, int threadsPerCore) {
    return new Machine(1, 1, 1, cores, threadsPerCore);
  }

  /// Number of LPs (hardware threads).
  public int lpCount() {
    return coreCount() * threadsPerCore;
  }

  /// Number of physical cores.
  public int coreCount() {
    return sockets * nodesPerSocket * cachesPerNode * coresPerCache;
  }

  /// The core of an LP.
  public int coreOf(int lp) {
    return lp / threadsPerCore;
  }

  /// The first LP of a core; its others follow.
  public int firstLpOf(int core) {
    return core * threadsPerCore;
  }

  /// The last-level cache of an LP.
  public int cacheOf(int lp) {
    return coreOf(lp) / coresPerCache;
  }

  /// The NUMA node of an LP.
  public int nodeOf(int lp) {
    return cacheOf(lp) / cachesPerNode;
  }

  /// The socket of an LP.
  public int socketOf(int lp) {
    return nodeOf(lp) / nodesPerSocket;
  }

  private static void positive(int value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s must be at least 1, got %d", what, value));
    }
  }
}
