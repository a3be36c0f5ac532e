package dev.stint.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.predict.NaiveFamily.Node;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random small families against [NaiveFamily]: what is given can be carried, and nobody could have
/// more without taking from one who has less for its claim.
final class EntitledShareOracleTest {
  private int conflicts;

  @Test
  void solve_randomFamilies_areFeasibleAndMaxMinFair() {
    for (int seed = 0; seed < 6_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long durationNs = seed % 2 == 0 ? 1_000_000 : 7_200_000_000_000L;
      Instance instance =
          seed % 4 < 2
              ? Instance.random(random, durationNs, 3)
              : Instance.competing(random, durationNs);
      Map<String, Long> shares =
          EntitledShare.solve(instance.root(), instance.cpuCapacityNs(), durationNs);
      NaiveFamily judge = new NaiveFamily(instance.root(), instance.cpuCapacityNs(), durationNs);
      requireFeasible(judge, shares, "seed " + seed);
      requireLevelsFair(judge, shares, "seed " + seed);
    }
    assertThat(conflicts).as("instances in which cousins compete").isGreaterThan(100);
  }

  @Test
  void solve_randomFlatFamilies_areExactToTheNanosecond() {
    for (int seed = 0; seed < 4_000; seed++) {
      SplittableRandom random = new SplittableRandom(1_000_000 + seed);
      long durationNs = 1 + random.nextInt(60);
      Instance instance = Instance.random(random, durationNs, 1);
      Map<String, Long> shares =
          EntitledShare.solve(instance.root(), instance.cpuCapacityNs(), durationNs);
      NaiveFamily judge = new NaiveFamily(instance.root(), instance.cpuCapacityNs(), durationNs);
      requireFeasible(judge, shares, "seed " + seed);
      requireNoFairTransfer(judge, shares, "seed " + seed);
    }
  }

  @Test
  void solve_randomFamilies_agreeWithFillingByDrops() {
    for (int seed = 0; seed < 80; seed++) {
      SplittableRandom random = new SplittableRandom(2_000_000 + seed);
      long durationNs = 1L << 40;
      Instance instance = Instance.competing(random, durationNs);
      NaiveFamily judge = new NaiveFamily(instance.root(), instance.cpuCapacityNs(), durationNs);
      long[] shares =
          judge.ofMap(EntitledShare.solve(instance.root(), instance.cpuCapacityNs(), durationNs));
      long[] filled = filledByDrops(judge, shares, 160);
      for (Node node : judge.nodes) {
        assertThat(Math.abs(shares[node.id()] - filled[node.id()]))
            .as("seed %d node %s", seed, node.demand().path())
            .isLessThanOrEqualTo(durationNs / 20);
      }
    }
  }

  @Test
  void solve_unconfinedFamilies_agreeOnBothPaths() {
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(3_000_000 + seed);
      long durationNs = 1_000_003;
      Demand root = Instance.tree(random, durationNs, 0, 3, "r");
      Family family = new Family(unconfined(root), CpuSet.range(0, 3), 3, durationNs);
      long[] capacityNs = {random.nextLong(3 * durationNs)};
      assertThat(EntitledShare.unconfined(family, capacityNs, Demand.UNLIMITED))
          .as("seed %d", seed)
          .isEqualTo(FlowShares.of(family, capacityNs, Demand.UNLIMITED));
    }
  }

  @Test
  void solveWithTotal_randomFamilies_givesTheTotalWithTheLeastSupply() {
    for (int seed = 0; seed < 1_000; seed++) {
      SplittableRandom random = new SplittableRandom(4_000_000 + seed);
      long durationNs = 1 + random.nextInt(1_000);
      Instance instance = Instance.random(random, durationNs, 3);
      int cpus = instance.cpuCapacityNs().length;
      long totalNs = random.nextLong(cpus * durationNs + 1);
      Map<String, Long> shares =
          EntitledShare.solveWithTotal(instance.root(), cpus, durationNs, totalNs);
      long supplyNs = leastSupply(instance.root(), cpus, durationNs, totalNs);
      long givenNs = rootShare(instance.root(), cpus, supplyNs, durationNs);
      assertThat(shares.get("r")).as("seed %d", seed).isEqualTo(Math.min(totalNs, givenNs));
      long[] capacityNs = new long[cpus];
      Arrays.fill(capacityNs, supplyNs);
      NaiveFamily judge = new NaiveFamily(instance.root(), capacityNs, durationNs);
      assertThat(carried(judge, judge.ofMap(shares))).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void solve_order_doesNotMatter() {
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(5_000_000 + seed);
      long durationNs = 1_000_000_000;
      Instance instance = Instance.random(random, durationNs, 3);
      Map<String, Long> shares =
          EntitledShare.solve(instance.root(), instance.cpuCapacityNs(), durationNs);
      Map<String, Long> other =
          EntitledShare.solve(reversed(instance.root()), instance.cpuCapacityNs(), durationNs);
      for (String path : shares.keySet()) {
        assertThat(Math.abs(shares.get(path) - other.get(path)))
            .as("seed %d node %s", seed, path)
            .isLessThanOrEqualTo(2L * shares.size());
      }
    }
  }

  private static Demand reversed(Demand node) {
    List<Demand> children =
        node.children().stream().map(EntitledShareOracleTest::reversed).toList();
    return new Demand(
        node.path(),
        node.weight(),
        node.limitNs(),
        node.cpus(),
        node.demandNs(),
        children.reversed());
  }

  private static Demand unconfined(Demand node) {
    List<Demand> children =
        node.children().stream().map(EntitledShareOracleTest::unconfined).toList();
    return new Demand(
        node.path(), node.weight(), node.limitNs(), Demand.ANYWHERE, node.demandNs(), children);
  }

  /// The least supply per CPU that gives the root `totalNs`, or the whole run.
  private static long leastSupply(Demand root, int cpus, long durationNs, long totalNs) {
    long low = 0;
    long high = durationNs;
    while (low < high) {
      long middle = (low + high) / 2;
      if (rootShare(root, cpus, middle, durationNs) >= totalNs) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static long rootShare(Demand root, int cpus, long supplyNs, long durationNs) {
    long[] capacityNs = new long[cpus];
    Arrays.fill(capacityNs, supplyNs);
    NaiveFamily judge = new NaiveFamily(root, capacityNs, durationNs);
    long low = 0;
    long high = cpus * supplyNs;
    while (low < high) {
      long middle = (low + high + 1) / 2;
      long[] exact = none(judge);
      exact[0] = middle;
      if (judge.canCarry(new long[exact.length], exact)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static void requireFeasible(NaiveFamily judge, Map<String, Long> named, String what) {
    long[] shares = judge.ofMap(named);
    for (Node node : judge.nodes) {
      List<Node> children = judge.childrenOf(node.id());
      if (!children.isEmpty()) {
        assertThat(children.stream().mapToLong(child -> shares[child.id()]).sum())
            .as("%s: children of %s", what, node.demand().path())
            .isEqualTo(shares[node.id()]);
      }
    }
    assertThat(carried(judge, shares)).as("%s: carried", what).isTrue();
    long[] more = none(judge);
    more[0] = shares[0] + 1;
    assertThat(judge.canCarry(new long[more.length], more)).as("%s: more in all", what).isFalse();
  }

  private static boolean carried(NaiveFamily judge, long[] shares) {
    return judge.canCarry(new long[shares.length], shares);
  }

  /// For every child of a level: with the level's totals fixed, it cannot gain while all those keep
  /// what they have that have no more for their claim. Slack covers the rounding.
  private void requireLevelsFair(NaiveFamily judge, Map<String, Long> named, String what) {
    long[] shares = judge.ofMap(named);
    long slack = judge.nodes.size();
    for (int depth = 1; depth <= judge.depth(); depth++) {
      int level = depth;
      List<Node> items = judge.nodes.stream().filter(node -> node.depth() == level).toList();
      long[] exact = none(judge);
      for (Node node : judge.nodes) {
        if (node.depth() < depth) {
          exact[node.id()] = shares[node.id()];
        }
      }
      boolean alone = true;
      for (Node item : items) {
        if (shares[item.parent()] > 0) {
          long[] least = new long[shares.length];
          for (Node other : items) {
            if (notAbove(judge, shares, other, item, slack)) {
              least[other.id()] = Math.min(shares[other.id()] + slack, shares[other.parent()]);
            }
          }
          least[item.id()] = shares[item.id()] + slack + 1;
          assertThat(judge.canCarry(least, exact))
              .as("%s: %s could have more than %d", what, item.demand().path(), shares[item.id()])
              .isFalse();
          alone &= !couldGainFromSiblings(judge, shares, item, exact, slack);
        }
      }
      conflicts += alone ? 0 : 1;
    }
  }

  /// Whether an item could have more if the children of other parents gave way.
  private static boolean couldGainFromSiblings(
      NaiveFamily judge, long[] shares, Node item, long[] exact, long slack) {
    long[] least = new long[shares.length];
    for (Node other : judge.childrenOf(item.parent())) {
      if (notAbove(judge, shares, other, item, slack)) {
        least[other.id()] = shares[other.id()];
      }
    }
    least[item.id()] = shares[item.id()] + slack + 1;
    return judge.canCarry(least, exact);
  }

  /// Whether (x - slack) / claim of one is at most (x + slack) / claim of the other.
  private static boolean notAbove(
      NaiveFamily judge, long[] shares, Node one, Node other, long slack) {
    BigInteger left =
        BigInteger.valueOf(shares[one.id()] - slack).multiply(claim(judge, shares, other));
    BigInteger right =
        BigInteger.valueOf(shares[other.id()] + slack).multiply(claim(judge, shares, one));
    left = left.multiply(siblingWeights(judge, one));
    right = right.multiply(siblingWeights(judge, other));
    return left.compareTo(right) <= 0;
  }

  private static BigInteger claim(NaiveFamily judge, long[] shares, Node node) {
    return BigInteger.valueOf(node.demand().weight())
        .multiply(BigInteger.valueOf(shares[node.parent()]));
  }

  private static BigInteger siblingWeights(NaiveFamily judge, Node node) {
    return BigInteger.valueOf(
        judge.childrenOf(node.parent()).stream().mapToLong(n -> n.demand().weight()).sum());
  }

  /// In a flat family no nanosecond can move to one that has certainly less for its weight.
  private static void requireNoFairTransfer(
      NaiveFamily judge, Map<String, Long> named, String what) {
    long[] shares = judge.ofMap(named);
    for (Node rich : judge.childrenOf(0)) {
      for (Node poor : judge.childrenOf(0)) {
        long poorMost = (shares[poor.id()] + 1) * rich.demand().weight();
        long richLeast = (shares[rich.id()] - 1) * poor.demand().weight();
        if (rich != poor && shares[rich.id()] > 0 && poorMost <= richLeast) {
          long[] moved = shares.clone();
          moved[rich.id()]--;
          moved[poor.id()]++;
          assertThat(carried(judge, moved))
              .as("%s: %s to %s", what, rich.demand().path(), poor.demand().path())
              .isFalse();
        }
      }
    }
  }

  /// Fills each level in small equal steps per claim, stopping whoever cannot take its next drop.
  private static long[] filledByDrops(NaiveFamily judge, long[] totals, int drops) {
    long[] shares = totals.clone();
    for (int depth = 1; depth <= judge.depth(); depth++) {
      int level = depth;
      List<Node> active =
          new ArrayList<>(judge.nodes.stream().filter(node -> node.depth() == level).toList());
      long[] least = new long[shares.length];
      long[] exact = none(judge);
      for (Node node : judge.nodes) {
        if (node.depth() < depth) {
          exact[node.id()] = totals[node.id()];
        }
      }
      active.removeIf(node -> totals[node.parent()] == 0);
      while (!active.isEmpty()) {
        for (Node node : List.copyOf(active)) {
          long drop =
              claim(judge, totals, node)
                  .divide(siblingWeights(judge, node))
                  .divide(BigInteger.valueOf(drops))
                  .longValueExact();
          least[node.id()] += Math.max(1, drop);
          if (!judge.canCarry(least, exact)) {
            least[node.id()] -= Math.max(1, drop);
            active.remove(node);
          }
        }
      }
      for (Node node : judge.nodes) {
        if (node.depth() == depth) {
          shares[node.id()] = least[node.id()];
        }
      }
    }
    return shares;
  }

  private static long[] none(NaiveFamily judge) {
    long[] exact = new long[judge.nodes.size()];
    Arrays.fill(exact, -1);
    return exact;
  }

  /// A random tree over a random supply.
  private record Instance(Demand root, long[] cpuCapacityNs) {
    static Instance random(SplittableRandom random, long durationNs, int depth) {
      long[] capacityNs = new long[1 + random.nextInt(4)];
      for (int cpu = 0; cpu < capacityNs.length; cpu++) {
        capacityNs[cpu] = random.nextInt(3) == 0 ? random.nextLong(durationNs + 1) : durationNs;
      }
      return new Instance(tree(random, durationNs, 0, depth, "r"), capacityNs);
    }

    /// Groups of alike leaves, each confined to some of two or three CPUs, with small weights.
    static Instance competing(SplittableRandom random, long durationNs) {
      long[] capacityNs = new long[2 + random.nextInt(2)];
      Arrays.fill(capacityNs, durationNs);
      List<Demand> groups = new ArrayList<>();
      for (int g = 0; g < 2 + random.nextInt(2); g++) {
        List<Demand> leaves = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
          leaves.add(Demand.hog("r" + g + i, 1 + random.nextInt(3)).withCpus(cpus(random)));
        }
        groups.add(Demand.group("r" + g, 1 + random.nextInt(3), leaves));
      }
      return new Instance(Demand.group("r", 1, groups), capacityNs);
    }

    static Demand tree(SplittableRandom random, long durationNs, int depth, int most, String path) {
      boolean leaf = depth == most || (depth > 0 && random.nextInt(3) == 0);
      List<Demand> children = new ArrayList<>();
      int count = leaf ? 0 : 1 + random.nextInt(depth == 0 && most == 1 ? 6 : 3);
      for (int i = 0; i < count; i++) {
        children.add(tree(random, durationNs, depth + 1, most, path + i));
      }
      long demandNs = random.nextInt(3) == 0 ? random.nextLong(durationNs + 1) : Demand.UNLIMITED;
      long weight = random.nextBoolean() ? 1 + random.nextInt(4) : 1 + random.nextInt(90_000);
      return new Demand(
          path,
          weight,
          random.nextInt(4) == 0 ? random.nextLong(2 * durationNs) : Demand.UNLIMITED,
          random.nextInt(3) > 0 ? Demand.ANYWHERE : cpus(random),
          leaf ? demandNs : 0,
          children);
    }

    private static CpuSet cpus(SplittableRandom random) {
      CpuSet set = CpuSet.EMPTY;
      for (int cpu = 0; cpu < 4; cpu++) {
        set = random.nextBoolean() ? set.or(CpuSet.of(cpu)) : set;
      }
      return set;
    }
  }
}
