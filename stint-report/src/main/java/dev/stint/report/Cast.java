package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.WaitReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who appears in a report: under which heading, by which name, and who ran while they waited.
public final class Cast {
  private static final String THREAD = "/thread:";

  private final Layout layout;
  private final List<RunIndex> runs;

  /// Some of them, under a heading.
  ///
  /// @param detail whether other parts say the main thing already
  public record Part(String title, List<Subject> subjects, boolean detail) {
    /// Copies the list.
    public Part {
      subjects = List.copyOf(subjects);
    }
  }

  /// While `victim` waited for `reason`, this one held the processor, or forbade it.
  ///
  /// @param occupant a partition, a cgroup, a task or a rule, as a person would say it
  /// @param itself whether the occupant is part of the victim
  public record Held(String victim, WaitReason reason, String occupant, boolean itself, long ns) {}

  /// The cast of all runs.
  public Cast(Results results) {
    layout = new Layout(results.scenario());
    runs = results.runs().stream().map(run -> new RunIndex(run, layout)).toList();
  }

  /// The cgroups and VMs in question, the partitions outside, the VMs that have a cgroup to
  /// themselves, the cgroups of guests, and the tasks; without the parts that nobody is in.
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    if (layout.hasFamily()) {
      List<Subject> family = new ArrayList<>(layout.familyGroups());
      List<Subject> inNone = layout.familyPartitionsInNoOwnGroup();
      family.addAll(inNone);
      List<Subject> inOwn = new ArrayList<>(layout.familyPartitions());
      inOwn.removeAll(inNone);
      add(parts, layout.familyName(), family, false);
      add(parts, "Outside the " + layout.parentNoun(), layout.outside(), false);
      add(parts, "VMs with a cgroup of their own", inOwn, !parts.isEmpty());
    } else {
      add(parts, "Partitions", layout.outside(), false);
    }
    add(parts, "Cgroups of guests", layout.innerGroups(), false);
    add(parts, "Tasks", layout.tasks(), !parts.isEmpty());
    return parts;
  }

  private void add(List<Part> parts, String title, List<Subject> subjects, boolean detail) {
    List<Subject> present =
        subjects.stream()
            .filter(s -> runs.stream().anyMatch(run -> run.entity(s).isPresent()))
            .toList();
    if (!present.isEmpty()) {
      parts.add(new Part(title, present, detail));
    }
  }

  /// An entity as a person would name it, rules and vCPU threads too.
  public String name(String path) {
    int thread = path.indexOf(THREAD);
    return thread >= 0
        ? path.substring(thread + THREAD.length()) + " (thread)"
        : layout.ruleName(path).orElseGet(() -> layout.name(path));
  }

  /// The partition that an entity belongs to, itself if it is one; a vCPU thread belongs to the VM
  /// that it carries.
  public Optional<String> partitionOf(String path) {
    return layout.vmOfThread(path).or(() -> layout.partitionOf(path));
  }

  /// Who held processors while the subjects of all parts waited, in one run.
  ///
  /// @param run index of the run
  public List<Held> held(int run) {
    RunIndex index = runs.get(run);
    List<Held> held = new ArrayList<>();
    for (Part part : parts()) {
      for (Subject subject : part.subjects()) {
        index.entity(subject).ifPresent(entity -> held.addAll(held(index, entity)));
      }
    }
    return held;
  }

  private static List<Held> held(RunIndex index, EntityResult victim) {
    List<Held> held = new ArrayList<>();
    for (WaitReason reason : victim.waitNs().keySet()) {
      for (RunIndex.Occupant occupant : index.occupants(victim.path(), reason)) {
        held.add(
            new Held(victim.path(), reason, occupant.name(), occupant.itself(), occupant.ns()));
      }
    }
    return held;
  }
}
