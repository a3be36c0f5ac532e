package dev.stint.report.perfetto;

import dev.stint.model.time.Invariant;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One packet sequence of a Perfetto trace: tracks, and what happens on them in order of time.
///
/// Times are written as differences to the packet before, texts once. What cannot be written is
/// remembered as a [#failure], and nothing is written after it.
final class PacketStream {
  /*
   * Packets are short: a length of one byte each. So what is interned, and descriptors, come in
   * packets of their own, whose lengths take four.
   */
  private static final int FLUSH_BYTES = 1 << 16;
  private static final int EVENT_MAX_BYTES = 160;

  /// What a counter counts.
  enum Unit {
    TIME_NS(1),
    COUNT(2);

    private final int number;

    Unit(int number) {
      this.number = number;
    }
  }

  private final OutputStream out;
  private final int sequence;
  private final byte[] eventHead;
  private final ProtoBuffer buffer = new ProtoBuffer(FLUSH_BYTES + 4096);
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private final Map<String, Integer> categories = new LinkedHashMap<>();
  private final Map<String, Integer> annotationNames = new LinkedHashMap<>();
  private final Map<String, Integer> annotationTexts = new LinkedHashMap<>();
  private Optional<IOException> failure = Optional.empty();
  private long nowNs;
  private long eventCount;
  private long byteCount;
  private int packetStart;
  private int eventStart;

  /// @param sequence from 1, unique in the file
  PacketStream(OutputStream out, int sequence) {
    this.out = out;
    this.sequence = sequence;
    eventHead = eventHead(sequence);
    int packet = openPacket(Proto.STATE_CLEARED);
    buffer.integer(Proto.FIRST_PACKET_ON_SEQUENCE, 1);
    int defaults = buffer.open(Proto.DEFAULTS);
    buffer.integer(Proto.DEFAULT_CLOCK, Proto.SEQUENCE_CLOCK);
    buffer.close(defaults);
    int snapshot = buffer.open(Proto.CLOCK_SNAPSHOT);
    clock(Proto.BOOTTIME, false);
    clock(Proto.SEQUENCE_CLOCK, true);
    buffer.close(snapshot);
    closePacket(packet);
  }

  /// What every event's packet begins with, up to its time.
  private static byte[] eventHead(int sequence) {
    ProtoBuffer head = new ProtoBuffer(EVENT_MAX_BYTES);
    head.openShort(Proto.TRACE_PACKET);
    head.integer(Proto.SEQUENCE_ID, sequence);
    head.integer(Proto.SEQUENCE_FLAGS, Proto.NEEDS_STATE);
    head.integer(Proto.TIMESTAMP, 0);
    return Arrays.copyOf(head.bytes(), head.size() - 1);
  }

  private void clock(int id, boolean incremental) {
    int clock = buffer.open(Proto.CLOCKS);
    buffer.integer(Proto.CLOCK_ID, id);
    buffer.integer(Proto.CLOCK_TIMESTAMP, 0);
    if (incremental) {
      buffer.integer(Proto.CLOCK_INCREMENTAL, 1);
    }
    buffer.close(clock);
  }

  // --- Tracks ---

  /// A track without a parent.
  void topTrack(long uuid, String name) {
    int packet = openPacket(Proto.NEEDS_STATE);
    int descriptor = buffer.open(Proto.TRACK_DESCRIPTOR);
    buffer.integer(Proto.TRACK_UUID, uuid);
    buffer.text(Proto.TRACK_NAME, name);
    buffer.integer(Proto.CHILD_ORDERING, Proto.ORDERING_EXPLICIT);
    buffer.close(descriptor);
    closePacket(packet);
  }

  /// A track for slices and instants, or a group of tracks; siblings are shown in order of rank.
  void track(long uuid, long parent, String name, int rank) {
    int packet = openPacket(Proto.NEEDS_STATE);
    int descriptor = openChild(uuid, parent, name, rank);
    buffer.integer(Proto.CHILD_ORDERING, Proto.ORDERING_EXPLICIT);
    buffer.close(descriptor);
    closePacket(packet);
  }

  /// A track for the values of a counter.
  void counterTrack(long uuid, long parent, String name, int rank, Unit unit) {
    int packet = openPacket(Proto.NEEDS_STATE);
    int descriptor = openChild(uuid, parent, name, rank);
    int counter = buffer.open(Proto.COUNTER);
    buffer.integer(Proto.COUNTER_UNIT, unit.number);
    buffer.close(counter);
    buffer.close(descriptor);
    closePacket(packet);
  }

  private int openChild(long uuid, long parent, String name, int rank) {
    int descriptor = buffer.open(Proto.TRACK_DESCRIPTOR);
    buffer.integer(Proto.TRACK_UUID, uuid);
    buffer.integer(Proto.PARENT_UUID, parent);
    buffer.text(Proto.TRACK_NAME, name);
    buffer.integer(Proto.SIBLING_ORDER_RANK, rank);
    return descriptor;
  }

  // --- Texts: the id of each, to be kept by the caller ---

  int name(String text) {
    return interned(names, Proto.EVENT_NAMES, text);
  }

  int category(String text) {
    return interned(categories, Proto.CATEGORIES, text);
  }

  int annotationName(String text) {
    return interned(annotationNames, Proto.ANNOTATION_NAMES, text);
  }

  int annotationText(String text) {
    return interned(annotationTexts, Proto.ANNOTATION_STRINGS, text);
  }

  private int interned(Map<String, Integer> known, int field, String text) {
    Integer id = known.get(text);
    if (id != null) {
      return id;
    }
    int next = known.size() + 1;
    known.put(text, next);
    int packet = openPacket(Proto.NEEDS_STATE);
    int data = buffer.open(Proto.INTERNED_DATA);
    int entry = buffer.open(field);
    buffer.integer(Proto.ENTRY_IID, next);
    buffer.text(Proto.ENTRY_TEXT, text);
    buffer.close(entry);
    buffer.close(data);
    closePacket(packet);
    return next;
  }

  // --- Events ---

  /// Begins a slice; flows may follow, then [#close].
  ///
  /// @param payload its name, category and annotations
  void openSlice(long timeNs, long track, byte[] payload) {
    openEvent(timeNs, Proto.SLICE_BEGIN, track);
    buffer.raw(payload);
  }

  /// An instant; flows may follow, then [#close].
  void openInstant(long timeNs, long track, byte[] payload) {
    openEvent(timeNs, Proto.INSTANT, track);
    buffer.raw(payload);
  }

  /// Ends the track's innermost slice.
  void endSlice(long timeNs, long track) {
    openEvent(timeNs, Proto.SLICE_END, track);
    close();
  }

  void count(long timeNs, long track, long value) {
    openEvent(timeNs, Proto.COUNTER_EVENT, track);
    buffer.integer(Proto.COUNTER_VALUE, value);
    close();
  }

  /// Begins a slice of which any amount is said.
  void beginAbout(long timeNs, long track, EventPayload payload) {
    about(timeNs, Proto.SLICE_BEGIN, track, payload);
  }

  /// Ends a slice of which more is said now.
  void endAbout(long timeNs, long track, EventPayload payload) {
    about(timeNs, Proto.SLICE_END, track, payload);
  }

  private void about(long timeNs, int type, long track, EventPayload payload) {
    int packet = openPacket(Proto.NEEDS_STATE);
    buffer.integer(Proto.TIMESTAMP, timeNs - nowNs);
    nowNs = timeNs;
    int event = buffer.open(Proto.TRACK_EVENT);
    buffer.integer(Proto.TYPE, type);
    buffer.integer(Proto.EVENT_TRACK, track);
    buffer.raw(payload.bytes());
    buffer.close(event);
    closePacket(packet);
    eventCount++;
  }

  /// An arrow begins at the open event, or passes through it.
  void flow(long id) {
    buffer.fixed64(Proto.FLOW_ID, id);
  }

  /// An arrow ends at the open event.
  void endFlow(long id) {
    buffer.fixed64(Proto.TERMINATING_FLOW_ID, id);
  }

  private void openEvent(long timeNs, int type, long track) {
    Invariant.check(timeNs >= nowNs, "packets come in order of time", timeNs, nowNs);
    buffer.ensure(EVENT_MAX_BYTES);
    packetStart = buffer.size() + 2;
    buffer.raw(eventHead);
    buffer.varint(timeNs - nowNs);
    nowNs = timeNs;
    eventStart = buffer.openShort(Proto.TRACK_EVENT);
    buffer.smallField(Proto.TYPE, type);
    buffer.smallField(Proto.EVENT_TRACK, track);
  }

  void close() {
    buffer.closeShort(eventStart);
    buffer.closeShort(packetStart);
    eventCount++;
    if (buffer.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  private int openPacket(int flags) {
    int packet = buffer.open(Proto.TRACE_PACKET);
    buffer.integer(Proto.SEQUENCE_ID, sequence);
    buffer.integer(Proto.SEQUENCE_FLAGS, flags);
    return packet;
  }

  private void closePacket(int packet) {
    buffer.close(packet);
    if (buffer.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  // --- The end ---

  /// Hands everything to the stream below.
  void flush() {
    byteCount += buffer.size();
    if (failure.isEmpty()) {
      try {
        out.write(buffer.bytes(), 0, buffer.size());
      } catch (IOException e) {
        failure = Optional.of(e);
      }
    }
    buffer.clear();
  }

  /// Why the trace is not complete.
  Optional<IOException> failure() {
    return failure;
  }

  /// How many slice begins and ends, instants and counter values were written.
  long eventCount() {
    return eventCount;
  }

  /// How many bytes all packets have up to the last [#flush].
  long byteCount() {
    return byteCount;
  }
}
