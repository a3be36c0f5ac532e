package dev.stint.model.predict;

import dev.stint.model.machine.CpuSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The entitled share of a family whose members do not ask all the time: at every instant the
/// weighted max-min fair division among those that ask (generalised processor sharing: Parekh and
/// Gallager 1993), summed over the run.
///
/// - A leaf without a demand in nanoseconds asks whenever it is ready; what it is not given then is
///   lost to it.
/// - A leaf with a demand asks for that much work: while it is ready and, if the division would
///   have served it more slowly than it was in fact, afterwards.
/// - A limit (a quota's sum, a leaf's work) holds for the run. It binds as a ceiling on the rate at
///   every instant, the least with which the limit is used up; none, if it never is. What the
///   ceiling withholds goes to the others that ask then.
///
/// In a family whose leaves all ask all the time the ceilings are the limits' averages, and the
/// answer is that of [EntitledShare].
public final class SpellShares {
  /*
   * Let u(c) be what a limited node is given in the run under a ceiling c, all other ceilings
   * fixed. Within a spell it is the lesser of c x time and what it would have without a ceiling, so
   * u is concave and piecewise linear, and its slope is the time of the spells in which c binds. It
   * falls when a sibling's ceiling rises, and rises with that of a group above. So all ceilings
   * start where they cannot yet use up their limits, limit / time, and move by Newton's steps,
   * (limit - u) / slope: upwards none passes the answer, unless a group above was raised as well,
   * and then one step leads down again. One round is enough when no ceiling has to move, a few when
   * limits bind in some spells only; ROUNDS_MAX is a stop.
   *
   * The ceiling of a leaf with a demand has two parts, raised one after the other: on the rate
   * while it is ready, and, when that one does not bind any more, on the rate while it is not.
   *
   * A spell is solved again only when a ceiling that can matter to it has moved.
   */
  private static final int ROUNDS_MAX = 60;
  private static final double NO_CEILING = 1e9;

  private final Family family;
  private final List<Spell> spells;
  private final int[] leafOf;
  private final long[] limitNs;
  private final double[] start;
  private final double[] ceiling;
  private final double[] later;
  private final long[][] shareNs;
  private final long[] totalNs;
  private final boolean[] moved;
  private final long toleranceNs;

  private SpellShares(Demand root, List<Spell> spells) {
    this.spells = List.copyOf(spells);
    int cpus = spells.getFirst().cpuCount();
    long runNs = spells.stream().mapToLong(Spell::durationNs).sum();
    EntitledShare.requireMachine(cpus, runNs);
    family = new Family(root, CpuSet.range(0, cpus), cpus, runNs);
    toleranceNs = Math.max(100, runNs / 10_000_000);
    int count = family.nodeCount();
    leafOf = new int[count];
    limitNs = new long[count];
    start = new double[count];
    later = new double[count];
    moved = new boolean[count];
    shareNs = new long[spells.size()][count];
    totalNs = new long[count];
    int leaves = 0;
    for (int node = 0; node < count; node++) {
      leafOf[node] = family.isLeaf(node) ? leaves++ : -1;
      Demand demand = family.demand(node);
      limitNs[node] =
          family.isLeaf(node) ? Math.min(demand.demandNs(), demand.limitNs()) : demand.limitNs();
    }
    for (Spell spell : spells) {
      if (spell.leafCount() != leaves || spell.cpuCount() != cpus) {
        throw new IllegalArgumentException("all spells are of one family");
      }
    }
    for (int node = 0; node < count; node++) {
      double availableNs = family.isLeaf(node) ? readyNs(node) : runNs;
      start[node] =
          limitNs[node] == Demand.UNLIMITED ? NO_CEILING : limitNs[node] / Math.max(1, availableNs);
    }
    ceiling = start.clone();
  }

  private double readyNs(int leaf) {
    double sum = 0;
    for (Spell spell : spells) {
      sum += spell.readyNs(leafOf[leaf]);
    }
    return sum;
  }

  /// The share of every node over all spells, by path, in the tree's order.
  ///
  /// @param spells one or more; together the run
  public static Map<String, Long> solve(Demand root, List<Spell> spells) {
    SpellShares shares = new SpellShares(root, spells);
    return shares.family.named(shares.settled());
  }

  private long[] settled() {
    boolean more = true;
    for (int round = 0; more && round < ROUNDS_MAX; round++) {
      for (int s = 0; s < shareNs.length; s++) {
        if (round == 0 || concerns(spells.get(s))) {
          solve(s);
        }
      }
      Arrays.fill(moved, false);
      more = raise();
    }
    return totalNs;
  }

  private void solve(int spell) {
    long[] oldNs = shareNs[spell];
    long[] newNs = spells.get(spell).shares(family.withMost(mostNs(spells.get(spell))));
    for (int node = 0; node < newNs.length; node++) {
      totalNs[node] += newNs[node] - oldNs[node];
    }
    shareNs[spell] = newNs;
  }

  /// Whether a ceiling that moved limits anybody in this spell.
  private boolean concerns(Spell spell) {
    for (int node = 0; node < moved.length; node++) {
      boolean asks = leafOf[node] < 0 || spell.readyNs(leafOf[node]) > 0 || later[node] > 0;
      if (moved[node] && asks) {
        return true;
      }
    }
    return false;
  }

  private long[] mostNs(Spell spell) {
    long[] mostNs = new long[family.nodeCount()];
    for (int node = 0; node < mostNs.length; node++) {
      mostNs[node] =
          leafOf[node] < 0 ? ceilingNs(node, spell) : ceilingNs(node, spell) + laterNs(node, spell);
    }
    return mostNs;
  }

  /// What the ceiling lets a node have in a spell: a leaf, while it is ready.
  private long ceilingNs(int node, Spell spell) {
    if (leafOf[node] >= 0) {
      return Math.round(Math.min(1, ceiling[node]) * spell.readyNs(leafOf[node]));
    }
    return ceiling[node] >= NO_CEILING
        ? Demand.UNLIMITED
        : Math.round(ceiling[node] * spell.durationNs());
  }

  /// What a leaf may have in a spell while it is not ready.
  private long laterNs(int leaf, Spell spell) {
    return Math.round(later[leaf] * (spell.durationNs() - spell.readyNs(leafOf[leaf])));
  }

  /// Moves the ceilings under which a limit is not used up, or is passed; whether any could be.
  private boolean raise() {
    boolean any = false;
    for (int node = 0; node < limitNs.length; node++) {
      if (limitNs[node] == Demand.UNLIMITED) {
        continue;
      }
      long roomNs = limitNs[node] - totalNs[node];
      if (roomNs < -toleranceNs) {
        lower(node, roomNs);
        moved[node] = true;
      } else if (roomNs > toleranceNs) {
        moved[node] = raiseCeiling(node, roomNs) || raiseLater(node, roomNs);
      }
      any |= moved[node];
    }
    return any;
  }

  private void lower(int node, long roomNs) {
    double laterNs = bindingLaterNs(node);
    if (later[node] > 0 && laterNs > 0) {
      later[node] = Math.max(0, later[node] + roomNs / laterNs);
      return;
    }
    later[node] = 0;
    double bindingNs = bindingNs(node);
    double from = Math.min(ceiling[node], top(node));
    ceiling[node] = bindingNs == 0 ? start[node] : Math.max(start[node], from + roomNs / bindingNs);
  }

  private boolean raiseCeiling(int node, long roomNs) {
    double bindingNs = ceiling[node] < top(node) ? bindingNs(node) : 0;
    if (bindingNs == 0) {
      return false;
    }
    ceiling[node] = Math.min(top(node), ceiling[node] + roomNs / bindingNs);
    return true;
  }

  private boolean raiseLater(int node, long roomNs) {
    if (leafOf[node] < 0 || family.demand(node).demandNs() == Demand.UNLIMITED) {
      return false;
    }
    double bindingNs = later[node] < 1 ? bindingLaterNs(node) : 0;
    if (bindingNs == 0) {
      return false;
    }
    ceiling[node] = 1;
    later[node] = Math.min(1, later[node] + roomNs / bindingNs);
    return true;
  }

  /// The highest ceiling that means anything.
  private double top(int node) {
    return leafOf[node] >= 0 ? 1 : spells.getFirst().cpuCount();
  }

  /// The time of the spells in which a ceiling binds.
  private double bindingNs(int node) {
    double bindingNs = 0;
    for (int s = 0; s < shareNs.length; s++) {
      Spell spell = spells.get(s);
      long wholeNs = leafOf[node] >= 0 ? spell.readyNs(leafOf[node]) : spell.durationNs();
      bindingNs += binds(s, node, ceilingNs(node, spell)) ? wholeNs : 0;
    }
    return bindingNs;
  }

  private double bindingLaterNs(int leaf) {
    double bindingNs = 0;
    for (int s = 0; leafOf[leaf] >= 0 && s < shareNs.length; s++) {
      Spell spell = spells.get(s);
      boolean binds = binds(s, leaf, ceilingNs(leaf, spell) + laterNs(leaf, spell));
      bindingNs += binds ? spell.durationNs() - spell.readyNs(leafOf[leaf]) : 0;
    }
    return bindingNs;
  }

  /// Whether a node is given all that its ceiling allows, up to rounding.
  private boolean binds(int spell, int node, long mostNs) {
    return shareNs[spell][node] >= mostNs - family.nodeCount();
  }
}
