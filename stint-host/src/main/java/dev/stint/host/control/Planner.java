package dev.stint.host.control;

import dev.stint.model.machine.CpuSet;
import dev.stint.scenario.Policy.Knob;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Finds what has to be written for a policy, and an order that the kernel accepts.
///
/// ```
/// ENABLE  top down    let groups use the controller (cgroup v2)
/// WIDEN   top down    more CPUs, greater quotas: a parent before its children
/// SHARE   top down    weights, idleness: any order
/// NARROW  bottom up   fewer CPUs, smaller quotas: children before their parent
/// ```
///
/// Under version 1 a child's CPUs are within its parent's and its quota per period is at most its
/// parent's, at every moment: the kernel answers EACCES, EBUSY or EINVAL otherwise. A group with
/// children that moves to other CPUs is widened to both sets first. The reverse of such an order is
/// such an order, which is how it is undone.
final class Planner {
  private final ControlFiles files;
  private final String owns;
  private final List<String> notes = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<ControlFile, Wish> wishes = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();

  private enum Phase {
    ENABLE,
    WIDEN,
    SHARE,
    NARROW
  }

  /// A file as it is and as it should be.
  private record Wish(Target target, Optional<String> old, String value, String why) {}

  private record Step(Phase phase, int depth, Change change) {}

  Planner(ControlFiles files, String owns) {
    this.files = files;
    this.owns = owns;
  }

  Plan plan(List<Target> targets) {
    Map<String, List<ControlFile>> byGroup = new LinkedHashMap<>();
    for (Target target : targets) {
      for (Map.Entry<Knob, String> setting : target.entry().settings().entrySet()) {
        wish(target, setting.getKey(), setting.getValue(), byGroup);
      }
    }
    if (problems.isEmpty()) {
      byGroup.values().forEach(this::planGroup);
    }
    Comparator<Step> order =
        Comparator.comparing(Step::phase)
            .thenComparingInt(step -> step.phase() == Phase.NARROW ? -step.depth() : step.depth());
    List<Change> changes = steps.stream().sorted(order).map(Step::change).toList();
    return new Plan(changes, notes, problems.stream().distinct().toList());
  }

  private static int depth(String group) {
    return group.split("/").length;
  }

  private void problem(Target target, String what) {
    problems.add(target.entry().place() + ": " + target.entry().words() + ": " + what);
  }

  private void wish(
      Target target, Knob knob, String value, Map<String, List<ControlFile>> byGroup) {
    String controller = knob == Knob.CPUS ? "cpuset" : "cpu";
    String group = target.groups().getOrDefault(controller, "");
    int version = files.version(controller);
    if (version == 0) {
      problem(target, "no cgroups with the controller " + controller + " are mounted here");
      return;
    }
    Map<String, String> raw = Dialect.files(version, knob, value);
    for (Map.Entry<String, String> each : raw.entrySet()) {
      ControlFile file = new ControlFile(controller, group, each.getKey());
      Optional<Optional<String>> old = old(target, file);
      if (old.isEmpty()) {
        return;
      }
      String why = knob.file() + " " + value;
      Wish wish = new Wish(target, old.get(), each.getValue(), version == 1 ? why : "");
      Wish other = wishes.putIfAbsent(file, wish);
      if (other == null) {
        byGroup.computeIfAbsent(controller + ":" + group, _ -> new ArrayList<>()).add(file);
      } else if (!KnobText.same(file, other.value(), wish.value())) {
        problem(
            target,
            file + " is set by " + other.target().entry().words() + " too. Remove one of the two.");
      }
    }
  }

  /// What a file reads; empty inside where it is not there until a controller is enabled, empty
  /// outside, with a problem noted, where it cannot be had.
  private Optional<Optional<String>> old(Target target, ControlFile file) {
    try {
      return Optional.of(Optional.of(files.read(file)));
    } catch (NoSuchFileException _) {
      return absent(target, file);
    } catch (IOException e) {
      problem(target, file + ": " + KernelAnswer.words(e));
      return Optional.empty();
    }
  }

  private Optional<Optional<String>> absent(Target target, ControlFile file) {
    try {
      files.identity(file);
    } catch (IOException e) {
      boolean none = e instanceof NoSuchFileException;
      String words = none ? "there is no such cgroup" : KernelAnswer.words(e);
      problem(target, file.group() + ": " + words + ". Start it, or correct the name.");
      return Optional.empty();
    }
    if (files.version(file.controller()) == 1) {
      problem(target, file + ": this kernel has no such file");
      return Optional.empty();
    }
    return enable(target, file) ? Optional.of(Optional.empty()) : Optional.empty();
  }

  /// Plans to let the groups from the owned one down use the controller.
  private boolean enable(Target target, ControlFile file) {
    List<String> above = new ArrayList<>();
    String group = file.group();
    while (!group.equals(owns)) {
      group = group.substring(0, group.lastIndexOf('/'));
      above.addFirst(group);
    }
    boolean offered = false;
    boolean missing = false;
    // One file, whichever controller it is asked for.
    String hierarchy = files.version("cpu") == 2 ? "cpu" : file.controller();
    for (String each : above) {
      try {
        ControlFile subtree = new ControlFile(hierarchy, each, ControlFile.SUBTREE);
        offered |= has(files.read(subtree.beside("cgroup.controllers")), file.controller());
        String enabled = files.read(subtree);
        if (!has(enabled, file.controller())) {
          missing = true;
          addEnabling(subtree, enabled, file.controller());
        }
      } catch (IOException e) {
        problem(target, each + ": " + KernelAnswer.words(e));
        return false;
      }
    }
    if (!offered || !missing) {
      String what = offered ? "this kernel has no " + file.name() : "its parent does not offer it";
      problem(target, file + " is not there: " + what);
    }
    return offered && missing;
  }

  private void addEnabling(ControlFile subtree, String enabled, String controller) {
    Change change =
        new Change(
            subtree,
            Optional.of(enabled),
            "+" + controller,
            Change.Kind.WRITE,
            "so that its children have " + controller);
    boolean known =
        steps.stream()
            .map(Step::change)
            .anyMatch(each -> each.file().equals(subtree) && each.value().equals(change.value()));
    if (!known) {
      steps.add(new Step(Phase.ENABLE, depth(subtree.group()), change));
    }
  }

  private static boolean has(String words, String controller) {
    return List.of(words.strip().split("\\s+")).contains(controller);
  }

  /// Plans the writes to one group of one hierarchy.
  private void planGroup(List<ControlFile> all) {
    ControlFile first = all.getFirst();
    if (first.controller().equals("cpuset")) {
      cpus(first);
      return;
    }
    Map<String, ControlFile> byName = new TreeMap<>();
    all.forEach(file -> byName.put(file.name(), file));
    share(first);
    Bandwidth.of(
            files.version("cpu"),
            name -> text(first.beside(name)),
            name -> wished(first.beside(name)))
        .ifPresent(bandwidth -> {
          bandwidth
              .problem()
              .ifPresent(what -> problem(target(first), first.group() + ": " + what));
          Phase phase = bandwidth.grows() ? Phase.WIDEN : Phase.NARROW;
          bandwidth.order().forEach(name -> write(phase, first.beside(name)));
        });
  }

  private Target target(ControlFile file) {
    return wish(file).target();
  }

  private Wish wish(ControlFile file) {
    Wish wish = wishes.get(file);
    if (wish == null) {
      throw new IllegalStateException("nothing is wished of " + file);
    }
    return wish;
  }

  private Optional<String> wished(ControlFile file) {
    return Optional.ofNullable(wishes.get(file)).map(Wish::value);
  }

  private Optional<String> text(ControlFile file) {
    Wish wish = wishes.get(file);
    if (wish != null) {
      return wish.old();
    }
    try {
      return Optional.of(files.read(file));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Weight and idleness. Becoming idle loses the weight, so it is remembered; a weight is refused
  /// while a group is idle, so idleness goes first.
  private void share(ControlFile any) {
    ControlFile idle = any.beside(Knob.IDLE.file());
    ControlFile weight = any.beside(Dialect.weightFile(files.version("cpu")));
    boolean isIdle = text(idle).map(text -> text.strip().equals("1")).orElse(false);
    boolean toBeIdle = wished(idle).map(text -> text.equals("1")).orElse(isIdle);
    if (wishes.containsKey(weight) && toBeIdle) {
      problem(
          target(weight),
          weight + ": Linux refuses a weight while cpu.idle is 1. Say `cpu.idle: 0` too.");
    }
    if (wishes.containsKey(idle) && isIdle != toBeIdle) {
      if (toBeIdle) {
        text(weight)
            .ifPresent(old ->
                add(
                    Phase.SHARE,
                    new Change(
                        weight,
                        Optional.of(old),
                        old,
                        Change.Kind.REMEMBER,
                        "the kernel forgets it with cpu.idle 1")));
      }
      write(Phase.SHARE, idle);
    }
    if (wishes.containsKey(weight) && isIdle) {
      // The kernel gives a group that ceases to be idle the usual weight.
      Wish wish = wish(weight);
      String usual = files.version("cpu") == 2 ? "100" : "1024";
      add(
          Phase.SHARE,
          new Change(weight, Optional.of(usual), wish.value(), Change.Kind.WRITE, wish.why()));
    } else if (wishes.containsKey(weight)) {
      write(Phase.SHARE, weight);
    }
  }

  private void cpus(ControlFile file) {
    Wish wish = wish(file);
    boolean inherits = files.version("cpuset") == 2;
    String old = wish.old().orElse("");
    CpuSet from = old.isBlank() && !inherits ? CpuSet.EMPTY : KnobText.cpus(old);
    CpuSet to = KnobText.cpus(wish.value());
    if (inherits && wish.old().filter(String::isBlank).isPresent()) {
      notes.add(
          file
              + " is empty. While processes run there, Linux takes no empty list back: a rollback"
              + " writes the parent's CPUs then, which mean the same");
    }
    if (from.containsAll(to)) {
      write(Phase.NARROW, file);
    } else if (to.containsAll(from) || !hasWishesBelow(file)) {
      write(Phase.WIDEN, file);
    } else {
      String both = from.or(to).toString();
      add(
          Phase.WIDEN,
          new Change(file, wish.old(), both, Change.Kind.WRITE, "on the way: its children move"));
      add(
          Phase.NARROW,
          new Change(file, Optional.of(both), wish.value(), Change.Kind.WRITE, wish.why()));
    }
  }

  private boolean hasWishesBelow(ControlFile file) {
    return wishes.keySet().stream()
        .anyMatch(other ->
            other.name().equals(file.name()) && other.group().startsWith(file.group() + "/"));
  }

  private void write(Phase phase, ControlFile file) {
    Wish wish = wish(file);
    add(phase, new Change(file, wish.old(), wish.value(), Change.Kind.WRITE, wish.why()));
  }

  private void add(Phase phase, Change change) {
    boolean already =
        change.kind() == Change.Kind.WRITE
            && change
                .old()
                .map(old -> KnobText.same(change.file(), old, change.value()))
                .orElse(false);
    if (already) {
      notes.add(
          change.file() + " is " + KnobText.normal(change.file(), change.value()) + " already");
    } else {
      steps.add(new Step(phase, depth(change.file().group()), change));
    }
  }
}
