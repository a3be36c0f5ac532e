package dev.stint.host.cgroup;

import dev.stint.host.CpuList;
import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Numbers;
import dev.stint.model.linux.CgroupWeights;
import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A cgroup with the cpu and cpuset controllers, of either version: one directory under version 2,
/// one in each of the hierarchies concerned under version 1. Verbs write to the kernel at once and
/// throw [CgroupRefused] when it says no. A group is made for threads: under version 2 all below an
/// owned top are threaded.
public final class CpuGroup {
  private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "cpuset");
  private static final long US = 1000;

  private final HostFiles files;
  private final CgroupWrites writes;

  /// Where it is, by the hierarchy's mount point.
  private final Map<Hierarchy, String> places;

  private CpuGroup(HostFiles files, CgroupWrites writes, Map<Hierarchy, String> places) {
    this.files = files;
    this.writes = writes;
    this.places = places;
  }

  /// Makes a cgroup at the root of the hierarchies that have the controllers, or where this user
  /// may not, below the cgroup of this process.
  ///
  /// @param name of the directory
  static CpuGroup top(HostFiles files, Cgroups cgroups, CgroupWrites writes, String name) {
    Map<Hierarchy, String> bases = new LinkedHashMap<>();
    for (String controller : CONTROLLERS) {
      cgroups.of(controller).ifPresent(found -> bases.putIfAbsent(found, base(files, found)));
    }
    if (cgroups.of("cpu").isEmpty()) {
      throw new CgroupRefused("there is no cgroup hierarchy with the cpu controller");
    }
    CpuGroup base = new CpuGroup(files, writes, bases);
    return base.made(name, false);
  }

  /// Where groups can be made in a hierarchy.
  static String base(HostFiles files, Hierarchy hierarchy) {
    boolean own = !Files.isWritable(files.path(hierarchy.path("")));
    return own ? hierarchy.own() : "";
  }

  /// Makes a cgroup below this one.
  ///
  /// @param name of the directory
  public CpuGroup child(String name) {
    return made(name, true);
  }

  private CpuGroup made(String name, boolean threaded) {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new CgroupRefused("\"" + name + "\" is no name for a cgroup");
    }
    Map<Hierarchy, String> made = new LinkedHashMap<>();
    places.forEach((hierarchy, place) -> {
      String group = place.isEmpty() ? name : place + "/" + name;
      if (hierarchy.version() == 2) {
        enable(hierarchy, place);
      }
      make(hierarchy.path(group));
      made.put(hierarchy, group);
      if (hierarchy.version() == 2 && threaded) {
        write(hierarchy.path(group) + "/cgroup.type", "threaded");
      }
      if (hierarchy.version() == 1 && hierarchy.has("cpuset")) {
        inherit(hierarchy, place, group, "cpuset.mems");
        inherit(hierarchy, place, group, "cpuset.cpus");
      }
    });
    return new CpuGroup(files, writes, made);
  }

  /// Gives the children of a version 2 cgroup the controllers.
  private void enable(Hierarchy hierarchy, String place) {
    String control = hierarchy.path(place) + "/cgroup.subtree_control";
    List<String> enabled =
        files.read(control) instanceof Text.Read(String text)
            ? List.of(text.strip().split("\\s+"))
            : List.of();
    for (String controller : CONTROLLERS) {
      if (hierarchy.has(controller) && !enabled.contains(controller)) {
        write(control, "+" + controller);
      }
    }
  }

  /// A new cpuset of version 1 is empty, and refuses tasks until it is not.
  private void inherit(Hierarchy hierarchy, String parent, String group, String file) {
    if (files.read(hierarchy.path(parent) + "/" + file) instanceof Text.Read(String text)) {
      write(hierarchy.path(group) + "/" + file, text.strip());
    }
  }

  /// Sets its weight beside its siblings, in whichever of the files the kernel has.
  public void weight(GroupWeight weight) {
    boolean two = hierarchy("cpu").version() == 2;
    switch (weight) {
      case GroupWeight.OfWeight(int value) when two -> set("cpu", "cpu.weight", "" + value);
      case GroupWeight.OfNice(int nice) when two -> set("cpu", "cpu.weight.nice", "" + nice);
      case GroupWeight.Idle() -> set("cpu", "cpu.idle", "1");
      case GroupWeight.OfWeight _, GroupWeight.OfNice _ ->
          set("cpu", "cpu.shares", "" + weight.shares());
    }
  }

  /// Gives it the most weight that the kernel knows.
  public void heaviest() {
    if (hierarchy("cpu").version() == 2) {
      set("cpu", "cpu.weight", "" + CgroupWeights.WEIGHT_MAX);
    } else {
      set("cpu", "cpu.shares", "" + CgroupWeights.SHARES_MAX);
    }
  }

  /// Limits its run time. The phase of the periods is the kernel's own.
  public void quota(Quota quota) {
    long quotaUs = quota.quotaNs() / US;
    long periodUs = quota.periodNs() / US;
    long burstUs = quota.burstNs() / US;
    if (hierarchy("cpu").version() == 2) {
      set("cpu", "cpu.max", quotaUs + " " + periodUs);
      if (burstUs > 0) {
        set("cpu", "cpu.max.burst", "" + burstUs);
      }
    } else {
      set("cpu", "cpu.cfs_period_us", "" + periodUs);
      set("cpu", "cpu.cfs_quota_us", "" + quotaUs);
      if (burstUs > 0) {
        set("cpu", "cpu.cfs_burst_us", "" + burstUs);
      }
    }
  }

  /// Lifts the limit of its run time.
  public void unlimited() {
    if (hierarchy("cpu").version() == 2) {
      set("cpu", "cpu.max", "max");
    } else {
      set("cpu", "cpu.cfs_quota_us", "-1");
    }
  }

  /// Confines it to CPUs.
  public void cpus(CpuSet cpus) {
    set("cpuset", "cpuset.cpus", cpus.toString());
  }

  /// The CPUs its tasks may use now; absent if the kernel does not say.
  public Optional<CpuSet> effectiveCpus() {
    boolean two = hierarchy("cpuset").version() == 2;
    String file = two ? "cpuset.cpus.effective" : "cpuset.effective_cpus";
    return files.read(path("cpuset") + "/" + file) instanceof Text.Read(String text)
        ? CpuList.parse(text)
        : Optional.empty();
  }

  /// Moves a process with all its threads here.
  public void addProcess(long pid) {
    places.forEach((hierarchy, group) -> write(hierarchy.path(group) + "/cgroup.procs", "" + pid));
  }

  /// Moves one thread here. Under version 2 its process has to be in the owned top.
  public void addThread(long tid) {
    places.forEach((hierarchy, group) -> {
      String file = hierarchy.version() == 2 ? "/cgroup.threads" : "/tasks";
      write(hierarchy.path(group) + file, "" + tid);
    });
  }

  /// What the kernel counted for it.
  public CpuStat stat() {
    Hierarchy cpu = hierarchy("cpu");
    String text =
        files.read(path("cpu") + "/cpu.stat") instanceof Text.Read(String stat) ? stat : "";
    if (cpu.version() == 2) {
      return CpuStat.ofVersion2(text);
    }
    OptionalLong usageNs =
        find("cpuacct")
                    .map(hierarchy -> files.read(path("cpuacct") + "/cpuacct.usage"))
                    .orElse(new Text.Unreadable("no cpuacct"))
                instanceof Text.Read(String usage)
            ? Numbers.count(usage)
            : OptionalLong.empty();
    return CpuStat.ofVersion1(text, usageNs);
  }

  /// Its directory in the hierarchy of a controller, without a leading `/`.
  public String path(String controller) {
    Hierarchy hierarchy = hierarchy(controller);
    return hierarchy.path(places.getOrDefault(hierarchy, ""));
  }

  /// Its directories, one or more, without a leading `/`.
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    places.forEach((hierarchy, group) -> paths.add(hierarchy.path(group)));
    return paths;
  }

  private Hierarchy hierarchy(String controller) {
    return find(controller)
        .orElseThrow(() ->
            new CgroupRefused(
                "there is no cgroup hierarchy with the " + controller + " controller"));
  }

  private Optional<Hierarchy> find(String controller) {
    return places.keySet().stream().filter(hierarchy -> hierarchy.has(controller)).findFirst();
  }

  private void make(String path) {
    try {
      writes.make(files.path(path));
    } catch (IOException e) {
      throw new CgroupRefused("mkdir /" + path, e);
    }
  }

  private void set(String controller, String file, String value) {
    write(path(controller) + "/" + file, value);
  }

  private void write(String path, String value) {
    try {
      writes.write(files.path(path), value);
    } catch (IOException e) {
      throw new CgroupRefused("write \"" + value + "\" to /" + path, e);
    }
  }
}
