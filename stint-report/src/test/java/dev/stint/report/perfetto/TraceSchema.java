package dev.stint.report.perfetto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;

/// The part of Perfetto's published schema that a trace of ours may use, declared a second time: it
/// knows nothing of the writer. Whatever a packet holds beyond it counts as unknown.
final class TraceSchema {
  static final Descriptor PACKET = build();

  private TraceSchema() {}

  private static Descriptor build() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("trace.proto")
            .setSyntax("proto2")
            .addMessageType(
                message("Clock")
                    .addField(one("clock_id", 1, Type.TYPE_UINT32))
                    .addField(one("timestamp", 2, Type.TYPE_UINT64))
                    .addField(one("is_incremental", 3, Type.TYPE_BOOL)))
            .addMessageType(message("ClockSnapshot").addField(many("clocks", 1, "Clock")))
            .addMessageType(
                message("TracePacketDefaults")
                    .addField(one("timestamp_clock_id", 58, Type.TYPE_UINT32)))
            .addMessageType(message("CounterDescriptor").addField(one("unit", 3, Type.TYPE_INT32)))
            .addMessageType(
                message("TrackDescriptor")
                    .addField(one("uuid", 1, Type.TYPE_UINT64))
                    .addField(one("name", 2, Type.TYPE_STRING))
                    .addField(one("parent_uuid", 5, Type.TYPE_UINT64))
                    .addField(one("counter", 8, "CounterDescriptor"))
                    .addField(one("child_ordering", 11, Type.TYPE_INT32))
                    .addField(one("sibling_order_rank", 12, Type.TYPE_INT32)))
            .addMessageType(
                message("TracePacket")
                    .addField(one("clock_snapshot", 6, "ClockSnapshot"))
                    .addField(one("timestamp", 8, Type.TYPE_UINT64))
                    .addField(one("trusted_packet_sequence_id", 10, Type.TYPE_UINT32))
                    .addField(one("track_event", 11, "TrackEvent"))
                    .addField(one("interned_data", 12, "InternedData"))
                    .addField(one("sequence_flags", 13, Type.TYPE_UINT32))
                    .addField(one("trace_packet_defaults", 59, "TracePacketDefaults"))
                    .addField(one("track_descriptor", 60, "TrackDescriptor"))
                    .addField(one("first_packet_on_sequence", 87, Type.TYPE_BOOL)))
            .addAllMessageType(events())
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0])
          .findMessageTypeByName("TracePacket");
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static List<DescriptorProto> events() {
    return List.of(
        message("DebugAnnotation")
            .addField(one("name_iid", 1, Type.TYPE_UINT64))
            .addField(one("int_value", 4, Type.TYPE_INT64))
            .addField(one("string_value_iid", 17, Type.TYPE_UINT64))
            .build(),
        message("TrackEvent")
            .addField(many("category_iids", 3, Type.TYPE_UINT64))
            .addField(many("debug_annotations", 4, "DebugAnnotation"))
            .addField(one("type", 9, Type.TYPE_INT32))
            .addField(one("name_iid", 10, Type.TYPE_UINT64))
            .addField(one("track_uuid", 11, Type.TYPE_UINT64))
            .addField(one("counter_value", 30, Type.TYPE_INT64))
            .addField(many("flow_ids", 47, Type.TYPE_FIXED64))
            .addField(many("terminating_flow_ids", 48, Type.TYPE_FIXED64))
            .build(),
        message("Interned")
            .addField(one("iid", 1, Type.TYPE_UINT64))
            .addField(one("text", 2, Type.TYPE_STRING))
            .build(),
        message("InternedData")
            .addField(many("event_categories", 1, "Interned"))
            .addField(many("event_names", 2, "Interned"))
            .addField(many("debug_annotation_names", 3, "Interned"))
            .addField(many("debug_annotation_string_values", 29, "Interned"))
            .build());
  }

  private static DescriptorProto.Builder message(String name) {
    return DescriptorProto.newBuilder().setName(name);
  }

  private static FieldDescriptorProto one(String name, int number, Type type) {
    return field(name, number, Label.LABEL_OPTIONAL).setType(type).build();
  }

  private static FieldDescriptorProto one(String name, int number, String message) {
    return field(name, number, Label.LABEL_OPTIONAL).setTypeName(message).build();
  }

  private static FieldDescriptorProto many(String name, int number, Type type) {
    return field(name, number, Label.LABEL_REPEATED).setType(type).build();
  }

  private static FieldDescriptorProto many(String name, int number, String message) {
    return field(name, number, Label.LABEL_REPEATED).setTypeName(message).build();
  }

  private static FieldDescriptorProto.Builder field(String name, int number, Label label) {
    return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setLabel(label);
  }
}
