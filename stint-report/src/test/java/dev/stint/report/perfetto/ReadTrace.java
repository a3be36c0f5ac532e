package dev.stint.report.perfetto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A Perfetto trace as an independent reader sees it, held against the format's rules while it is
/// read: packets known to [TraceSchema] alone, tracks unique and parents first, texts interned
/// before they are used, times that never run back, slices that do not overlap, arrows begun before
/// they end and ended once.
final class ReadTrace {
  private static final int STATE_CLEARED = 1;
  private static final int NEEDS_STATE = 2;

  /// @param arguments annotations by name; numbers as text
  record Slice(
      Track track,
      String category,
      String name,
      long fromNs,
      long toNs,
      Map<String, String> arguments) {
    long ns() {
      return toNs - fromNs;
    }
  }

  record Value(Track track, long timeNs, long value) {}

  record Track(long uuid, String name, long parent, boolean counter) {}

  final Map<Long, Track> tracks = new LinkedHashMap<>();
  final List<Slice> slices = new ArrayList<>();
  final List<Slice> instants = new ArrayList<>();
  final List<Value> values = new ArrayList<>();
  final Set<Long> arrows = new LinkedHashSet<>();
  long packetCount;

  private final Map<Integer, Sequence> sequences = new TreeMap<>();
  private final Map<Long, Slice> open = new LinkedHashMap<>();
  private final Map<String, List<Long>> arrowsOf = new TreeMap<>();
  private final Set<String> siblings = new LinkedHashSet<>();
  private final Set<Long> openArrows = new LinkedHashSet<>();

  private static final class Sequence {
    final Map<String, Map<Long, String>> interned = new TreeMap<>();
    long nowNs;
  }

  ReadTrace(byte[] file) {
    CodedInputStream in = CodedInputStream.newInstance(file);
    try {
      while (!in.isAtEnd()) {
        check(in.readTag() == ((1 << 3) | 2), "field 1 of the trace, with a length");
        DynamicMessage packet = DynamicMessage.parseFrom(TraceSchema.PACKET, in.readBytes());
        packetCount++;
        knownOnly(packet);
        read(packet);
      }
    } catch (IOException e) {
      throw new AssertionError("packet " + packetCount, e);
    }
    check(open.isEmpty(), "slices are ended");
    check(openArrows.isEmpty(), "arrows are ended");
  }

  private void check(boolean holds, String rule) {
    if (!holds) {
      throw new AssertionError("packet " + packetCount + ": " + rule);
    }
  }

  private void knownOnly(Message message) {
    check(message.getUnknownFields().asMap().isEmpty(), "fields are of the schema");
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            List<?> each = field.isRepeated() ? (List<?>) value : List.of(value);
            each.forEach(inner -> knownOnly((Message) inner));
          }
        });
  }

  private void read(Message packet) {
    int id = ((Number) get(packet, "trusted_packet_sequence_id")).intValue();
    int flags = ((Number) get(packet, "sequence_flags")).intValue();
    if (flags == STATE_CLEARED) {
      check(!sequences.containsKey(id), "sequences are unique");
      check(number(message(packet, "trace_packet_defaults"), "timestamp_clock_id") == 64, "clock");
      clocks(message(packet, "clock_snapshot"));
      sequences.put(id, new Sequence());
      return;
    }
    check(flags == NEEDS_STATE, "flags");
    Sequence sequence = sequences.get(id);
    check(sequence != null, "a sequence begins with cleared state");
    if (has(packet, "interned_data")) {
      intern(sequence, message(packet, "interned_data"));
    }
    if (has(packet, "track_descriptor")) {
      describe(message(packet, "track_descriptor"));
    }
    if (has(packet, "track_event")) {
      long delta = number(packet, "timestamp");
      check(has(packet, "timestamp") && delta >= 0, "time goes on");
      sequence.nowNs += delta;
      event(sequence, message(packet, "track_event"));
    }
  }

  /// The trace's clock and the sequence's own, which counts on from packet to packet, both at 0.
  private void clocks(Message snapshot) {
    List<Message> clocks = messages(snapshot, "clocks");
    check(
        clocks.stream().map(clock -> number(clock, "clock_id")).toList().equals(List.of(6L, 64L)),
        "clocks");
    check(clocks.stream().allMatch(clock -> number(clock, "timestamp") == 0), "clocks begin at 0");
    check(
        clocks.stream()
            .map(clock -> get(clock, "is_incremental"))
            .toList()
            .equals(List.of(false, true)),
        "which clock counts on");
  }

  private void intern(Sequence sequence, Message data) {
    data.getAllFields()
        .forEach((field, _) -> {
          Map<Long, String> known =
              sequence.interned.computeIfAbsent(field.getName(), _ -> new TreeMap<>());
          for (Message entry : messages(data, field.getName())) {
            String before = known.put(number(entry, "iid"), (String) get(entry, "text"));
            check(before == null, "texts are interned once");
          }
        });
  }

  private void describe(Message descriptor) {
    long uuid = number(descriptor, "uuid");
    long parent = number(descriptor, "parent_uuid");
    check(uuid > 0, "ids of tracks are positive");
    check(parent == 0 || tracks.containsKey(parent), "parents are described first");
    boolean counter = has(descriptor, "counter");
    Track track = new Track(uuid, (String) get(descriptor, "name"), parent, counter);
    check(tracks.put(uuid, track) == null, "ids of tracks are unique");
    check(siblings.add(parent + " " + track.name), "siblings of one name are shown as one");
  }

  private void event(Sequence sequence, Message event) {
    Track track = tracks.get(number(event, "track_uuid"));
    check(track != null, "a track is described before its events");
    int type = ((Number) get(event, "type")).intValue();
    check(track.counter == (type == 4), "counters have tracks of their own");
    switch (type) {
      case 1 -> {
        Slice begun = slice(sequence, event, track);
        check(open.put(track.uuid, begun) == null, "slices of a track do not overlap");
      }
      case 2 -> {
        Slice begun = open.remove(track.uuid);
        check(begun != null, "an end has a beginning");
        Map<String, String> arguments = new TreeMap<>(begun.arguments);
        arguments.putAll(arguments(sequence, event));
        check(sequence.nowNs > begun.fromNs, "slices are not empty");
        slices.add(
            new Slice(track, begun.category, begun.name, begun.fromNs, sequence.nowNs, arguments));
      }
      case 3 -> instants.add(slice(sequence, event, track));
      case 4 -> values.add(new Value(track, sequence.nowNs, number(event, "counter_value")));
      default -> throw new AssertionError("event of type " + type);
    }
    arrows(event, track);
  }

  private Slice slice(Sequence sequence, Message event, Track track) {
    List<?> categories = (List<?>) get(event, "category_iids");
    check(categories.size() == 1, "a category");
    return new Slice(
        track,
        text(sequence, "event_categories", (Long) categories.getFirst()),
        text(sequence, "event_names", number(event, "name_iid")),
        sequence.nowNs,
        sequence.nowNs,
        arguments(sequence, event));
  }

  private Map<String, String> arguments(Sequence sequence, Message event) {
    Map<String, String> arguments = new TreeMap<>();
    for (Message each : messages(event, "debug_annotations")) {
      String name = text(sequence, "debug_annotation_names", number(each, "name_iid"));
      String value =
          has(each, "int_value")
              ? Long.toString(number(each, "int_value"))
              : text(sequence, "debug_annotation_string_values", number(each, "string_value_iid"));
      check(arguments.put(name, value) == null, "arguments have names of their own");
    }
    return arguments;
  }

  private void arrows(Message event, Track track) {
    for (Object id : (List<?>) get(event, "flow_ids")) {
      arrowsOf.computeIfAbsent(track.name, _ -> new ArrayList<>()).add((Long) id);
      if (arrows.add((Long) id)) {
        openArrows.add((Long) id);
      }
      check(openArrows.contains((Long) id), "an arrow has one end");
    }
    for (Object id : (List<?>) get(event, "terminating_flow_ids")) {
      arrowsOf.computeIfAbsent(track.name, _ -> new ArrayList<>()).add((Long) id);
      check(openArrows.remove((Long) id), "an arrow ends that was begun, once");
    }
  }

  /// The arrows that begin, pass or end on a track.
  List<Long> arrowsThrough(String track) {
    return arrowsOf.getOrDefault(track, List.of());
  }

  private String text(Sequence sequence, String table, long id) {
    String text = sequence.interned.getOrDefault(table, Map.of()).get(id);
    check(text != null, "texts are interned before their use");
    return text;
  }

  private static boolean has(Message message, String field) {
    return message.hasField(message.getDescriptorForType().findFieldByName(field));
  }

  private static Object get(Message message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  private static long number(Message message, String field) {
    return ((Number) get(message, field)).longValue();
  }

  private static Message message(Message message, String field) {
    return (Message) get(message, field);
  }

  private static List<Message> messages(Message message, String field) {
    return ((List<?>) get(message, field)).stream().map(Message.class::cast).toList();
  }
}
