package dev.stint.host.live;

import dev.stint.host.CpuList;
import dev.stint.host.HostFiles;
import dev.stint.host.proc.ThreadSwitches;
import dev.stint.host.sys.Affinity;
import dev.stint.host.sys.SchedAttributes;
import dev.stint.host.sys.SystemCallFailed;
import dev.stint.host.sys.ThreadClock;
import dev.stint.model.machine.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/// The process that a live run's tasks are threads of. It is told over its standard input what to
/// run, says which threads it has, waits until they are in their cgroups, runs, and answers with
/// what it measured. It ends with its parent.
///
/// The words to it are `task ...` ([LiveTask]), `watch PATH`, `control CPUS`, `threads` (make
/// them), `go WARM-UP-NS WINDOW-NS`; those from it `thread NAME TID`, `ready`, `from ...`, `to
/// ...`, `jobs ...`, `done` or `failed REASON`.
public final class LiveWorker {
  private static final long GRID_NS = 100_000_000L; // whole ticks of every HZ but 300
  private static final long LEAD_NS = 300_000_000L;
  private static final long PREPARE_NS = 30_000_000L;

  private final PrintStream out;
  private final IntConsumer halt;
  private final HostFiles files = HostFiles.ofThisMachine();
  private final List<LiveTask> tasks = new ArrayList<>();
  private final List<String> watched = new ArrayList<>();
  private final Map<String, LiveExchange> exchanges = new LinkedHashMap<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private Optional<CpuSet> control = Optional.empty();
  private volatile long startNs;

  private LiveWorker(PrintStream out, IntConsumer halt) {
    this.out = out;
    this.halt = halt;
  }

  /// Obeys until there are no more words: the parent is gone, or is done with us.
  ///
  /// @param input of the process
  /// @param output of the process
  /// @param halt ends the process at once, whatever its threads do
  public static void serve(InputStream input, OutputStream output, IntConsumer halt)
      throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    LiveWorker worker = new LiveWorker(new PrintStream(output, true, StandardCharsets.UTF_8), halt);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      worker.obey(line.split(" "));
    }
    halt.accept(0);
  }

  private void obey(String[] words) throws SystemCallFailed {
    switch (words[0]) {
      case "task" -> tasks.add(LiveTask.parse(words, exchanges));
      case "watch" -> watched.add(words[1]);
      case "control" -> control = CpuList.parse(words[1]);
      case "threads" -> threads();
      case "go" -> {
        long warmUpNs = Long.parseLong(words[1]);
        long windowNs = Long.parseLong(words[2]);
        Thread.ofPlatform().name("measure").start(() -> measure(warmUpNs, windowNs));
      }
      default -> throw new IllegalArgumentException("no such word: " + words[0]);
    }
  }

  private void threads() throws SystemCallFailed {
    if (control.isPresent()) {
      Affinity.set(0, control.get());
    }
    ThreadClock.exactTimers();
    LiveTask.prepare(new ThreadClock(), PREPARE_NS);
    for (LiveTask task : tasks) {
      CountDownLatch known = new CountDownLatch(1);
      Thread.ofPlatform()
          .daemon()
          .name(task.name())
          .start(() -> {
            task.begin();
            known.countDown();
            run(task);
          });
      await(known);
      out.println("thread " + task.name() + " " + task.tid());
    }
    out.println("ready");
  }

  private void run(LiveTask task) {
    await(go);
    try {
      task.run(startNs);
    } catch (SystemCallFailed e) {
      fail("task " + task.name() + ": " + e.getMessage());
    }
  }

  private void measure(long warmUpNs, long windowNs) {
    try {
      if (control.isPresent()) {
        Affinity.set(0, control.get());
      }
      ThreadClock.exactTimers();
      ThreadClock clock = new ThreadClock();
      startNs = Math.ceilDiv(clock.monotonicNs() + LEAD_NS, GRID_NS) * GRID_NS;
      go.countDown();
      clock.sleepUntil(startNs + warmUpNs);
      List<String> from = sample(clock);
      long fromNs = clock.monotonicNs();
      clock.sleepUntil(startNs + warmUpNs + windowNs);
      long toNs = clock.monotonicNs();
      List<String> to = sample(clock);
      from.forEach(line -> out.println("from " + line));
      to.forEach(line -> out.println("to " + line));
      tasks.forEach(task ->
          task.jobs(fromNs, toNs).ifPresent(jobs -> out.println("jobs " + task.name() + jobs)));
      out.println("done");
    } catch (SystemCallFailed | RuntimeException e) {
      fail(e.toString());
    }
  }

  /// Where all tasks and watched files stand now.
  private List<String> sample(ThreadClock clock) {
    List<String> lines = new ArrayList<>();
    for (LiveTask task : tasks) {
      long cpuNs = clock.cpuNs(task.tid());
      long nowNs = clock.monotonicNs();
      lines.add("task " + task.name() + " " + nowNs + " " + cpuNs);
    }
    for (String path : watched) {
      String text =
          switch (files.read(path)) {
            case HostFiles.Text.Read(String read) -> read.replace('\n', '\t');
            case HostFiles.Text.Unreadable _ -> "";
          };
      lines.add("file " + path + " " + text);
    }
    for (LiveTask task : tasks) {
      ThreadSwitches.read(files, ProcessHandle.current().pid(), task.tid())
          .known()
          .ifPresent(switches ->
              lines.add(
                  "switches "
                      + task.name()
                      + " "
                      + switches.voluntary()
                      + " "
                      + switches.involuntary()));
    }
    return lines;
  }

  private void fail(String reason) {
    out.println("failed " + reason);
    halt.accept(1);
  }

  private static void await(CountDownLatch latch) {
    boolean waiting = true;
    while (waiting) {
      try {
        latch.await();
        waiting = false;
      } catch (InterruptedException _) {
        // Nobody interrupts these threads; they wait on.
        continue;
      }
    }
  }

  /// The words that tell a worker of a task's attributes.
  static SchedAttributes attributes(String policy, String nice, String sliceNs) {
    int number =
        switch (policy) {
          case "batch" -> SchedAttributes.BATCH;
          case "idle" -> SchedAttributes.IDLE;
          default -> SchedAttributes.NORMAL;
        };
    return new SchedAttributes(number, Integer.parseInt(nice), 0, Long.parseLong(sliceNs));
  }
}
