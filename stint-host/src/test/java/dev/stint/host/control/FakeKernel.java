package dev.stint.host.control;

import dev.stint.model.machine.CpuSet;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Cgroups in memory that accept and refuse what Linux does: hierarchical quotas and cpusets of
/// version 1, subtree control of version 2, bursts below quotas, weights lost to idleness.
final class FakeKernel implements ControlFiles {
  static final String OWNED = "machine";

  private final int version;
  private final int cpuCount;
  private final Map<String, Map<String, String>> groups = new TreeMap<>();
  private final Set<String> populated = new TreeSet<>();

  FakeKernel(int version, int cpuCount) {
    this.version = version;
    this.cpuCount = cpuCount;
    make(OWNED);
    if (version == 2) {
      group(OWNED).put("cgroup.controllers", "cpu cpuset memory");
    }
  }

  /// A copy.
  FakeKernel(FakeKernel other) {
    version = other.version;
    cpuCount = other.cpuCount;
    other.groups.forEach((path, files) -> groups.put(path, new TreeMap<>(files)));
    populated.addAll(other.populated);
  }

  /// Lets a process run in a group.
  void populate(String path) {
    populated.add(path);
  }

  private boolean isPopulated(String path) {
    return populated.stream().anyMatch(each -> each.equals(path) || each.startsWith(path + "/"));
  }

  /// In version 2 an empty list means the parent's CPUs.
  private String effective(String path) {
    Map<String, String> files = groups.getOrDefault(path, Map.of());
    String cpus = files.getOrDefault("cpuset.cpus", "");
    if (!cpus.isEmpty()) {
      return cpus;
    }
    return path.isEmpty() ? "0-" + (cpuCount - 1) : effective(parent(path));
  }

  /// Makes a group; its parent is there.
  void make(String path) {
    Map<String, String> files = new TreeMap<>();
    groups.put(path, files);
    if (version == 1) {
      files.put("cpu.shares", "1024");
      files.put("cpu.cfs_quota_us", "-1");
      files.put("cpu.cfs_period_us", "100000");
      files.put("cpu.cfs_burst_us", "0");
      files.put("cpu.idle", "0");
      files.put("cpuset.cpus", "0-" + (cpuCount - 1));
    } else {
      files.put("cgroup.subtree_control", "");
      files.put("cgroup.controllers", "");
      String parent = parent(path);
      if (groups.containsKey(parent)) {
        List.of(group(parent).get("cgroup.subtree_control").split(" "))
            .forEach(controller -> offer(path, controller));
      }
    }
  }

  private void offer(String path, String controller) {
    Map<String, String> files = group(path);
    files.put("cgroup.controllers", (files.get("cgroup.controllers") + " " + controller).strip());
    if (controller.equals("cpu")) {
      files.put("cpu.weight", "100");
      files.put("cpu.max", "max 100000");
      files.put("cpu.max.burst", "0");
      files.put("cpu.idle", "0");
    } else if (controller.equals("cpuset")) {
      files.put("cpuset.cpus", "");
    }
  }

  private void withdraw(String path, String controller) {
    Map<String, String> files = group(path);
    List<String> left = new ArrayList<>(List.of(files.get("cgroup.controllers").split(" ")));
    left.remove(controller);
    files.put("cgroup.controllers", String.join(" ", left));
    files.keySet().removeIf(name -> name.startsWith(controller + "."));
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private Map<String, String> group(String path) {
    Map<String, String> files = groups.get(path);
    if (files == null) {
      throw new AssertionError("no group " + path);
    }
    return files;
  }

  private List<String> childrenOf(String path) {
    return groups.keySet().stream().filter(each -> parent(each).equals(path)).toList();
  }

  @Override
  public String toString() {
    return groups.toString();
  }

  @Override
  public int version(String controller) {
    return version;
  }

  @Override
  public String read(ControlFile file) throws IOException {
    Map<String, String> files = groups.get(file.group());
    if (files != null && version == 2 && file.name().equals(ControlFile.EFFECTIVE)) {
      return effective(file.group()) + "\n";
    }
    if (files == null || !files.containsKey(file.name())) {
      throw new NoSuchFileException(file.toString());
    }
    return files.get(file.name()) + "\n";
  }

  @Override
  public String identity(ControlFile file) throws IOException {
    if (!groups.containsKey(file.group())) {
      throw new NoSuchFileException(file.toString());
    }
    return "id of " + file.group();
  }

  @Override
  public List<String> children(String controller, String group) {
    return childrenOf(group).stream().map(path -> path.substring(group.length() + 1)).toList();
  }

  @Override
  public void write(ControlFile file, String text) throws IOException {
    String old = read(file).strip();
    String value = text.strip();
    Map<String, String> files = group(file.group());
    switch (file.name()) {
      case "cgroup.subtree_control" -> subtree(file.group(), value);
      case "cpuset.cpus" -> cpuset(file, value);
      case "cpu.weight", "cpu.shares" -> {
        refuseIf(files.get("cpu.idle").equals("1"), "Invalid argument");
        files.put(file.name(), value);
      }
      case "cpu.idle" -> {
        files.put("cpu.idle", value);
        String name = version == 2 ? "cpu.weight" : "cpu.shares";
        boolean changed = !old.equals(value);
        String idle = version == 2 ? "1" : "3";
        String usual = version == 2 ? "100" : "1024";
        if (changed) {
          files.put(name, value.equals("1") ? idle : usual);
        }
      }
      case "cpu.max" ->
          files.put(
              "cpu.max", value.split(" ").length == 1 ? value + " " + old.split(" ")[1] : value);
      default -> files.put(file.name(), value);
    }
    try {
      checkBurst(files);
      checkQuotas(file.group());
    } catch (IOException e) {
      files.put(file.name(), old);
      throw e;
    }
  }

  private static void refuseIf(boolean wrong, String answer) throws IOException {
    if (wrong) {
      throw new IOException(answer);
    }
  }

  private void subtree(String path, String value) throws IOException {
    Map<String, String> files = group(path);
    for (String word : value.split(" ")) {
      if (word.isEmpty()) {
        continue;
      }
      String controller = word.substring(1);
      List<String> enabled =
          new ArrayList<>(List.of(files.get("cgroup.subtree_control").split(" ")));
      enabled.remove("");
      if (word.startsWith("+") && !enabled.contains(controller)) {
        boolean offered = List.of(files.get("cgroup.controllers").split(" ")).contains(controller);
        refuseIf(!offered, "No such file or directory");
        enabled.add(controller);
        childrenOf(path).forEach(child -> offer(child, controller));
      } else if (word.startsWith("-") && enabled.remove(controller)) {
        for (String child : childrenOf(path)) {
          boolean used =
              List.of(group(child).get("cgroup.subtree_control").split(" ")).contains(controller);
          refuseIf(used, "Device or resource busy");
        }
        childrenOf(path).forEach(child -> withdraw(child, controller));
      }
      enabled.sort(null);
      files.put("cgroup.subtree_control", String.join(" ", enabled));
    }
  }

  private void cpuset(ControlFile file, String value) throws IOException {
    CpuSet cpus = value.isEmpty() ? CpuSet.EMPTY : KnobText.cpus(value);
    if (version == 1) {
      String parent = parent(file.group());
      if (groups.containsKey(parent)) {
        CpuSet above = KnobText.cpus(group(parent).get("cpuset.cpus"));
        refuseIf(!above.containsAll(cpus), "Permission denied");
      }
      for (String child : childrenOf(file.group())) {
        CpuSet below = KnobText.cpus(group(child).get("cpuset.cpus"));
        refuseIf(!cpus.containsAll(below), "Device or resource busy");
      }
    }
    boolean emptied = cpus.isEmpty() && !group(file.group()).get("cpuset.cpus").isEmpty();
    refuseIf(emptied && isPopulated(file.group()), "No space left on device");
    group(file.group()).put("cpuset.cpus", cpus.toString());
  }

  private void checkBurst(Map<String, String> files) throws IOException {
    String max = files.getOrDefault(version == 2 ? "cpu.max" : "cpu.cfs_quota_us", "-1");
    String quota = max.split(" ")[0];
    if (!quota.equals("max") && !quota.equals("-1")) {
      long burst = Long.parseLong(files.get(version == 2 ? "cpu.max.burst" : "cpu.cfs_burst_us"));
      refuseIf(burst > Long.parseLong(quota), "Invalid argument");
    }
  }

  private void checkQuotas(String path) throws IOException {
    if (version == 1) {
      checkQuota(path, parent(path));
      for (String child : childrenOf(path)) {
        checkQuota(child, path);
      }
    }
  }

  private void checkQuota(String child, String parent) throws IOException {
    long mine = Long.parseLong(group(child).get("cpu.cfs_quota_us"));
    if (mine < 0 || !groups.containsKey(parent)) {
      return;
    }
    long above = Long.parseLong(group(parent).get("cpu.cfs_quota_us"));
    if (above < 0) {
      checkQuotaThrough(child, parent);
      return;
    }
    BigInteger left =
        BigInteger.valueOf(mine).multiply(new BigInteger(group(parent).get("cpu.cfs_period_us")));
    BigInteger right =
        BigInteger.valueOf(above).multiply(new BigInteger(group(child).get("cpu.cfs_period_us")));
    refuseIf(left.compareTo(right) > 0, "Invalid argument");
  }

  /// An unlimited parent passes its own parent's limit on.
  private void checkQuotaThrough(String child, String parent) throws IOException {
    checkQuota(child, parent(parent));
  }
}
