package dev.stint.model.sched;

import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// Draws the instances of one [Cost] from a random stream of its own; a fixed cost draws nothing.
public final class CostSource {
  private final long minNs;
  private final long meanRestNs;
  private final @Nullable RandomStream stream;

  /// What costs nothing.
  public static final CostSource FREE = new CostSource();

  private CostSource() {
    minNs = 0;
    meanRestNs = 0;
    stream = null;
  }

  /// As the constructor; what costs nothing is shared.
  public static CostSource of(
      Simulation simulation, Costs costs, CostParameter parameter, String owner) {
    Cost cost = costs.of(parameter);
    return cost.minNs() == 0 && cost.meanNs() == 0
        ? FREE
        : new CostSource(simulation, costs, parameter, owner);
  }

  private CostSource(Simulation simulation, Costs costs, CostParameter parameter, String owner) {
    Cost cost = costs.of(parameter);
    minNs = cost.minNs();
    meanRestNs = cost.meanNs() - cost.minNs();
    stream =
        meanRestNs == 0
            ? null
            : simulation.random().stream("cost/" + parameter.text() + "/" + owner);
  }

  /// The next instance, in nanoseconds.
  public long nextNs() {
    RandomStream draws = stream;
    return draws == null ? minNs : minNs + draws.nextExponentialNs(meanRestNs);
  }
}
