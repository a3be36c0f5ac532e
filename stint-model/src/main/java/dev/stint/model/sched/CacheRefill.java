package dev.stint.model.sched;

import dev.stint.model.sim.Simulation;

/// What running again costs by cold caches, by where and after whom; the formula is assumed
/// (docs/models/costs.md).
public final class CacheRefill {
  /// Running again costs nothing.
  public static final CacheRefill FREE = new CacheRefill();

  private final CostSource core;
  private final CostSource cache;
  private final CostSource node;
  private final CostSource saturation;

  /// The refills in `costs` for `owner`, a partition's path or a machine part.
  public CacheRefill(Simulation simulation, Costs costs, String owner) {
    core = CostSource.of(simulation, costs, CostParameter.CACHE_CORE, owner);
    cache = CostSource.of(simulation, costs, CostParameter.CACHE_LLC, owner);
    node = CostSource.of(simulation, costs, CostParameter.CACHE_NUMA, owner);
    saturation = CostSource.of(simulation, costs, CostParameter.CACHE_SATURATION, owner);
  }

  private CacheRefill() {
    core = CostSource.FREE;
    cache = CostSource.FREE;
    node = CostSource.FREE;
    saturation = CostSource.FREE;
  }

  /// On the same processor, where others ran for `othersNs` meanwhile: all that its private caches
  /// held is lost after the saturation time, a proportional part before.
  public long cooledNs(long othersNs) {
    long mostNs = core.nextNs();
    long allNs = Math.max(1, saturation.nextNs());
    return othersNs >= allNs ? mostNs : mostNs * othersNs / allNs;
  }

  /// On another core.
  ///
  /// @param sameCache whether both are below one last-level cache
  public long movedNs(boolean sameCache) {
    return sameCache ? cache.nextNs() : node.nextNs();
  }
}
