package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceKind;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class LedgerAllocationTest {
  private static final int READY = 0;
  private static final int BLOCKED = 1;
  private static final long CYCLE_NS = 1000;

  private final Entities entities =
      TraceScript.entities(
          """
          lp lp0
          vp a/vp0
          vp b/vp0
          thread a/thread:c0
          vp c/vp0
          task c/task:A
          task c/task:B
          """);
  private final int lp = entities.find("lp0");
  private final int a = entities.find("a/vp0");
  private final int b = entities.find("b/vp0");
  private final int thread = entities.find("a/thread:c0");
  private final int child = entities.find("c/vp0");
  private final int taskA = entities.find("c/task:A");
  private final int taskB = entities.find("c/task:B");
  private final Ledger ledger = new Ledger(entities);

  /// 14 events that bring everything back to where it was.
  private void cycle(long t) {
    ledger.event(t, TraceKind.READY, taskA, child, -1, 0);
    ledger.event(t, TraceKind.READY, child, -1, -1, 0);
    ledger.event(t + 10, TraceKind.READY, thread, a, -1, 0);
    ledger.event(t + 10, TraceKind.READY, a, lp, -1, 0);
    ledger.event(t + 100, TraceKind.SWITCH, lp, b, a, READY);
    ledger.event(t + 100, TraceKind.SWITCH, a, -1, thread, 3);
    ledger.event(t + 110, TraceKind.ENTER, thread, child, 0, 0);
    ledger.event(t + 120, TraceKind.SWITCH, child, -1, taskA, 3);
    ledger.event(t + 200, TraceKind.READY, taskB, child, -1, 0);
    ledger.event(t + 300, TraceKind.SWITCH, child, taskA, taskB, BLOCKED);
    ledger.event(t + 400, TraceKind.SWITCH, child, taskB, -1, BLOCKED);
    ledger.event(t + 400, TraceKind.LEAVE, thread, child, BLOCKED, 0);
    ledger.event(t + 400, TraceKind.SWITCH, a, thread, -1, BLOCKED);
    ledger.event(t + 410, TraceKind.SWITCH, lp, a, b, BLOCKED);
  }

  private void cycles(long from, long to) {
    for (long cycle = from; cycle < to; cycle++) {
      cycle(cycle * CYCLE_NS);
    }
  }

  @Test
  void steadyState_allocatesNothing() {
    ledger.carrier(child, thread);
    ledger.event(0, TraceKind.READY, b, lp, -1, 0);
    ledger.event(0, TraceKind.SWITCH, lp, -1, b, 3);
    cycles(1, 2000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    cycles(2000, 52_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    ledger.finish(52_000 * CYCLE_NS);
    assertThat(allocated).as("bytes in 700,000 events").isLessThan(10_000);
    assertThat(ledger.runNs(taskA)).isEqualTo(51_999L * 180);
  }
}
