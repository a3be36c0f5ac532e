package dev.stint.host.trace;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.Numbers;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.Mount;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A trace buffer of our own. Its text is read when it has stopped: a reader beside the load would
/// be part of it; [SchedStream] reads while it runs, now and then. The stamps are of
/// `CLOCK_MONOTONIC`.
public final class TraceInstance implements AutoCloseable {
  private static final String SCHED = "events/sched/";

  private final HostFiles files;
  private final String path;

  private TraceInstance(HostFiles files, String path) {
    this.files = files;
    this.path = path;
  }

  /// Where tracefs is mounted, without a leading `/`.
  public static Optional<String> tracefs(HostFiles files) {
    List<Mount> mounts =
        files.read("proc/self/mountinfo") instanceof Text.Read(String text)
            ? Mount.parse(text)
            : List.of();
    return mounts.stream()
        .filter(mount -> mount.type().equals("tracefs"))
        .map(mount -> mount.point().substring(1))
        .findFirst();
  }

  /// Makes one, not yet running. What dead processes left is removed first.
  ///
  /// @param marker names it
  /// @param bufferKb kilobytes per CPU
  /// @param events of the scheduler, such as `sched_switch`
  public static TraceInstance open(
      HostFiles files, GroupMarker marker, int bufferKb, List<String> events) throws IOException {
    sweep(files);
    String tracefs = tracefs(files).orElseThrow(() -> new IOException("tracefs is not mounted"));
    String path = tracefs + "/instances/" + marker.name();
    Files.createDirectory(files.path(path));
    TraceInstance instance = new TraceInstance(files, path);
    try {
      instance.write("tracing_on", "0");
      instance.write("trace_clock", "mono");
      instance.write("buffer_size_kb", Integer.toString(bufferKb));
      instance.write("options/overwrite", "0");
      for (String event : events) {
        instance.write(SCHED + event + "/enable", "1");
      }
    } catch (IOException e) {
      instance.close();
      throw e;
    }
    return instance;
  }

  /// Removes the instances of Stint's processes that have ended.
  ///
  /// @return their paths
  public static List<String> sweep(HostFiles files) {
    List<String> removed = new ArrayList<>();
    tracefs(files)
        .ifPresent(tracefs -> {
          String instances = tracefs + "/instances";
          for (String name : files.list(instances)) {
            if (GroupMarker.parse(name).filter(marker -> marker.dead(files)).isPresent()
                && new TraceInstance(files, instances + "/" + name).remove()) {
              removed.add("/" + instances + "/" + name);
            }
          }
        });
    return removed;
  }

  /// Records of these threads only, from now on; where there are none, of all.
  ///
  /// @param tids a line of numbers
  /// @param anew whether those from before are forgotten
  void follow(String tids, boolean anew) throws IOException {
    Path target = files.path(path + "/set_event_pid");
    // The kernel takes the end of each write for the end of a number.
    try (FileChannel channel =
        FileChannel.open(
            target,
            StandardOpenOption.WRITE,
            anew ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND)) {
      int unused = channel.write(ByteBuffer.wrap(tids.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /// The files that give each CPU's events as the kernel keeps them.
  List<String> rawPipes() {
    return files.list(path + "/per_cpu").stream()
        .map(cpu -> path + "/per_cpu/" + cpu + "/trace_pipe_raw")
        .toList();
  }

  /// Begins to record.
  public void start() throws IOException {
    write("tracing_on", "1");
  }

  /// Ends recording; what was recorded stays.
  public void stop() throws IOException {
    write("tracing_on", "0");
  }

  /// The recorded events as text. Only when stopped.
  public BufferedReader text() throws IOException {
    return Files.newBufferedReader(files.path(path + "/trace"), StandardCharsets.ISO_8859_1);
  }

  /// How many events found no room, on all CPUs; absent if the kernel does not say.
  public OptionalLong lost() {
    long lost = 0;
    int cpus = 0;
    for (String cpu : files.list(path + "/per_cpu")) {
      if (!(files.read(path + "/per_cpu/" + cpu + "/stats") instanceof Text.Read(String text))) {
        return OptionalLong.empty();
      }
      OptionalLong overrun = field(text, "overrun:");
      OptionalLong dropped = field(text, "dropped events:");
      if (overrun.isEmpty() || dropped.isEmpty()) {
        return OptionalLong.empty();
      }
      lost += overrun.getAsLong() + dropped.getAsLong();
      cpus++;
    }
    return cpus == 0 ? OptionalLong.empty() : OptionalLong.of(lost);
  }

  private static OptionalLong field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> Numbers.count(line.substring(name.length())))
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  /// Removes it.
  @Override
  public void close() {
    remove();
  }

  private boolean remove() {
    try {
      Files.deleteIfExists(files.path(path));
      return true;
    } catch (IOException _) {
      // Somebody reads it: the next sweep has it.
      return false;
    }
  }

  private void write(String file, String value) throws IOException {
    Path target = files.path(path + "/" + file);
    try {
      Files.writeString(target, value, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("write \"" + value + "\" to " + target + ": " + e.getMessage(), e);
    }
  }
}
