package dev.stint.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/// What this thread has used up.
final class Clock {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long NS_PER_MS = 1_000_000;

  private Clock() {}

  /// Processor time of this thread, and of the garbage collector, which works while it stands.
  static long cpuNs() {
    long ns = THREADS.getCurrentThreadCpuTime();
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ns += collector.getCollectionTime() * NS_PER_MS;
    }
    return ns;
  }

  static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /// Live bytes of the heap, after a collection.
  static long liveBytes() {
    // Twice: what the first leaves to soft references and finished threads is gone after the
    // second.
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
