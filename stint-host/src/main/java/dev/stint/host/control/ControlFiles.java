package dev.stint.host.control;

import java.io.IOException;
import java.util.List;

/// The control files of the cgroups that a policy owns. What lies elsewhere cannot be named.
public interface ControlFiles {
  /// The version of cgroups that a controller is in: 1 or 2; 0 where it is in none.
  int version(String controller);

  /// All of a file, as it is.
  String read(ControlFile file) throws IOException;

  /// Writes a file in one write.
  void write(ControlFile file, String text) throws IOException;

  /// What tells a cgroup from another that had its name before.
  String identity(ControlFile file) throws IOException;

  /// The names of a cgroup's children, sorted.
  List<String> children(String controller, String group) throws IOException;
}
