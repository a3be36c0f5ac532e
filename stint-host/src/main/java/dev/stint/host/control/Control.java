package dev.stint.host.control;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.scenario.Policy;
import java.util.ArrayList;
import java.util.List;

/// Plans policies for a host.
public final class Control {
  private final HostFiles host;

  /// @param host this machine, or a recorded tree
  public Control(HostFiles host) {
    this.host = host;
  }

  /// What to write for a policy.
  ///
  /// @param files the cgroups that the policy owns
  public Plan plan(Policy policy, ControlFiles files) {
    if (files.version("cpu") == 0 && files.version("cpuset") == 0) {
      return new Plan(
          List.of(), List.of(), List.of("no cgroups with cpu or cpuset are mounted here"));
    }
    EntryGroups groups = new EntryGroups(host, files, policy.owns());
    List<Target> targets = groups.targets(policy);
    Plan plan = new Planner(files, policy.owns()).plan(targets);
    if (groups.problems().isEmpty()) {
      return plan;
    }
    List<String> problems = new ArrayList<>(groups.problems());
    problems.addAll(plan.problems());
    return new Plan(List.of(), plan.notes(), problems);
  }

  /// The kernel's id of this boot; empty where it has none.
  public String boot() {
    return switch (host.read("proc/sys/kernel/random/boot_id")) {
      case Text.Read(String text) -> text.strip();
      case Text.Unreadable _ -> "";
    };
  }
}
