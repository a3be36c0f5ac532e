package dev.stint.report.perfetto;

import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.report.perfetto.TrackTree.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a trace is made of, taken down by the thread of a run in a few numbers an event, and read
/// in the same order by a thread of its own, which the run waits for only when it is 1 MiB behind.
///
/// What a [Reader] throws is thrown on the run's thread, by what it records next or by [#end].
final class Tape implements TraceSink, SpanSink {
  /*
   * A record begins with a word of its kind and an id; an event has three more, for its other
   * arguments and its time, anything else has one, its value. Chunks of records go around: the run
   * fills one while the others wait or are read. A chunk also says who was registered up to its
   * end, so that the reader need not look into the run's directory.
   */
  private static final int CHUNK_WORDS = 1 << 14;
  private static final int EVENT_WORDS = 4;
  private static final TraceKind[] KINDS = TraceKind.values();
  private static final Counter[] COUNTERS = Counter.values();
  private static final int BEGINS = KINDS.length;
  private static final int READING = BEGINS + 1;
  private static final long LOW = 0xFFFF_FFFFL;

  /// Reads what was recorded.
  interface Reader {
    /// Who was registered next in the run's directory, before anything names it.
    void registered(String path);

    /// See [TraceSink#event].
    void event(long timeNs, TraceKind kind, int a, int b, int c, int d);

    /// See [SpanSink#begins].
    void begins(int entity, long status);

    /// What was read of an entity at the last event.
    void reading(int entity, Counter counter, long value);
  }

  private final Entities entities;
  private final Reader reader;
  private final WorkQueue queue;
  private final Chunk[] chunks = new Chunk[WorkQueue.BACKLOG + 1];
  private volatile Optional<Throwable> failure = Optional.empty();
  private int number;
  private Chunk chunk;
  private long[] words;
  private int at;
  private int known;
  private boolean ended;

  /// Begins, with everyone who is registered by now.
  Tape(Entities entities, Reader reader, WorkQueue queue) {
    this.entities = entities;
    this.reader = reader;
    this.queue = queue;
    known = entities.count();
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = new Chunk();
    }
    chunk = chunks[0];
    words = chunk.words;
  }

  // --- The thread of the run ---

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    room();
    words[at] = word(kind.ordinal(), a);
    words[at + 1] = word(b, c);
    words[at + 2] = d;
    words[at + 3] = timeNs;
    at += EVENT_WORDS;
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  @Override
  public void span(int entity, long status, long fromNs, long toNs) {}

  @Override
  public void begins(int entity, long status, long atNs) {
    add(BEGINS, entity, status);
  }

  /// What is read of an entity at the event that was recorded last.
  void reading(int entity, Counter counter, long value) {
    add(READING + counter.ordinal(), entity, value);
  }

  private void add(int what, int id, long value) {
    room();
    words[at] = word(what, id);
    words[at + 1] = value;
    at += 2;
  }

  private static long word(int low, int high) {
    return (low & LOW) | ((long) high << Integer.SIZE);
  }

  private void room() {
    if (at > CHUNK_WORDS - EVENT_WORDS) {
      check();
      handOver();
    }
  }

  private void handOver() {
    chunk.size = at;
    while (known < entities.count()) {
      chunk.registered.add(entities.path(known++));
    }
    queue.give(chunk);
    number = (number + 1) % chunks.length;
    chunk = chunks[number];
    words = chunk.words;
    at = 0;
  }

  /// Waits until everything is read. Nothing can be recorded afterwards.
  void end() {
    stop();
    check();
  }

  /// As [#end], but whatever went wrong.
  void stop() {
    if (!ended) {
      ended = true;
      handOver();
      queue.end();
    }
  }

  private void check() {
    if (failure.isPresent()) {
      throw new IllegalStateException("a trace cannot be encoded", failure.get());
    }
  }

  // --- The thread of the reader ---

  /// Records that follow one another: written, given away, read, and written anew.
  private final class Chunk implements Runnable {
    private final long[] words = new long[CHUNK_WORDS];
    private final List<String> registered = new ArrayList<>();
    private int size;

    @Override
    public void run() {
      if (failure.isPresent()) {
        return;
      }
      try {
        registered.forEach(reader::registered);
        registered.clear();
        int from = 0;
        while (from < size) {
          from = read(words, from);
        }
      } catch (RuntimeException | Error e) {
        failure = Optional.of(e);
      }
    }
  }

  private int read(long[] from, int start) {
    int what = (int) from[start];
    int id = (int) (from[start] >> Integer.SIZE);
    if (what < BEGINS) {
      long bc = from[start + 1];
      int c = (int) (bc >> Integer.SIZE);
      reader.event(from[start + 3], KINDS[what], id, (int) bc, c, (int) from[start + 2]);
      return start + EVENT_WORDS;
    }
    long value = from[start + 1];
    if (what == BEGINS) {
      reader.begins(id, value);
    } else {
      reader.reading(id, COUNTERS[what - READING], value);
    }
    return start + 2;
  }
}
