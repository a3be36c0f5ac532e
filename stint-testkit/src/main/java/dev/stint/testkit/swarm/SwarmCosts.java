package dev.stint.testkit.swarm;

import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.Costs;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;

/// Random costs, up to a hundred times those of current machines: in half of all stacks none.
final class SwarmCosts {
  private static final long MOST_NS = 200_000;

  private SwarmCosts() {}

  static Costs draw(long seed) {
    RandomStream random = new Simulation(seed).random().stream("swarm-costs");
    if (random.nextBelow(2) == 0) {
      return Costs.NONE;
    }
    Costs costs = Costs.NONE.withSmt(300 + (int) random.nextBelow(701));
    for (CostParameter parameter : CostParameter.values()) {
      long leastNs = random.nextBelow(MOST_NS);
      costs =
          switch ((int) random.nextBelow(3)) {
            case 0 -> costs;
            case 1 -> costs.with(parameter, Cost.fixed(leastNs));
            default -> costs.with(parameter, new Cost(leastNs, MOST_NS));
          };
    }
    return costs;
  }
}
