package dev.stint.model.predict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An independent, slow judge of shares over spells, in doubles, of families whose CPUs are alike
/// to all: levels and ceilings by bisection, everything in rates, every spell every time.
final class NaiveSpells {
  private static final int SWEEPS = 20;
  private static final int HALVINGS = 36;

  /// A spell: how long, how many processors, who is ready.
  record Instant(double length, double processors, Map<String, Boolean> ready) {}

  private final Demand root;
  private final List<Instant> instants;
  private final Map<String, Double> ceiling = new LinkedHashMap<>();
  private final Map<String, Double> later = new LinkedHashMap<>();

  NaiveSpells(Demand root, List<Instant> instants) {
    this.root = root;
    this.instants = instants;
  }

  /// What every node gets over all instants.
  Map<String, Double> solve() {
    List<Demand> limited = new ArrayList<>();
    collect(root, limited);
    for (Demand node : limited) {
      ceiling.put(node.path(), 0.0);
      later.put(node.path(), 0.0);
    }
    for (int sweep = 0; sweep < (limited.size() > 1 ? SWEEPS : 1); sweep++) {
      limited.forEach(this::settle);
    }
    return totals();
  }

  private static double limit(Demand node) {
    return Math.min(node.limitNs(), node.children().isEmpty() ? node.demandNs() : Long.MAX_VALUE);
  }

  private static boolean carries(Demand node) {
    return node.children().isEmpty() && node.demandNs() != Demand.UNLIMITED;
  }

  private void collect(Demand node, List<Demand> limited) {
    if (limit(node) < Long.MAX_VALUE) {
      limited.add(node);
    }
    node.children().forEach(child -> collect(child, limited));
  }

  /// The least ceiling with which the limit is used up, the others as they are.
  private void settle(Demand node) {
    double top = node.children().isEmpty() ? 1 : 64;
    later.put(node.path(), 0.0);
    if (carries(node) && used(node, ceiling, top) < limit(node)) {
      bisect(node, later, 1);
    } else {
      bisect(node, ceiling, top);
    }
  }

  private double used(Demand node, Map<String, Double> of, double value) {
    of.put(node.path(), value);
    return totals().get(node.path());
  }

  private void bisect(Demand node, Map<String, Double> of, double top) {
    double most = used(node, of, top);
    double aim = Math.min(limit(node), most);
    double low = 0;
    double high = top;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (used(node, of, middle) >= aim * (1 - 1e-12)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    of.put(node.path(), high);
  }

  private Map<String, Double> totals() {
    Map<String, Double> totals = new LinkedHashMap<>();
    for (Instant instant : instants) {
      divide(root, Math.min(instant.processors(), most(root, instant)), instant, totals);
    }
    return totals;
  }

  /// The rate that a node could use at an instant.
  private double most(Demand node, Instant instant) {
    if (node.children().isEmpty()) {
      double own = instant.ready().get(node.path()) ? 1 : later.getOrDefault(node.path(), 0.0);
      double cap = instant.ready().get(node.path()) ? ceiling.getOrDefault(node.path(), 1.0) : own;
      return Math.min(instant.processors(), Math.min(1, Math.min(own, cap)));
    }
    double sum = 0;
    for (Demand child : node.children()) {
      sum += most(child, instant);
    }
    return Math.min(sum, ceiling.getOrDefault(node.path(), Double.MAX_VALUE));
  }

  private void divide(Demand node, double rate, Instant instant, Map<String, Double> totals) {
    totals.merge(node.path(), rate * instant.length(), Double::sum);
    double low = 0;
    double high = 1e9;
    for (int i = 0; i < 64; i++) {
      double level = (low + high) / 2;
      double sum = 0;
      for (Demand child : node.children()) {
        sum += Math.min(most(child, instant), level * child.weight());
      }
      if (sum >= rate) {
        high = level;
      } else {
        low = level;
      }
    }
    for (Demand child : node.children()) {
      divide(child, Math.min(most(child, instant), high * child.weight()), instant, totals);
    }
  }
}
