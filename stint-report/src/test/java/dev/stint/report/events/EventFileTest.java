package dev.stint.report.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceDigest;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class EventFileTest {
  private static final long SEEDS = Long.getLong("swarm.seeds", 40);
  private static final int BYTES_PER_EVENT_MAX = 24;

  @Test
  void everySeed_everyAssembly_replaysToTheSameDigestLedgerAndSpans() {
    long runs = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (Assembly assembly : Assembly.values()) {
        Optional<RecordedSwarm> recorded = RecordedSwarm.of(seed, assembly);
        if (recorded.isPresent()) {
          check(recorded.get(), "seed " + seed + " under " + assembly.text());
          runs++;
        }
      }
    }
    assertThat(runs).isGreaterThan(SEEDS * 2);
  }

  private static void check(RecordedSwarm recorded, String what) {
    EventFileReader reader = recorded.reader();
    TraceDigest digest = new TraceDigest();
    RunSpans spans = new RunSpans();
    Ledger ledger = reader.ledger(_ -> new Watch(digest, spans));
    assertThat(digest.hex()).as(what).isEqualTo(recorded.result().digest());
    assertThat(reader.digest()).as(what).contains(recorded.result().digest());
    assertThat(reader.eventCount()).as(what).isEqualTo(digest.eventCount());
    assertThat(spans).as(what).hasToString(recorded.spans().toString());
    Entities entities = ledger.entities();
    for (EntityResult entity : recorded.result().entities()) {
      int id = entities.find(entity.path());
      assertThat(entities.get(id).kind()).as(what).isEqualTo(entity.kind());
      if (entity.kind().accounted()) {
        assertThat(ledger.runNs(id)).as(what + " " + entity.path()).isEqualTo(entity.runNs());
        assertThat(ledger.switches(id)).as(what).isEqualTo(entity.switches());
        assertThat(ledger.blockedNs(id)).as(what).isEqualTo(entity.blockedNs());
      }
    }
    if (reader.eventCount() > 1_000) {
      assertThat(recorded.bytes().length / reader.eventCount())
          .as(what)
          .isLessThanOrEqualTo(BYTES_PER_EVENT_MAX);
    }
  }

  private static RecordedRun twoLps() {
    Entities entities = new Entities();
    entities.add(EntityKind.LP, "lp0", Entities.NONE);
    entities.add(EntityKind.LP, "lp1", Entities.NONE);
    int partition = entities.add(EntityKind.PARTITION, "vm", Entities.NONE);
    entities.add(EntityKind.VP, "vm/vp0", partition);
    entities.add(EntityKind.TASK, "vm/task:ü", partition);
    return new RecordedRun(
        new RunLabel("v", "s", "core", Long.MIN_VALUE, Long.MAX_VALUE), entities, Map.of());
  }

  /// Keeps events as text.
  private record Lines(List<String> lines) implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      lines.add(timeNs + " " + kind + " " + a + " " + b + " " + c + " " + d);
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {
      lines.add(timeNs + " " + metric + " " + entity + " " + value);
    }
  }

  @Test
  void events_oddOnesAndLateRules_areReadAsWritten() {
    RecordedRun run = twoLps();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EventFileWriter writer = new EventFileWriter(out, run);
    Lines told = new Lines(new ArrayList<>());
    TraceSink both = TraceSink.both(told, writer);
    both.event(0, TraceKind.SWITCH, 0, 4, 3, 2);
    both.event(0, TraceKind.SWITCH, 0, 3, Entities.NONE, 0);
    both.event(5, TraceKind.READY, 4, 3, Entities.NONE, 77);
    int rule = run.entities().add(EntityKind.RULE, "quota:" + "x".repeat(60_000), 2);
    run.entities().add(EntityKind.RULE, "quota:" + "y".repeat(60_000), 2);
    both.event(5, TraceKind.THROTTLE, 4, Entities.NONE, rule, 0);
    both.event(6, TraceKind.COST, 4, 3, Integer.MAX_VALUE, Entities.NONE);
    both.event(6, TraceKind.COST, 4, 3, -1, 3);
    both.event(7, TraceKind.HOLD, 1, Entities.NONE, -5, 0);
    both.sample(Long.MAX_VALUE, Metric.MISS, 4, Long.MAX_VALUE);
    writer.finish(Long.MAX_VALUE);

    EventFileReader reader = new EventFileReader("odd.events", StoredBytes.of(out.toByteArray()));
    Lines read = new Lines(new ArrayList<>());
    Entities[] entities = new Entities[1];
    reader.replay(recorded -> {
      entities[0] = recorded.entities();
      return read;
    });
    assertThat(read.lines()).isEqualTo(told.lines());
    assertThat(entities[0].all()).isEqualTo(run.entities().all());
    assertThat(reader.label()).isEqualTo(run.label());
    assertThat(reader.digest()).isEmpty();
  }

  @Test
  void file_cutAnywhere_isRefusedAndSaysHowFarItGoes() {
    RecordedSwarm recorded = longRun();
    byte[] bytes = recorded.bytes();
    Map<String, Integer> messages = new TreeMap<>();
    for (int length = 0; length < bytes.length; length += 1 + bytes.length / 300) {
      StoredBytes cut = StoredBytes.of(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> new EventFileReader("cut.events", cut))
          .isInstanceOf(EventFileFault.class)
          .hasMessageStartingWith("cut.events: ")
          .satisfies(
              e -> messages.merge(e.getMessage().replaceAll("[0-9]+", "N"), 1, Integer::sum));
    }
    assertThat(messages)
        .containsKey(
            "cut.events: byte N: incomplete: its last whole block, number N, ends here, after N"
                + " events, beyond N ns of simulated time. What wrote it did not end well."
                + " Run the scenario again.");
  }

  @Test
  void stream_fails_isToldAtOnce() {
    OutputStream full =
        new OutputStream() {
          private long left = 100_000;

          @Override
          public void write(int b) throws IOException {
            write(new byte[1], 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            left -= count;
            if (left < 0) {
              throw new IOException("No space left on device");
            }
          }
        };
    EventFileWriter writer = new EventFileWriter(full, twoLps());
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                writer.event(i, TraceKind.READY, 4, 3, Entities.NONE, 0);
              }
            })
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("No space left on device");
  }

  @Test
  void writer_steadyState_allocatesNothing() {
    EventFileWriter writer = new EventFileWriter(OutputStream.nullOutputStream(), twoLps());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    turns(writer, 0, 5_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    turns(writer, 5_000, 205_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes in 600,000 events").isLessThan(10_000);
  }

  private static void turns(TraceSink sink, long from, long to) {
    for (long turn = from; turn < to; turn++) {
      sink.event(turn * 1_000_000, TraceKind.SWITCH, 0, -1, 3, 3);
      sink.event(turn * 1_000_000, TraceKind.COST, 4, 3, 1_500, 3);
      sink.event(turn * 1_000_000 + 700_000, TraceKind.SWITCH, 0, 3, -1, 1);
    }
  }

  @Test
  void event_beforeTheLast_isRefused() {
    EventFileWriter writer = new EventFileWriter(OutputStream.nullOutputStream(), twoLps());
    writer.event(10, TraceKind.READY, 4, 3, Entities.NONE, 0);
    assertThatThrownBy(() -> writer.event(9, TraceKind.READY, 4, 3, Entities.NONE, 0))
        .hasMessageContaining("order of time");
  }

  @Test
  void mutations_500WithAndWithoutRightChecksums_areRefusedOrHarmless() {
    RecordedSwarm recorded = longRun();
    int refused = 0;
    for (int number = 0; number < 500; number++) {
      byte[] bytes = new EventFileMutation(recorded.bytes(), number).bytes();
      try {
        new EventFileReader("mutated.events", StoredBytes.of(bytes))
            .ledger(_ -> new Watch(TraceSink.NONE, SpanSink.NONE));
      } catch (EventFileFault fault) {
        assertThat(fault.getMessage()).startsWith("mutated.events: ").hasSizeLessThan(600);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(400);
  }

  /// The longest of the first recorded ones.
  private RecordedSwarm longRun() {
    for (long seed = 1; ; seed++) {
      Optional<RecordedSwarm> recorded = RecordedSwarm.of(seed, Assembly.INTEGRATED);
      if (recorded.isPresent() && recorded.get().bytes().length > 200_000) {
        return recorded.get();
      }
    }
  }
}
