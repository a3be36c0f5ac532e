package dev.stint.report.ftrace;

import dev.stint.model.stack.Watch;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Writes what one Linux of a run would have put into its tracefs `trace` file, while the run goes
/// on: sched_switch, sched_wakeup, sched_wakeup_new, sched_migrate_task, sched_stat_runtime.
///
/// The times of switches are those of the guest, who does not notice that its VP was taken away;
/// the runtimes are the ledger's: what each task truly got.
public final class FtraceText {
  /*
   * A line may depend on the event after it: a wake-up on the CPU that is then chosen, a switch on
   * whether the previous task is throttled. So the last one waits until the next event.
   */
  private static final int FLUSH_CHARS = 1 << 16;
  private static final int NS_PER_S = 1_000_000_000;
  private static final String[] STATES = {"R", "S", "X", "R", "R"};

  private final LinuxLayer layer;
  private final OutputStream out;
  private final StringBuilder text = new StringBuilder(FLUSH_CHARS + 4096);
  private final int[] current;
  private final int[] cpuOf;
  private final boolean[] known;
  private final boolean[] runs;
  private final long[] sinceNs;
  private final long[] ranNs;
  private Optional<IOException> failure = Optional.empty();
  private long lineCount;
  private long nowNs;

  private boolean wakePending;
  private int wakee = Entities.NONE;
  private int waker = Entities.NONE;
  private int wakeCpu;
  private boolean switchPending;
  private int switchCpu;
  private int previous = Entities.NONE;
  private int next = Entities.NONE;
  private int previousState;

  /// Begins the text of one Linux.
  ///
  /// @param out receives the lines below the [#header]; not closed
  /// @param partition path of the partition that runs it, one of [#layers]
  public FtraceText(OutputStream out, WatchedRun run, String partition) {
    Entities entities = run.entities();
    layer = new LinuxLayer(entities, run.scenario(), entities.find(partition));
    this.out = out;
    int count = entities.count();
    current = new int[layer.cpuCount()];
    Arrays.fill(current, Entities.NONE);
    cpuOf = new int[count];
    known = new boolean[count];
    runs = new boolean[count];
    sinceNs = new long[count];
    ranNs = new long[count];
  }

  /// The partitions of a run that have a Linux with something to schedule, parents first.
  public static List<String> layers(Entities entities) {
    return LinuxLayer.all(entities);
  }

  /// The only one of [#layers], or the only one that hosts others.
  public static Optional<String> outermost(Entities entities) {
    return LinuxLayer.outermost(entities);
  }

  /// What the run is watched with.
  public Watch watch() {
    return new Watch(new Events(), new Statuses());
  }

  private final class Events implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      if (timeNs != nowNs) {
        tellPending();
        nowNs = timeNs;
      }
      switch (kind) {
        case SWITCH -> {
          if (layer.hasCpu(a)) {
            tellPending();
            switched(layer.cpu(a), b, c, d);
          }
        }
        case READY -> {
          if (layer.hasTask(a)) {
            tellPending();
            woken(a, layer.hasCpu(b) ? layer.cpu(b) : cpuOf[a], c);
          }
        }
        case MOVE -> {
          if (layer.hasTask(a) && layer.hasCpu(c)) {
            if (a != wakee || !wakePending) {
              tellPending();
            }
            moved(a, layer.cpu(c));
          }
        }
        case THROTTLE -> {
          if (switchPending && a == previous) {
            tellSwitch("R+");
          }
        }
        case UNTHROTTLE -> {
          if (layer.hasTask(a) && layer.hasCpu(b)) {
            tellPending();
            moved(a, layer.cpu(b));
          }
        }
        case ENTER, LEAVE, HOLD, COST, UNKNOWN -> {}
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }

  private final class Statuses implements SpanSink {
    @Override
    public void span(int entity, long status, long fromNs, long toNs) {}

    @Override
    public void begins(int entity, long status, long atNs) {
      if (layer.hasTask(entity)) {
        settle(entity, atNs);
        runs[entity] = SpanSink.isRun(status);
      }
    }
  }

  private void settle(int task, long atNs) {
    if (runs[task]) {
      ranNs[task] += atNs - sinceNs[task];
    }
    sinceNs[task] = atNs;
  }

  // --- Events, told when the next one comes ---

  private void switched(int cpu, int from, int to, int state) {
    switchPending = true;
    switchCpu = cpu;
    previous = from;
    next = to;
    previousState = state;
    if (from != Entities.NONE) {
      tellRuntime(cpu, from);
    }
    if (to != Entities.NONE) {
      cpuOf[to] = cpu;
    }
  }

  private void woken(int task, int cpu, int by) {
    wakePending = true;
    wakee = task;
    waker = by;
    wakeCpu = cpu;
  }

  private void moved(int task, int toCpu) {
    if (toCpu != cpuOf[task] && known[task]) {
      int cpu = wakePending && wakee == task ? contextCpu() : toCpu;
      begin(cpu, "d..2.", "sched_migrate_task");
      task("", task);
      text.append(" orig_cpu=").append(cpuOf[task]).append(" dest_cpu=").append(toCpu);
      end();
    }
    cpuOf[task] = toCpu;
    if (wakePending && wakee == task) {
      wakeCpu = toCpu;
    }
  }

  private void tellPending() {
    if (switchPending) {
      tellSwitch(STATES[previousState]);
    }
    if (wakePending) {
      tellWake();
    }
  }

  private void tellSwitch(String state) {
    switchPending = false;
    begin(switchCpu, "d..2.", "sched_switch");
    side("prev_", previous);
    text.append(" prev_state=").append(state).append(" ==> ");
    side("next_", next);
    end();
    current[switchCpu] = next;
  }

  private void tellWake() {
    wakePending = false;
    boolean byTask = layer.hasTask(waker);
    String event = known[wakee] ? "sched_wakeup" : "sched_wakeup_new";
    begin(contextCpu(), byTask ? "d..4." : "d.h4.", event);
    task("", wakee);
    text.append(" target_cpu=");
    padded(wakeCpu, 3);
    end();
    known[wakee] = true;
    cpuOf[wakee] = wakeCpu;
  }

  /// The CPU on which a wake-up takes place: the waker's, or the one that is interrupted.
  private int contextCpu() {
    return layer.hasTask(waker) ? cpuOf[waker] : cpuOf[wakee];
  }

  private void tellRuntime(int cpu, int task) {
    settle(task, nowNs);
    if (ranNs[task] > 0) {
      begin(cpu, "d..2.", "sched_stat_runtime");
      text.append("comm=").append(layer.comm(task)).append(" pid=").append(layer.pid(task));
      text.append(" runtime=").append(ranNs[task]).append(" [ns]");
      end();
      ranNs[task] = 0;
    }
  }

  // --- Lines ---

  private void begin(int cpu, String flags, String event) {
    int task = current[cpu];
    String comm = task == Entities.NONE ? "<idle>" : layer.comm(task);
    text.repeat(' ', 16 - comm.length()).append(comm).append('-');
    int start = text.length();
    text.append(task == Entities.NONE ? 0 : layer.pid(task));
    text.repeat(' ', Math.max(0, 7 - (text.length() - start))).append(" [");
    padded(cpu, 3);
    text.append("] ").append(flags).append(' ');
    long seconds = nowNs / NS_PER_S;
    text.repeat(' ', Math.max(0, 5 - Long.toString(seconds).length())).append(seconds).append('.');
    padded(nowNs % NS_PER_S, 9);
    text.append(": ").append(event).append(": ");
  }

  private void end() {
    text.append('\n');
    lineCount++;
    if (text.length() >= FLUSH_CHARS) {
      flush();
    }
  }

  private void side(String prefix, int task) {
    if (task == Entities.NONE) {
      text.append(prefix).append("comm=swapper/").append(switchCpu);
      text.append(' ').append(prefix).append("pid=0 ").append(prefix).append("prio=120");
    } else {
      task(prefix, task);
    }
  }

  private void task(String prefix, int task) {
    text.append(prefix).append("comm=").append(layer.comm(task));
    text.append(' ').append(prefix).append("pid=").append(layer.pid(task));
    text.append(' ').append(prefix).append("prio=").append(layer.priority(task));
  }

  private void padded(long number, int digits) {
    String decimal = Long.toString(number);
    text.repeat('0', Math.max(0, digits - decimal.length())).append(decimal);
  }

  private void flush() {
    if (failure.isEmpty()) {
      try {
        out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        failure = Optional.of(e);
      }
    }
    text.setLength(0);
  }

  // --- The end ---

  /// Ends the text with the runtimes of what still runs.
  ///
  /// @throws IOException why it could not be written, now or before
  public void finish(long endNs) throws IOException {
    tellPending();
    nowNs = endNs;
    for (int cpu = 0; cpu < current.length; cpu++) {
      if (current[cpu] != Entities.NONE) {
        tellRuntime(cpu, current[cpu]);
      }
    }
    flush();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /// The lines above all others, known when the text is finished.
  public String header() {
    return String.format(
        Locale.ROOT,
        """
        # tracer: nop
        #
        # entries-in-buffer/entries-written: %d/%d   #P:%d
        #
        #                                _-----=> irqs-off/BH-disabled
        #                               / _----=> need-resched
        #                              | / _---=> hardirq/softirq
        #                              || / _--=> preempt-depth
        #                              ||| / _-=> migrate-disable
        #                              |||| /     delay
        #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |         |   |||||     |         |
        """,
        lineCount,
        lineCount,
        layer.cpuCount());
  }
}
