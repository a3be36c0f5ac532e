package dev.stint.report.perfetto;

/// The numbers of the messages, fields and values of Perfetto's published schema that are written
/// here (protos/perfetto/trace/trace_packet.proto and the files that it imports).
final class Proto {
  static final int TRACE_PACKET = 1;

  // TracePacket
  static final int CLOCK_SNAPSHOT = 6;
  static final int TIMESTAMP = 8;
  static final int SEQUENCE_ID = 10;
  static final int TRACK_EVENT = 11;
  static final int INTERNED_DATA = 12;
  static final int SEQUENCE_FLAGS = 13;
  static final int DEFAULTS = 59;
  static final int TRACK_DESCRIPTOR = 60;
  static final int FIRST_PACKET_ON_SEQUENCE = 87;
  static final int STATE_CLEARED = 1;
  static final int NEEDS_STATE = 2;

  // TracePacketDefaults
  static final int DEFAULT_CLOCK = 58;

  // ClockSnapshot and its Clock
  static final int CLOCKS = 1;
  static final int CLOCK_ID = 1;
  static final int CLOCK_TIMESTAMP = 2;
  static final int CLOCK_INCREMENTAL = 3;
  static final int BOOTTIME = 6;
  static final int SEQUENCE_CLOCK = 64;

  // TrackDescriptor and CounterDescriptor
  static final int TRACK_UUID = 1;
  static final int TRACK_NAME = 2;
  static final int PARENT_UUID = 5;
  static final int COUNTER = 8;
  static final int CHILD_ORDERING = 11;
  static final int SIBLING_ORDER_RANK = 12;
  static final int ORDERING_EXPLICIT = 3;
  static final int COUNTER_UNIT = 3;

  // TrackEvent
  static final int CATEGORY_IID = 3;
  static final int DEBUG_ANNOTATION = 4;
  static final int TYPE = 9;
  static final int NAME_IID = 10;
  static final int EVENT_TRACK = 11;
  static final int COUNTER_VALUE = 30;
  static final int FLOW_ID = 47;
  static final int TERMINATING_FLOW_ID = 48;
  static final int SLICE_BEGIN = 1;
  static final int SLICE_END = 2;
  static final int INSTANT = 3;
  static final int COUNTER_EVENT = 4;

  // DebugAnnotation
  static final int ANNOTATION_NAME_IID = 1;
  static final int INT_VALUE = 4;
  static final int STRING_VALUE_IID = 17;

  // InternedData; each entry has its id as field 1 and its text as field 2
  static final int CATEGORIES = 1;
  static final int EVENT_NAMES = 2;
  static final int ANNOTATION_NAMES = 3;
  static final int ANNOTATION_STRINGS = 29;
  static final int ENTRY_IID = 1;
  static final int ENTRY_TEXT = 2;

  private Proto() {}
}
