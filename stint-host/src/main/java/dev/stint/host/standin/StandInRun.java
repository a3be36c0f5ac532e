package dev.stint.host.standin;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupRefused;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.CpuGroup;
import dev.stint.host.cgroup.FreezerGroups;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.host.live.CannotRunLive;
import dev.stint.host.live.ChildJvm;
import dev.stint.host.live.Undoings;
import dev.stint.host.proc.ThreadTimes;
import dev.stint.host.sys.Affinity;
import dev.stint.host.sys.SchedAttributes;
import dev.stint.model.linux.CgroupWeights;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.TaskSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs a plan once on this machine's kernel, as it is under the integrated scheduler or, with an
/// agent, under the core scheduler. All that it makes goes when it ends, also when the process is
/// told to stop; what a killed process left, the next run removes.
final class StandInRun {
  private final StandInPlan plan;
  private final HostFiles files;
  private final StandIn.Options options;
  private final boolean core;
  private final GroupMarker marker;

  private final Map<String, List<VcpuProcess>> ofVp = new LinkedHashMap<>();
  private final Map<String, String> families = new LinkedHashMap<>();

  /// @param core whether an agent takes the CPUs away in turns
  StandInRun(StandInPlan plan, HostFiles files, StandIn.Options options, boolean core) {
    this.plan = plan;
    this.files = files;
    this.options = options;
    this.core = core;
    marker = GroupMarker.ofThisProcess(files);
  }

  /// Runs it.
  StandInRepetition run(long warmUpNs, long windowNs) throws CannotRunLive {
    try (Undoings undoings = new Undoings(options.interruptions(), options.complaints())) {
      return conduct(undoings, warmUpNs, windowNs);
    } catch (CgroupRefused | IOException e) {
      throw CannotRunLive.machine(String.valueOf(e.getMessage()));
    }
  }

  private StandInRepetition conduct(Undoings undoings, long warmUpNs, long windowNs)
      throws CannotRunLive, IOException {
    Cgroups cgroups = Cgroups.of(files);
    OwnedGroups owned =
        undoings.keep(
            () -> OwnedGroups.open(files, cgroups, CgroupWrites.KERNEL, marker),
            OwnedGroups::close);
    CpuGroup top = owned.top();
    CpuGroup l1vh = top.child("l1vh");
    l1vh.cpus(plan.cpus());
    CpuGroup hypervisor = top.child("hypervisor");
    hypervisor.cpus(plan.cpus());
    Map<String, CpuGroup> groups = groups(l1vh);
    Freezing freezing = freezing(undoings, cgroups, l1vh);
    ChildJvm agent =
        undoings.keep(() -> new ChildJvm(options.agentClass(), marker.name()), ChildJvm::close);
    AgentTranscript transcript = new AgentTranscript();
    CpuSet spare = options.allCpus().minus(plan.cpus());
    agent.say("control " + (spare.isEmpty() ? options.allCpus() : spare));
    agent.say("watch proc/stat");
    agent.say("slice " + plan.scenario().hypervisor().timeSliceNs());
    for (int cpu : plan.cpus().toArray()) {
      agent.say("slot " + cpu);
    }
    boost(cgroups, top).ifPresent(agent::say);
    agent.say("prepare");
    agent.hear("ready", 0, transcript::add);
    ownTasks(undoings, top, groups, freezing);
    children(undoings, top, hypervisor, groups, freezing);
    for (Map.Entry<String, List<VcpuProcess>> vp : ofVp.entrySet()) {
      for (VcpuProcess process : vp.getValue()) {
        agent.say(
            "measure " + process.tid() + " " + ThreadTimes.path(process.pid(), process.tid()));
      }
      if (core) {
        StringBuilder words =
            new StringBuilder("vp ").append(freezing.group(vp.getKey())).append("/cgroup.freeze");
        vp.getValue().forEach(process -> words.append(' ').append(process.tid()));
        agent.say(words.toString());
      }
    }
    agent.say("go " + warmUpNs + " " + windowNs);
    agent.hear("done", warmUpNs + windowNs, transcript::add);
    return transcript.read(families, plan.cpus(), !spare.isEmpty());
  }

  /// The words that have the load outweigh everything else for the time of the run.
  private Optional<String> boost(Cgroups cgroups, CpuGroup top) {
    boolean two = cgroups.of("cpu").filter(cpu -> cpu.version() == 2).isPresent();
    String words =
        two
            ? "/cpu.weight " + CgroupWeights.WEIGHT_MAX + " 100"
            : "/cpu.shares " + CgroupWeights.SHARES_MAX + " 1024";
    return options.boost() ? Optional.of("boost " + top.path("cpu") + words) : Optional.empty();
  }

  private Map<String, CpuGroup> groups(CpuGroup l1vh) {
    Map<String, CpuGroup> groups = new LinkedHashMap<>();
    for (Map.Entry<String, GroupSpec> entry : plan.groups().entrySet()) {
      String path = entry.getKey();
      int slash = path.lastIndexOf('/');
      CpuGroup parent = slash < 0 ? l1vh : groups.getOrDefault(path.substring(0, slash), l1vh);
      CpuGroup group = parent.child(path.substring(slash + 1));
      group.weight(entry.getValue().weight());
      entry.getValue().quota().ifPresent(group::quota);
      entry.getValue().cpus().ifPresent(group::cpus);
      groups.put(path, group);
    }
    return groups;
  }

  private void ownTasks(
      Undoings undoings, CpuGroup top, Map<String, CpuGroup> groups, Freezing freezing)
      throws IOException, CannotRunLive {
    List<TaskSpec> tasks = plan.l1vh().tasks();
    for (int i = 0; i < tasks.size(); i++) {
      TaskSpec task = tasks.get(i);
      VcpuProcess process =
          undoings.keep(() -> VcpuProcess.spinning(marker.name()), VcpuProcess::close);
      String vp = StandInPlan.vp(plan.l1vh(), plan.vpOf(i));
      place(process, top, groups.getOrDefault(task.group(), top));
      freezing.add(vp, process);
      new SchedAttributes(SchedAttributes.NORMAL, task.nice(), 0, task.sliceNs().orElse(0))
          .set((int) process.tid());
      if (task.affinity().isPresent()) {
        Affinity.set((int) process.tid(), task.affinity().get());
      }
      runs(vp, process, task.group());
    }
  }

  /// Under the core scheduler a VP is the hypervisor's, and its vCPU thread sleeps; under the
  /// integrated scheduler the vCPU thread carries it.
  private void children(
      Undoings undoings,
      CpuGroup top,
      CpuGroup hypervisor,
      Map<String, CpuGroup> groups,
      Freezing freezing)
      throws IOException, CannotRunLive {
    for (PartitionSpec child : plan.l1vh().children()) {
      CpuGroup group = groups.getOrDefault(child.group(), top);
      for (int i = 0; i < child.vps(); i++) {
        String vp = StandInPlan.vp(child, i);
        VcpuProcess process = vcpu(undoings);
        if (core) {
          place(process, top, hypervisor.child(vp));
          place(
              undoings.keep(() -> VcpuProcess.sleeping(marker.name()), VcpuProcess::close),
              top,
              group);
          freezing.add(vp, process);
        } else {
          place(process, top, group);
          if (!child.affinity().isEmpty()) {
            Affinity.set((int) process.tid(), child.affinity().get(i));
          }
        }
        runs(vp, process, child.group());
      }
    }
  }

  private VcpuProcess vcpu(Undoings undoings) throws IOException, CannotRunLive {
    if (!options.emulated()) {
      return undoings.keep(() -> VcpuProcess.spinning(marker.name()), VcpuProcess::close);
    }
    BootDisk disk = undoings.keep(() -> BootDisk.make(files, marker), BootDisk::close);
    return undoings.keep(
        () -> VcpuProcess.emulated(files, marker.name(), disk.path()), VcpuProcess::close);
  }

  private static void place(VcpuProcess process, CpuGroup top, CpuGroup group) {
    top.addProcess(process.pid());
    group.addThread(process.tid());
  }

  private void runs(String vp, VcpuProcess process, String group) {
    ofVp.computeIfAbsent(vp, _ -> new ArrayList<>()).add(process);
    families.put(Long.toString(process.tid()), StandInPlan.family(group));
  }

  /// Where VPs are frozen: in cgroups of version 2 of their own, or where those have the cpu
  /// controller, in the cgroups they are in anyhow.
  private interface Freezing {
    String group(String vp);

    void add(String vp, VcpuProcess process);
  }

  private Freezing freezing(Undoings undoings, Cgroups cgroups, CpuGroup l1vh)
      throws IOException, CannotRunLive {
    if (!core) {
      return new InCpuGroups(Map.of(), "");
    }
    if (FreezerGroups.possible(cgroups)) {
      FreezerGroups freezers =
          undoings.keep(
              () -> FreezerGroups.open(files, cgroups, CgroupWrites.KERNEL, marker),
              FreezerGroups::close);
      Map<String, String> paths = new LinkedHashMap<>();
      plan.vps().forEach(vp -> paths.put(vp, freezers.child(vp)));
      return new Apart(freezers, paths);
    }
    if (cgroups.version2().filter(two -> two.has("cpu")).isEmpty()) {
      throw CannotRunLive.machine(
          "VPs are frozen by cgroups of version 2, and no cgroup2 hierarchy is mounted");
    }
    if (plan.l1vh().vps() > 1 && !plan.l1vh().tasks().isEmpty()) {
      throw CannotRunLive.machine(
          "with the cpu controller in version 2 an L1VH with tasks can have one VP only");
    }
    Map<String, String> paths = new LinkedHashMap<>();
    String own = l1vh.path("cpu");
    String others = own.substring(0, own.lastIndexOf('/')) + "/hypervisor/";
    plan.vps().forEach(vp -> paths.put(vp, others + vp));
    paths.replace(StandInPlan.vp(plan.l1vh(), 0), own);
    return new InCpuGroups(paths, own);
  }

  private record InCpuGroups(Map<String, String> paths, String otherwise) implements Freezing {
    @Override
    public String group(String vp) {
      return paths.getOrDefault(vp, otherwise);
    }

    @Override
    public void add(String vp, VcpuProcess process) {
      // It is in its group already.
    }
  }

  private record Apart(FreezerGroups freezers, Map<String, String> paths) implements Freezing {
    @Override
    public String group(String vp) {
      return Optional.ofNullable(paths.get(vp)).orElseThrow();
    }

    @Override
    public void add(String vp, VcpuProcess process) {
      freezers.addProcess(process.pid());
      freezers.addThread(group(vp), process.tid());
    }
  }
}
