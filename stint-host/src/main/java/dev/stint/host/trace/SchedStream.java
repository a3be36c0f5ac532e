package dev.stint.host.trace;

import dev.stint.host.HostFiles;
import dev.stint.host.Probe;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.proc.ThreadStat;
import dev.stint.host.sys.PolledFile;
import dev.stint.host.sys.SystemCallFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// Wake-ups and switches of chosen threads, from a trace buffer of our own that is emptied now and
/// then. The kernel leaves out the threads that were not chosen (`set_event_pid`).
public final class SchedStream implements SchedSource {
  /// What one CPU's buffer holds: about 17,000 events between two looks.
  private static final int BUFFER_KB = 1024;

  private static final int PAGE = 4096;
  private static final int LINE = 3000; // of thread numbers in one write
  private static final int FORGET = 1000; // threads that are gone
  private static final long KTHREADD = 2;

  private final TraceInstance instance;
  private final RingPage pages;
  private final List<PolledFile> pipes;
  private final Set<Long> followed = new TreeSet<>();
  private final byte[] page = new byte[PAGE];
  private long lost;

  private SchedStream(TraceInstance instance, RingPage pages, List<PolledFile> pipes) {
    this.instance = instance;
    this.pages = pages;
    this.pipes = pipes;
  }

  /// Whether there can be one here.
  public static Probe probe(HostFiles files) {
    Optional<String> tracefs = TraceInstance.tracefs(files);
    if (tracefs.isEmpty()) {
      return new Probe.Unavailable(
          "tracefs is not mounted: mount -t tracefs tracefs /sys/kernel/tracing, as root");
    }
    String path = tracefs.get();
    if (!Files.isWritable(files.path(path + "/instances"))) {
      return new Probe.Unavailable("no permission for /" + path + "/instances: needs root");
    }
    if (!Files.isReadable(files.path(path + "/events/sched/sched_wakeup/format"))) {
      return new Probe.Unsupported("the kernel has no events of the scheduler");
    }
    // In a container threads have other numbers than in the kernel's events.
    boolean outermost =
        ThreadStat.read(files, KTHREADD)
            .known()
            .filter(stat -> stat.comm().equals("kthreadd"))
            .isPresent();
    return outermost
        ? new Probe.Supported("by a trace instance of our own")
        : new Probe.Unavailable("threads have other numbers outside of this container: look there");
  }

  /// Begins. What dead processes left is removed first.
  public static SchedStream open(HostFiles files, GroupMarker marker) throws IOException {
    String tracefs =
        TraceInstance.tracefs(files).orElseThrow(() -> new IOException("tracefs is not mounted"));
    RingPage pages = new RingPage(files, tracefs);
    List<String> events = List.of("sched_switch", "sched_wakeup", "sched_wakeup_new");
    TraceInstance instance = TraceInstance.open(files, marker, BUFFER_KB, events);
    List<PolledFile> pipes = new ArrayList<>();
    try {
      // Without any number all threads would be recorded. This one sleeps.
      instance.follow(marker.pid() + "\n", true);
      for (String pipe : instance.rawPipes()) {
        pipes.add(new PolledFile(files.path(pipe), PAGE));
      }
      instance.start();
      return new SchedStream(instance, pages, pipes);
    } catch (IOException e) {
      pipes.forEach(PolledFile::close);
      instance.close();
      throw e;
    }
  }

  @Override
  public void follow(Collection<Long> tids) throws IOException {
    Set<Long> added = new TreeSet<>(tids);
    added.removeAll(followed);
    if (added.isEmpty()) {
      return;
    }
    boolean anew = followed.size() > 2 * tids.size() + FORGET;
    if (anew) {
      followed.clear();
      added.addAll(tids);
    }
    StringBuilder line = new StringBuilder();
    for (long tid : added) {
      if (line.length() > LINE) {
        instance.follow(line + "\n", anew);
        anew = false;
        line.setLength(0);
      }
      line.append(tid).append(' ');
    }
    instance.follow(line + "\n", anew);
    followed.addAll(added);
  }

  @Override
  public boolean drain(SchedSink sink) throws SystemCallFailed {
    boolean whole = true;
    boolean filled = false;
    for (PolledFile pipe : pipes) {
      int bytes = 0;
      for (int count = pipe.read(page); count > 0; count = pipe.read(page)) {
        whole &= pages.read(page, count, sink);
        bytes += count;
      }
      filled |= bytes >= BUFFER_KB * 1024 / 2;
    }
    // Only a full buffer loses events, and who empties it sees that.
    if (filled) {
      OptionalLong now = instance.lost();
      whole &= now.isPresent() && now.getAsLong() == lost;
      lost = now.orElse(lost);
    }
    return whole;
  }

  /// Ends it, and removes what was made.
  @Override
  public void close() {
    pipes.forEach(PolledFile::close);
    instance.close();
  }
}
