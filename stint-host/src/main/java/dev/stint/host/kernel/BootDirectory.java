package dev.stint.host.kernel;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.GroupMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files of one boot. They go with [#close]; those of a process that was killed before it came
/// to that go when the next one boots: `stint-PID-START.` and a number says whose they are.
///
/// @param path where they are
record BootDirectory(Path path) implements AutoCloseable {
  private static final List<String> NAMES = List.of("initramfs", "console", "report", "errors");

  /// Makes one, after those of dead processes are gone.
  ///
  /// @param place of the directories of all boots
  /// @param files of this machine
  static BootDirectory open(Path place, HostFiles files) throws IOException {
    Files.createDirectories(place);
    sweep(place, files);
    String prefix = GroupMarker.ofThisProcess(files).name() + ".";
    return new BootDirectory(Files.createTempDirectory(place, prefix));
  }

  private static void sweep(Path place, HostFiles files) {
    for (String name : new HostFiles(place).list("")) {
      int dot = name.indexOf('.');
      Optional<GroupMarker> marker =
          dot < 0 ? Optional.empty() : GroupMarker.parse(name.substring(0, dot));
      Path path = place.resolve(name);
      boolean left =
          marker.isPresent()
              && marker.get().dead(files)
              && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      if (left) {
        try {
          new BootDirectory(path).close();
        } catch (IOException _) {
          // Another process was faster, or there is something in it that is not ours.
        }
      }
    }
  }

  /// A file of the boot.
  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    for (String name : NAMES) {
      Files.deleteIfExists(path.resolve(name));
    }
    Files.deleteIfExists(path);
  }
}
