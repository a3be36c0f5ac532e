package dev.stint.host.observe;

/// What a thread belongs to in a sentence: its VM, or else its cgroup, or in the root cgroup its
/// process.
///
/// @param path of the entity: `gold`, `host/cgroup:web`, `host/task:java-17`
/// @param words for a sentence: `VM gold`
public record Owner(String path, String words) implements Comparable<Owner> {
  static Owner vm(String name) {
    return new Owner(name, "VM " + name);
  }

  static Owner group(String group) {
    return new Owner(WatchedGroup.entityPath(group), "cgroup " + group);
  }

  static Owner process(String comm, long pid) {
    return new Owner("host/task:" + comm + "-" + pid, "process " + comm + " (" + pid + ")");
  }

  @Override
  public int compareTo(Owner other) {
    return path.compareTo(other.path);
  }
}
