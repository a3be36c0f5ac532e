package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/// The two looks at a recorded host, on its own clock.
final class RecordedLooks {
  private final RecordedHost host;
  private final Path root;
  private final HostFiles files;
  private int look = 1;

  /// Unpacks it.
  ///
  /// @param root an empty directory
  RecordedLooks(RecordedHost host, Path root) throws IOException {
    this.host = host;
    this.root = root;
    files = host.unpack(root);
  }

  HostFiles files() {
    return files;
  }

  /// Begins to watch with the first look.
  HostWatch first() {
    return new HostWatch(files, () -> host.atNs(look), 100, WakeTrace.off(files));
  }

  /// Brings about what the second look shows.
  ///
  /// @param which files change
  void advance(Predicate<String> which) throws IOException {
    look = 2;
    host.advance(root, which);
  }
}
