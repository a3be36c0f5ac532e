package dev.stint.host.kernel;

import dev.stint.host.kernel.SwitchLog.Switch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Where the model first does other than the kernel: the switches of both side by side around that
/// instant, and the model's queues there.
///
/// Compared are the turns of the scenario's tasks on each CPU, in order: whose it is and when it
/// begins. Others than these tasks are left out, and so is idleness that is over at once; a turn
/// that only they interrupt is one turn.
final class FirstDifference {
  /// The kernel takes some 5 to 20 µs for a switch, and an interrupt or two may come before it.
  static final long NEAR_NS = 300_000;

  private static final int SHOWN_BEFORE = 14;
  private static final int SHOWN_AFTER = 6;
  private static final double NS_PER_MS = 1e6;

  /// One task's, or nobody's, time on a CPU without another of the scenario's tasks between.
  record Turn(int cpu, String who, long fromNs) {}

  /// @param timeNs the earlier of the two turns' beginnings
  record Found(long timeNs, int cpu, String text) {}

  private final Set<String> tasks;

  /// @param tasks the scenario's
  FirstDifference(Set<String> tasks) {
    this.tasks = tasks;
  }

  /// The first turn in which they differ, on whichever CPU that is earliest.
  Optional<Found> of(List<Switch> kernel, List<Switch> model) {
    List<Found> found = new ArrayList<>();
    long cpus = kernel.stream().mapToInt(Switch::cpu).max().orElse(0) + 1L;
    for (int cpu = 0; cpu < cpus; cpu++) {
      onCpu(cpu, turns(cpu, kernel), turns(cpu, model)).ifPresent(found::add);
    }
    return found.stream().min(Comparator.comparingLong(Found::timeNs));
  }

  private static Optional<Found> onCpu(int cpu, List<Turn> kernel, List<Turn> model) {
    int count = Math.min(kernel.size(), model.size());
    for (int i = 0; i < count; i++) {
      Turn real = kernel.get(i);
      Turn simulated = model.get(i);
      boolean near = Math.abs(real.fromNs() - simulated.fromNs()) < NEAR_NS;
      if (!near || !real.who().equals(simulated.who())) {
        long timeNs = Math.min(real.fromNs(), simulated.fromNs());
        String text =
            String.format(
                Locale.ROOT,
                "turn %d on CPU %d: the kernel's is %s from %s ms on, the model's %s from %s ms on",
                i + 1,
                cpu,
                real.who(),
                ms(real.fromNs()),
                simulated.who(),
                ms(simulated.fromNs()));
        return Optional.of(new Found(timeNs, cpu, text));
      }
    }
    return Optional.empty();
  }

  List<Turn> turns(int cpu, List<Switch> switches) {
    List<Turn> turns = new ArrayList<>();
    List<Switch> here = switches.stream().filter(one -> one.cpu() == cpu).toList();
    for (int i = 0; i < here.size(); i++) {
      Switch one = here.get(i);
      boolean idle = one.to().equals(SwitchLog.IDLE);
      boolean brief = i + 1 == here.size() || here.get(i + 1).timeNs() - one.timeNs() < NEAR_NS;
      boolean counts = idle ? !brief : tasks.contains(one.to());
      if (counts && (turns.isEmpty() || !turns.getLast().who().equals(one.to()))) {
        turns.add(new Turn(cpu, one.to(), one.timeNs()));
      }
    }
    return turns;
  }

  /// The switches of both around an instant, and the model's queues before it.
  static List<String> around(Found found, List<Switch> kernel, List<Switch> model) {
    List<String> lines = new ArrayList<>();
    lines.add(found.text());
    lines.add("");
    List<String> left = shown("kernel", found, kernel);
    List<String> right = shown("model", found, model);
    int width = left.stream().mapToInt(String::length).max().orElse(0) + 3;
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String first = i < left.size() ? left.get(i) : "";
      String second = i < right.size() ? right.get(i) : "";
      lines.add((first + " ".repeat(width - first.length()) + second).stripTrailing());
    }
    model.stream()
        .filter(one -> one.cpu() == found.cpu() && !one.queues().isEmpty())
        .forEach(one -> {
          lines.add("");
          lines.add(
              "the model's queues at "
                  + ms(one.timeNs())
                  + " ms, after the switch to "
                  + one.to()
                  + ":");
          one.queues().lines().forEach(line -> lines.add("  " + line));
        });
    return lines;
  }

  private static List<String> shown(String whose, Found found, List<Switch> all) {
    List<Switch> here = all.stream().filter(one -> one.cpu() == found.cpu()).toList();
    int at = 0;
    while (at < here.size() && here.get(at).timeNs() < found.timeNs()) {
      at++;
    }
    List<String> lines = new ArrayList<>(List.of(whose));
    for (int i = Math.max(0, at - SHOWN_BEFORE); i < Math.min(here.size(), at + SHOWN_AFTER); i++) {
      Switch one = here.get(i);
      lines.add(
          String.format(
              Locale.ROOT,
              "%s %12s  %s%s -> %s",
              i == at ? ">" : " ",
              ms(one.timeNs()),
              one.from(),
              one.slept() ? " (sleeps)" : "",
              one.to()));
    }
    return lines;
  }

  private static String ms(long ns) {
    return String.format(Locale.ROOT, "%.3f", ns / NS_PER_MS);
  }
}
