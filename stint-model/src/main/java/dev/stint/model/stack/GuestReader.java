package dev.stint.model.stack;

import java.util.SortedMap;

/// Somebody who wants to know what processes inside the guests of a run could read at its end.
public interface GuestReader {
  /// Called once for every Linux, parents before children.
  ///
  /// @param partition the path of its partition: `l1vh`, `l1vh/vm-gold`
  /// @param files text of files of /proc and of the cgroup v2 tree, by path without a leading slash
  void guest(String partition, SortedMap<String, String> files);
}
