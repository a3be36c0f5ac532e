package dev.stint.host.live;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupRefused;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.CpuGroup;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.TaskSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs a plan once on this machine's kernel. All that it makes goes when it ends, also when the
/// process is told to stop; what a killed process left, the next run removes.
final class LiveRun {
  private final LivePlan plan;
  private final HostFiles files;
  private final LiveValidation.Options options;

  LiveRun(LivePlan plan, HostFiles files, LiveValidation.Options options) {
    this.plan = plan;
    this.files = files;
    this.options = options;
  }

  /// Runs it.
  LiveRepetition run(long warmUpNs, long windowNs) throws CannotRunLive {
    Cgroups cgroups = Cgroups.of(files);
    GroupMarker marker = GroupMarker.ofThisProcess(files);
    try (Undoings undoings = new Undoings(options.interruptions(), options.complaints())) {
      OwnedGroups owned =
          undoings.keep(
              () -> OwnedGroups.open(files, cgroups, CgroupWrites.KERNEL, marker),
              OwnedGroups::close);
      ChildJvm worker =
          undoings.keep(() -> new ChildJvm(options.workerClass(), marker.name()), ChildJvm::close);
      return conduct(owned.top(), worker, warmUpNs, windowNs);
    } catch (CgroupRefused | IOException e) {
      throw CannotRunLive.machine(String.valueOf(e.getMessage()));
    }
  }

  private LiveRepetition conduct(CpuGroup top, ChildJvm worker, long warmUpNs, long windowNs)
      throws CannotRunLive, IOException {
    if (options.boost()) {
      top.heaviest();
    }
    CpuGroup control = top.child("control");
    Map<String, CpuGroup> groups = new LinkedHashMap<>();
    Map<String, String> stats = new LinkedHashMap<>();
    for (Map.Entry<String, GroupSpec> entry : plan.groups().entrySet()) {
      CpuGroup group = make(top, groups, entry.getKey(), entry.getValue());
      groups.put(entry.getKey(), group);
      if (entry.getValue().quota().isPresent()) {
        stats.put(entry.getKey(), group.path("cpu") + "/cpu.stat");
      }
    }
    worker.say("watch proc/stat");
    stats.values().forEach(path -> worker.say("watch " + path));
    CpuSet spare = plan.cpus().minus(plan.used());
    if (!spare.isEmpty()) {
      worker.say("control " + spare);
    }
    plan.tasks().forEach(task -> worker.say(LiveTask.words(task)));
    worker.say("threads");
    Map<String, Long> threads = threads(worker);
    top.addProcess(worker.pid());
    control.addProcess(worker.pid());
    for (TaskSpec task : plan.tasks()) {
      CpuGroup group = task.group().isEmpty() ? top : groups.getOrDefault(task.group(), top);
      group.addThread(threads.getOrDefault(task.name(), 0L));
    }
    worker.say("go " + warmUpNs + " " + windowNs);
    LiveTranscript transcript = new LiveTranscript();
    worker.hear("done", warmUpNs + windowNs, transcript::add);
    return transcript.read(plan, stats, windowNs);
  }

  /// The threads of the tasks, by name.
  private static Map<String, Long> threads(ChildJvm worker) throws CannotRunLive, IOException {
    Map<String, Long> threads = new LinkedHashMap<>();
    worker.hear(
        "ready",
        0,
        line -> {
          String[] words = line.split(" ");
          if (words[0].equals("thread")) {
            threads.put(words[1], Long.parseLong(words[2]));
          }
        });
    return threads;
  }

  private static CpuGroup make(
      CpuGroup top, Map<String, CpuGroup> groups, String path, GroupSpec spec) {
    int slash = path.lastIndexOf('/');
    CpuGroup parent = slash < 0 ? top : groups.getOrDefault(path.substring(0, slash), top);
    CpuGroup group = parent.child(path.substring(slash + 1));
    group.weight(spec.weight());
    spec.quota().ifPresent(group::quota);
    spec.cpus().ifPresent(group::cpus);
    return group;
  }
}
