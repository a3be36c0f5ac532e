package dev.stint.report.perfetto;

import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceKind;
import dev.stint.report.perfetto.TrackTree.Counter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Makes a run's trace of what its [Tape] holds: slices of what ran and what waited, and why, on a
/// track per LP, VP, vCPU thread and task; arrows from wakers to wakees; counters.
final class TraceEncoder implements Tape.Reader {
  /*
   * How it works
   *
   * Events change who is where; the ledger tells each entity's status as it changes. Both mark
   * entities. When time has advanced, what is marked is compared with its open slice, which is
   * ended and followed by another where they differ: an instant of many events gives one slice.
   * Wake-ups, losses and readings are written at once, as of the event.
   *
   * Memory: a few numbers per entity, and one buffer.
   */
  private static final long NO_SLICE = Long.MIN_VALUE;

  // Keys of payloads: a wait's status is from 0, a run's name from -1 down.
  private static final long LOST = 1L << 62;
  private static final long WAKES = 1L << 61;

  private final Paths paths;
  private final PacketStream stream;
  private final TrackTree tree;
  private final TraceTexts texts;
  private final Seats seats;
  private final Flows flows;
  private final Payloads payloads = new Payloads();
  private final EntityKind[] kind;
  private final int[] height;
  private final int[] vpOfThread;
  private final int count;

  private final long[] status;
  private final long[] openStatus;
  private final int[] openRuns;
  private final int[] openPlace;
  private final long[] stealNs;
  private final long[] openedNs;
  private final int[] shownLength;
  private final boolean[] marked;
  private final int[] marks;
  private int markCount;
  private long nowNs;

  /// Begins the trace of a run; what the parameters are, [PerfettoTrace] says.
  TraceEncoder(
      OutputStream out, WatchedRun run, int index, int runCount, Map<String, String> about) {
    Entities entities = run.entities();
    count = entities.count();
    paths = new Paths(entities);
    stream = new PacketStream(out, index + 1);
    tree = new TrackTree(stream, entities, paths, run.assembly(), index, runCount);
    texts = new TraceTexts(stream, paths);
    seats = new Seats(entities);
    flows = new Flows(count, ((long) index + 1) << 40);
    kind = new EntityKind[count];
    height = new int[count];
    for (Entity entity : entities.all()) {
      kind[entity.id()] = entity.kind();
      height[entity.id()] = heightOf(entities, entity);
    }
    vpOfThread = none();
    run.threadOfVp().forEach((vp, thread) -> vpOfThread[thread] = vp);
    status = noSlices();
    openStatus = noSlices();
    openRuns = none();
    openPlace = none();
    stealNs = new long[count];
    openedNs = new long[count];
    shownLength = new int[count];
    marked = new boolean[count];
    marks = new int[count];
    String name = run.scenario().name() + " under " + run.assembly().text();
    EventPayload payload = new EventPayload(stream.name(name), texts.about);
    texts.annotate(payload, about);
    stream.beginAbout(0, tree.top(), payload);
  }

  private int[] none() {
    int[] ids = new int[count];
    Arrays.fill(ids, Entities.NONE);
    return ids;
  }

  /// How many layers of processors and tasks are below.
  private static int heightOf(Entities entities, Entity entity) {
    int below = entity.kind() == EntityKind.VP || entity.kind() == EntityKind.LP ? 0 : 1;
    int parent = entity.parent();
    while (parent != Entities.NONE) {
      below += 2;
      parent = entities.get(parent).parent();
    }
    return below;
  }

  private long[] noSlices() {
    long[] all = new long[count];
    Arrays.fill(all, NO_SLICE);
    return all;
  }

  @Override
  public void registered(String path) {
    paths.add(path);
  }

  @Override
  public void event(long timeNs, TraceKind what, int a, int b, int c, int d) {
    if (timeNs != nowNs) {
      settle();
      nowNs = timeNs;
    }
    seats.event(what, a, b, c, d);
    switch (what) {
      case SWITCH -> {
        mark(a);
        markWithVp(b);
        markWithVp(c);
      }
      case READY -> woken(a, b, c);
      case MOVE -> mark(a);
      case THROTTLE, UNTHROTTLE -> mark(b);
      case ENTER, LEAVE -> {
        mark(a);
        mark(b);
      }
      case HOLD, UNKNOWN -> {}
      case COST -> lost(a, b, c, d);
    }
  }

  @Override
  public void begins(int id, long now) {
    status[id] = SpanSink.isBlocked(now) ? NO_SLICE : now;
    mark(id);
  }

  @Override
  public void reading(int id, Counter counter, long value) {
    stream.count(nowNs, tree.counter(counter, id), value);
  }

  /// One that was switched in or out, and the VP that it carries.
  private void markWithVp(int id) {
    if (id == Entities.NONE) {
      return;
    }
    mark(id);
    if (vpOfThread[id] != Entities.NONE) {
      mark(vpOfThread[id]);
    }
  }

  private void woken(int id, int processor, int waker) {
    mark(id);
    if (processor != Entities.NONE) {
      mark(processor);
    }
    if (kind[id] == EntityKind.VP) {
      flows.wokenVp(nowNs, id);
      return;
    }
    long flow = flows.woken(nowNs, id, processor, waker, vpOfThread[id]);
    if (flow != Flows.NONE) {
      wakes(waker, id);
      stream.flow(flow);
      stream.close();
    }
  }

  private void lost(int task, int cost, int ns, int cause) {
    long what = LOST | (long) cost << 32 | ns;
    byte[] payload = payloads.get(what, cause);
    if (payload == Payloads.NONE) {
      EventPayload built = new EventPayload(texts.cost(cost), texts.overhead);
      built.number(texts.lostNs, ns);
      if (cause != Entities.NONE) {
        built.text(texts.cause, texts.path(cause));
      }
      payload = built.bytes();
      payloads.put(what, cause, payload);
    }
    stream.openInstant(nowNs, tree.track(task), payload);
    stream.close();
  }

  private void wakes(int waker, int wakee) {
    byte[] payload = payloads.get(WAKES | wakee, Entities.NONE);
    if (payload == Payloads.NONE) {
      payload = new EventPayload(texts.wakes(wakee), texts.wake).bytes();
      payloads.put(WAKES | wakee, Entities.NONE, payload);
    }
    stream.openInstant(nowNs, tree.track(waker), payload);
  }

  private void mark(int id) {
    if (!marked[id]) {
      marked[id] = true;
      marks[markCount++] = id;
    }
  }

  // --- When time advances ---

  private void settle() {
    sortMarks();
    for (int i = 0; i < markCount; i++) {
      int id = marks[i];
      marked[id] = false;
      settle(id);
    }
    markCount = 0;
  }

  /// From the LPs upwards, so that an arrow passes through the layers in the order of causes.
  private void sortMarks() {
    for (int i = 1; i < markCount; i++) {
      int id = marks[i];
      int at = i;
      while (at > 0 && height[marks[at - 1]] > height[id]) {
        marks[at] = marks[at - 1];
        at--;
      }
      marks[at] = id;
    }
  }

  private void settle(int id) {
    if (seats.queueLength(id) != shownLength[id]) {
      shownLength[id] = seats.queueLength(id);
      stream.count(nowNs, tree.counter(Counter.RUNNABLE, id), shownLength[id]);
    }
    long is = status[id];
    int runs = SpanSink.isRun(is) ? whatRuns(id) : Entities.NONE;
    int place = is == NO_SLICE ? Entities.NONE : seats.processorOf(id);
    if (is == openStatus[id] && runs == openRuns[id] && place == openPlace[id]) {
      return;
    }
    end(id, is);
    openStatus[id] = is;
    openRuns[id] = runs;
    openPlace[id] = place;
    if (is != NO_SLICE) {
      begin(id);
    }
  }

  private int whatRuns(int id) {
    return switch (kind[id]) {
      case LP, VP -> seats.current(id);
      case THREAD -> seats.enteredBy(id);
      case TASK, GROUP, PARTITION, RULE -> Entities.NONE;
    };
  }

  private void end(int id, long next) {
    long was = openStatus[id];
    if (was == NO_SLICE) {
      return;
    }
    stream.endSlice(nowNs, tree.track(id));
    if (kind[id] == EntityKind.VP && SpanSink.isWait(was)) {
      stealNs[id] += nowNs - openedNs[id];
      if (!SpanSink.isWait(next)) {
        stream.count(nowNs, tree.counter(Counter.STEAL, id), stealNs[id]);
      }
    }
  }

  private void begin(int id) {
    openedNs[id] = nowNs;
    long is = openStatus[id];
    boolean run = SpanSink.isRun(is);
    long what = run ? -1L - runName(id) : is;
    byte[] payload = payloads.get(what, openPlace[id]);
    if (payload == Payloads.NONE) {
      payload = run ? runPayload(runName(id), openPlace[id]) : idlePayload(is, openPlace[id]);
      payloads.put(what, openPlace[id], payload);
    }
    stream.openSlice(nowNs, tree.track(id), payload);
    long ending = run ? flows.ending(id) : Flows.NONE;
    if (ending != Flows.NONE) {
      stream.endFlow(ending);
    }
    long passing = flows.passing(id);
    if (passing != Flows.NONE) {
      stream.flow(passing);
    }
    stream.close();
  }

  private byte[] runPayload(int name, int place) {
    EventPayload payload = new EventPayload(name, texts.run);
    annotatePlace(payload, place);
    return payload.bytes();
  }

  private byte[] idlePayload(long is, int place) {
    if (!SpanSink.isWait(is)) {
      return new EventPayload(texts.unknownName, texts.unknown).bytes();
    }
    WaitReason why = SpanSink.reason(is);
    EventPayload payload = new EventPayload(texts.waiting(why), texts.wait);
    payload.text(texts.reason, texts.reason(why));
    payload.text(texts.occupant, texts.path(SpanSink.occupant(is)));
    annotatePlace(payload, place);
    return payload.bytes();
  }

  private void annotatePlace(EventPayload payload, int place) {
    if (place != Entities.NONE) {
      payload.text(texts.processor, texts.path(place));
    }
  }

  private int runName(int id) {
    int runs = openRuns[id];
    return switch (kind[id]) {
      case LP, VP -> runs == Entities.NONE ? texts.idle : texts.name(runs);
      case THREAD -> runs == Entities.NONE ? texts.outsideDispatch : texts.name(runs);
      case TASK, GROUP, PARTITION, RULE -> texts.on(openPlace[id]);
    };
  }

  /// Ends the trace: every slice that is open, and every arrow.
  ///
  /// @param more what is known of the run only now, such as what it assumed
  /// @throws IOException why the trace could not be written, now or before
  void finish(long endNs, Map<String, String> more) throws IOException {
    if (nowNs < endNs) {
      settle();
    }
    nowNs = endNs;
    for (int id = 0; id < count; id++) {
      end(id, NO_SLICE);
      openStatus[id] = NO_SLICE;
      long flow = flows.ending(id);
      if (flow != Flows.NONE) {
        byte[] payload = new EventPayload(texts.neverRan, texts.wake).bytes();
        stream.openInstant(endNs, tree.track(id), payload);
        stream.endFlow(flow);
        stream.close();
      }
    }
    EventPayload payload = new EventPayload();
    texts.annotate(payload, more);
    stream.endAbout(endNs, tree.top(), payload);
    stream.flush();
    Optional<IOException> failure = stream.failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /// How many slice begins and ends, instants and counter values were written.
  long eventCount() {
    return stream.eventCount();
  }

  /// How many bytes they and everything else came to, as of [#finish].
  long byteCount() {
    return stream.byteCount();
  }
}
