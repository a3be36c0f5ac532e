package dev.stint.host.cgroup;

import java.io.IOException;
import java.nio.file.Path;

/// Makes no more cgroups once it is told to stop, so that what a hook removes at that moment does
/// not grow again. One that is being made is waited for.
final class StoppableWrites implements CgroupWrites {
  private final CgroupWrites writes;
  private boolean stopped;

  StoppableWrites(CgroupWrites writes) {
    this.writes = writes;
  }

  /// From now on nothing is made.
  synchronized void stop() {
    stopped = true;
  }

  @Override
  public synchronized void make(Path group) throws IOException {
    if (stopped) {
      throw new IOException("told to stop");
    }
    writes.make(group);
  }

  @Override
  public void remove(Path group) throws IOException {
    writes.remove(group);
  }

  @Override
  public void write(Path file, String text) throws IOException {
    writes.write(file, text);
  }
}
