package dev.stint.model.sim;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does one event cost: take the earliest timer and arm it again for later, with `pending`
/// timers armed?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimerQueueBenchmark {
  /// How many timers are armed.
  @Param({"64", "1024"})
  public int pending;

  private final TimerQueue queue = new TimerQueue();
  private long random = 1;

  /// Arms all timers within the next millisecond.
  @Setup
  public void arm() {
    for (int count = 0; count < pending; count++) {
      int timer = queue.add(count & 3);
      queue.arm(timer, next());
    }
  }

  private long next() {
    random = random * 6364136223846793005L + 1442695040888963407L;
    return (random >>> 33) % 1_000_000;
  }

  /// Takes the earliest timer and arms it again.
  @Benchmark
  public int hold() {
    long nowNs = queue.nextTimeNs();
    int timer = queue.poll();
    queue.arm(timer, nowNs + next());
    return timer;
  }
}
