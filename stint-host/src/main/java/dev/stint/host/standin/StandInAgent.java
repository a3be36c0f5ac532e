package dev.stint.host.standin;

import dev.stint.host.CpuList;
import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.sys.Affinity;
import dev.stint.host.sys.KeptFile;
import dev.stint.host.sys.KeptKnob;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/// The process that stands in for the hypervisor's core scheduler: at the end of every time slice
/// it freezes the VPs whose turn is over and thaws those that come next, at moments of an absolute
/// clock. Told no VPs, it only measures. When its parent is gone it thaws all and ends.
///
/// The words to it are `control CPUS`, `boost FILE VALUE AFTERWARDS`, `slice NS`, `slot CPUS`,
/// `watch PATH`, `prepare`, `measure NAME SCHEDSTAT`, `vp FREEZE-FILE TID...`, `go WARM-UP-NS
/// WINDOW-NS`; those from it `policy fifo|fair`, `ready`, `from ...`, `to ...` (`own cpu NS` is its
/// own), `late P50 P99 MOST`, `turns COUNT`, `done` or `failed REASON`. It boosts the load only
/// once it is a real-time thread, and only for the run, for a boosted load leaves nothing to its
/// parent. It has a process of its own, for a frozen thread would hold up a JVM's pauses.
public final class StandInAgent {
  private static final int PRIORITY = 50;
  private static final int NICE_MOST = -20;
  private static final long LEAD_NS = 200_000_000L;
  private static final long GRID_NS = 100_000_000L;
  private static final int LIMIT_BYTES = 256;

  private final PrintStream out;
  private final IntConsumer halt;
  private final HostFiles files = HostFiles.ofThisMachine();
  private final List<String> names = new ArrayList<>();
  private final List<KeptFile> measured = new ArrayList<>();
  private final List<String> watched = new ArrayList<>();
  private final List<KeptKnob> freezers = new ArrayList<>();
  private final List<int[]> threads = new ArrayList<>();
  private final List<CpuSet> slots = new ArrayList<>();
  private Optional<CpuSet> control = Optional.empty();
  private long sliceNs = 1;
  private final CountDownLatch go = new CountDownLatch(1);
  private Optional<String[]> boost = Optional.empty();
  private long warmUpNs;
  private long windowNs;
  private volatile boolean over;

  private StandInAgent(PrintStream out, IntConsumer halt) {
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
    StandInAgent agent =
        new StandInAgent(new PrintStream(output, true, StandardCharsets.UTF_8), halt);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      agent.obey(line.split(" "));
    }
    agent.thaw();
    halt.accept(0);
  }

  private void obey(String[] words) throws SystemCallFailed {
    switch (words[0]) {
      case "control" -> control = CpuList.parse(words[1]);
      case "measure" -> {
        names.add(words[1]);
        measured.add(new KeptFile(files.path(words[2]), LIMIT_BYTES));
      }
      case "watch" -> watched.add(words[1]);
      case "slice" -> sliceNs = Long.parseLong(words[1]);
      case "slot" -> CpuList.parse(words[1]).ifPresent(slots::add);
      case "vp" -> {
        freezers.add(new KeptKnob(files.path(words[1])));
        threads.add(Arrays.stream(words, 2, words.length).mapToInt(Integer::parseInt).toArray());
      }
      case "boost" -> boost = Optional.of(words);
      case "prepare" -> Thread.ofPlatform().name("hypervisor").start(this::go);
      case "go" -> {
        warmUpNs = Long.parseLong(words[1]);
        windowNs = Long.parseLong(words[2]);
        go.countDown();
      }
      default -> throw new IllegalArgumentException("no such word: " + words[0]);
    }
  }

  /// Lets everything run. What is no more needs no thawing.
  private void thaw() {
    over = true;
    for (KeptKnob freezer : freezers) {
      try {
        freezer.set(false);
      } catch (SystemCallFailed _) {
        continue;
      }
    }
  }

  private void go() {
    try {
      if (control.isPresent()) {
        Affinity.set(0, control.get());
      }
      ThreadClock.exactTimers();
      out.println("policy " + (realTime() ? "fifo" : "fair"));
      ThreadClock clock = new ThreadClock();
      out.println("ready");
      go.await();
      String[] from = new String[names.size() + watched.size() + 1];
      String[] to = new String[from.length];
      sample(clock, from);
      boost(2);
      long startNs = Math.ceilDiv(clock.monotonicNs() + LEAD_NS, GRID_NS) * GRID_NS;
      if (freezers.isEmpty()) {
        clock.sleepUntil(startNs + warmUpNs);
        sample(clock, from);
        clock.sleepUntil(startNs + warmUpNs + windowNs);
        sample(clock, to);
      } else {
        rotate(clock, startNs, from, to);
      }
      boost(3);
      for (String line : from) {
        out.println("from " + line);
      }
      for (String line : to) {
        out.println("to " + line);
      }
      out.println("done");
    } catch (IOException | InterruptedException | RuntimeException e) {
      thaw();
      out.println("failed " + e);
      halt.accept(1);
    }
  }

  private void boost(int word) throws IOException {
    if (boost.isPresent()) {
      CgroupWrites.KERNEL.write(files.path(boost.get()[1]), boost.get()[word]);
    }
  }

  /// A real-time thread, or where the kernel gives this cgroup no real time, the most favoured of
  /// the others.
  private static boolean realTime() throws SystemCallFailed {
    try {
      new SchedAttributes(SchedAttributes.FIFO, 0, PRIORITY, 0).set(0);
      return true;
    } catch (SystemCallFailed _) {
      new SchedAttributes(SchedAttributes.NORMAL, NICE_MOST, 0, 0).set(0);
      return false;
    }
  }

  private void rotate(ThreadClock clock, long startNs, String[] from, String[] to)
      throws SystemCallFailed {
    Turns turns = new Turns(freezers.size(), slots.size());
    int warmUp = Math.toIntExact(Math.ceilDiv(warmUpNs, sliceNs));
    int count = Math.toIntExact(windowNs / sliceNs);
    long[] late = new long[warmUp + count + 1];
    boolean[] running = new boolean[freezers.size()];
    for (KeptKnob freezer : freezers) {
      freezer.set(true);
    }
    for (int turn = 0; turn <= warmUp + count && !over; turn++) {
      long atNs = startNs + turn * sliceNs;
      clock.sleepUntil(atNs);
      if (turn > 0) {
        turns.advance();
      }
      give(turns, running);
      late[turn] = clock.monotonicNs() - atNs;
      if (turn == warmUp) {
        sample(clock, from);
      } else if (turn == warmUp + count) {
        sample(clock, to);
      }
    }
    thaw();
    Arrays.sort(late);
    out.println(
        "late "
            + late[late.length / 2]
            + " "
            + late[late.length * 99 / 100]
            + " "
            + late[late.length - 1]);
    out.println("turns " + count);
  }

  /// Freezes who runs and shall not, then thaws who shall and does not.
  private void give(Turns turns, boolean[] running) throws SystemCallFailed {
    for (int vp = 0; vp < running.length; vp++) {
      if (running[vp] && !has(turns, vp)) {
        freezers.get(vp).set(true);
        running[vp] = false;
      }
    }
    for (int slot = 0; slot < turns.slots(); slot++) {
      int vp = turns.unit(slot);
      if (!running[vp]) {
        if (turns.slots() > 1) {
          for (int thread : threads.get(vp)) {
            Affinity.set(thread, slots.get(slot));
          }
        }
        freezers.get(vp).set(false);
        running[vp] = true;
      }
    }
  }

  private static boolean has(Turns turns, int vp) {
    for (int slot = 0; slot < turns.slots(); slot++) {
      if (turns.unit(slot) == vp) {
        return true;
      }
    }
    return false;
  }

  /// Where all measured threads and watched files stand now.
  private void sample(ThreadClock clock, String[] lines) throws SystemCallFailed {
    byte[] buffer = new byte[LIMIT_BYTES];
    for (int i = 0; i < names.size(); i++) {
      int length = measured.get(i).read(buffer);
      String times = new String(buffer, 0, length, StandardCharsets.ISO_8859_1).strip();
      lines[i] = "thread " + names.get(i) + " " + clock.monotonicNs() + " " + times;
    }
    for (int i = 0; i < watched.size(); i++) {
      String text =
          files.read(watched.get(i)) instanceof HostFiles.Text.Read(String read) ? read : "";
      lines[names.size() + i] = "file " + watched.get(i) + " " + text.replace('\n', '\t');
    }
    lines[lines.length - 1] = "own cpu " + clock.processCpuNs();
  }
}
