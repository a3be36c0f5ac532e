package dev.stint.host.control;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.scenario.Policy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds the cgroups that a policy's entries stand for.
///
/// A VM or a process stands for the least cgroup that holds all its threads: a VMM's vCPU threads
/// are often in groups of their own, and what is said of the VM is meant for all of them.
final class EntryGroups {
  private static final List<String> CONTROLLERS = List.of("cpu", "cpuset");
  private static final int GROUP_COUNT_MAX = 20_000;

  private final HostFiles host;
  private final ControlFiles files;
  private final String owns;
  private final List<String> problems = new ArrayList<>();

  EntryGroups(HostFiles host, ControlFiles files, String owns) {
    this.host = host;
    this.files = files;
    this.owns = owns;
  }

  /// Why entries stand for nothing, or not for one cgroup.
  List<String> problems() {
    return problems;
  }

  List<Target> targets(Policy policy) {
    List<Target> targets = new ArrayList<>();
    for (Policy.Entry entry : policy.entries()) {
      Optional<Map<String, String>> groups =
          switch (entry.kind()) {
            case CGROUP -> Optional.of(everywhere(owns + "/" + entry.name()));
            case VM -> ofProcesses(entry, Processes.ofVm(host, entry.name()), true);
            case PROCESS -> ofProcesses(entry, Processes.named(host, entry.name()), false);
            case POD -> ofPod(entry);
          };
      groups.ifPresent(found -> targets.add(new Target(entry, found)));
    }
    return targets;
  }

  private static Map<String, String> everywhere(String group) {
    Map<String, String> groups = new LinkedHashMap<>();
    CONTROLLERS.forEach(controller -> groups.put(controller, group));
    return groups;
  }

  private Optional<Map<String, String>> problem(Policy.Entry entry, String what) {
    problems.add(entry.place() + ": " + entry.words() + ": " + what);
    return Optional.empty();
  }

  private Optional<Map<String, String>> ofProcesses(
      Policy.Entry entry, List<Long> pids, boolean one) {
    if (pids.isEmpty()) {
      return problem(entry, "no such process runs here, or it may not be looked at");
    }
    if (one && pids.size() > 1) {
      return problem(
          entry, "several processes have the name: " + pids + ". Name the cgroup instead");
    }
    Map<String, String> groups = new LinkedHashMap<>();
    for (String controller : CONTROLLERS) {
      boolean used =
          entry.settings().keySet().stream()
              .anyMatch(knob -> (knob == Policy.Knob.CPUS) == controller.equals("cpuset"));
      if (!used) {
        continue;
      }
      Optional<String> group = common(controller, pids);
      if (group.isEmpty() || !group.get().startsWith(owns + "/")) {
        String where = group.isEmpty() ? "nowhere" : "/" + group.get();
        return problem(
            entry, "its threads are in " + where + " of " + controller + ", not below " + owns);
      }
      groups.put(controller, group.get());
    }
    return Optional.of(groups);
  }

  /// The least cgroup that holds all threads of some processes.
  private Optional<String> common(String controller, List<Long> pids) {
    int version = Cgroups.of(host).of(controller).map(found -> found.version()).orElse(0);
    Optional<List<String>> common = Optional.empty();
    for (long pid : pids) {
      for (String thread : host.list("proc/" + pid + "/task")) {
        Optional<String> cgroup = cgroup(pid, thread, version == 1 ? controller : "");
        if (cgroup.isEmpty()) {
          // The thread has ended meanwhile.
          continue;
        }
        List<String> parts = List.of(cgroup.get().replaceFirst("^/", "").split("/"));
        common = Optional.of(common.map(known -> shared(known, parts)).orElse(parts));
      }
    }
    return common.map(parts -> String.join("/", parts));
  }

  private static List<String> shared(List<String> a, List<String> b) {
    int count = 0;
    while (count < Math.min(a.size(), b.size()) && a.get(count).equals(b.get(count))) {
      count++;
    }
    return a.subList(0, count);
  }

  private Optional<String> cgroup(long pid, String thread, String controller) {
    return switch (host.read("proc/" + pid + "/task/" + thread + "/cgroup")) {
      case Text.Unreadable _ -> Optional.empty();
      case Text.Read(String text) ->
          text.lines()
              .map(line -> line.split(":", 3))
              .filter(fields -> fields.length == 3)
              .filter(fields -> List.of(fields[1].split(",")).contains(controller))
              .map(fields -> fields[2])
              .findFirst();
    };
  }

  private Optional<Map<String, String>> ofPod(Policy.Entry entry) {
    String uid = entry.name();
    if (uid.contains("/")) {
      String prefix = uid.replace('/', '_') + "_";
      List<String> uids =
          host.list("var/log/pods").stream()
              .filter(name -> name.startsWith(prefix))
              .map(name -> name.substring(prefix.length()))
              .toList();
      if (uids.size() != 1) {
        return problem(
            entry, uids.size() + " pods in /var/log/pods have the name. Write the UID instead");
      }
      uid = uids.getFirst();
    }
    Map<String, String> groups = new LinkedHashMap<>();
    for (String controller : CONTROLLERS) {
      if (files.version(controller) > 0) {
        Optional<String> group = find(controller, uid.toLowerCase(Locale.ROOT));
        group.ifPresent(found -> groups.put(controller, found));
      }
    }
    return groups.isEmpty()
        ? problem(entry, "no cgroup of a pod " + uid + " below " + owns)
        : Optional.of(groups);
  }

  /// The cgroup that a kubelet made for a pod: `pod<uid>`, or `...-pod<uid with _>.slice`.
  private Optional<String> find(String controller, String uid) {
    String plain = "pod" + uid;
    String slice = "-pod" + uid.replace('-', '_') + ".slice";
    Deque<String> open = new ArrayDeque<>(List.of(owns));
    for (int count = 0; !open.isEmpty() && count < GROUP_COUNT_MAX; count++) {
      String group = open.removeFirst();
      try {
        for (String child : files.children(controller, group)) {
          String path = group + "/" + child;
          if (child.equals(plain) || child.endsWith(slice)) {
            return Optional.of(path);
          }
          open.addLast(path);
        }
      } catch (IOException _) {
        // Gone meanwhile, or not for us to see.
      }
    }
    return Optional.empty();
  }
}
