package dev.stint.model.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random families and spells against [NaiveSpells].
final class SpellSharesOracleTest {
  private static final long LENGTH_NS = 1_000_000_000L;

  @Test
  void randomFamilies_withoutLimits_matchTheSumOverInstants() {
    for (long seed = 0; seed < 400; seed++) {
      compare(seed, 0, 1 + seed % 7);
    }
  }

  @Test
  void randomFamilies_withOneLimit_matchTheBisectedCeiling() {
    for (long seed = 0; seed < 120; seed++) {
      compare(1_000 + seed, 1, 2 + seed % 4);
    }
  }

  @Test
  void randomFamilies_withThreeLimits_matchTheBisectedCeilings() {
    for (long seed = 0; seed < 12; seed++) {
      compare(2_000 + seed, 3, 2 + seed % 3);
    }
  }

  private static void compare(long seed, int limits, long count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] left = {limits};
    List<String> leaves = new ArrayList<>();
    Demand root = tree(random, "r", 0, left, leaves, count * LENGTH_NS);
    int cpus = 1 + random.nextInt(3);
    List<Spell> spells = new ArrayList<>();
    List<NaiveSpells.Instant> instants = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      long[] readyNs = new long[leaves.size()];
      Map<String, Boolean> ready = new LinkedHashMap<>();
      for (int leaf = 0; leaf < readyNs.length; leaf++) {
        boolean asks = random.nextInt(3) > 0;
        readyNs[leaf] = asks ? LENGTH_NS : 0;
        ready.put(leaves.get(leaf), asks);
      }
      long eachNs = LENGTH_NS / (1 + random.nextInt(2));
      long[] supplied = new long[cpus];
      Arrays.fill(supplied, eachNs);
      spells.add(Spell.supplied(LENGTH_NS, readyNs, supplied));
      double processors = (double) eachNs * cpus / LENGTH_NS;
      instants.add(new NaiveSpells.Instant(LENGTH_NS, processors, ready));
    }
    Map<String, Long> shares = SpellShares.solve(root, spells);
    Map<String, Double> expected = new NaiveSpells(root, instants).solve();
    expected.forEach((path, ns) ->
        assertThat((double) shares.get(path))
            .as("seed %d: %s of %s over %s", seed, path, root, instants)
            .isCloseTo(ns, within(limits == 0 ? 100.0 : 1e-5 * count * LENGTH_NS)));
  }

  private static Demand tree(
      SplittableRandom random,
      String path,
      int depth,
      int[] limits,
      List<String> leaves,
      long runNs) {
    boolean leaf = depth == 3 || (depth > 0 && random.nextInt(2) == 0);
    List<Demand> children = new ArrayList<>();
    for (int i = 0; !leaf && i < 2 + random.nextInt(2); i++) {
      children.add(tree(random, path + i, depth + 1, limits, leaves, runNs));
    }
    if (leaf) {
      leaves.add(path);
    }
    long weight = 1 + random.nextInt(5);
    boolean limited = depth > 0 && limits[0] > 0 && random.nextInt(3) == 0;
    if (!limited) {
      return leaf ? Demand.hog(path, weight) : Demand.group(path, weight, children);
    }
    limits[0]--;
    long limitNs = random.nextLong(runNs);
    if (!leaf) {
      return Demand.group(path, weight, children).withLimit(limitNs);
    }
    return random.nextBoolean()
        ? Demand.leaf(path, weight, limitNs)
        : Demand.hog(path, weight).withLimit(limitNs);
  }
}
