package dev.stint.report.events;

import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// The numbers of the format (docs/event-file.md). All integers are little-endian.
final class EventFormat {
  static final int VERSION = 1;

  /// The first eight bytes: "STINTEVT".
  static final long MAGIC = text("STINTEVT");

  /// The last eight bytes of a file that was completed: "STINTEND".
  static final long END_MAGIC = text("STINTEND");

  static final int BLOCK_MAGIC = (int) text("BLK1....");
  static final int TRAILER_MAGIC = (int) text("END1....");

  /// Magic, version, length of the header.
  static final int PREFIX_BYTES = 8 + 4 + 4;

  /// Magic, payload length, event count, time that the first event's delta counts from.
  static final int BLOCK_HEAD_BYTES = 4 + 4 + 4 + 8;

  static final int CRC_BYTES = 4;

  /// Magic, event count, end time, digest and whether there is one, checksum, end magic.
  static final int TRAILER_BYTES = 4 + 8 + 8 + 8 + 4 + CRC_BYTES + 8;

  static final int BLOCK_PAYLOAD_BYTES = 1 << 16;

  /// More than any event or sample takes.
  static final int EVENT_BYTES_MAX = 64;

  static final int PAYLOAD_BYTES_MAX = 1 << 26;

  /// The low half of an event's first byte: a kind of event by its place in the header's list, or
  /// one of these.
  static final int SAMPLE = 12;

  /// An entity registered since the file began.
  static final int ENTITY = 13;

  /// An event in full, for whatever the short forms cannot say.
  static final int RAW = 14;

  static final int OPERATION_MASK = 0x0F;

  /// In the high half: the time is that of the event before.
  static final int SAME_TIME = 0x80;

  static final int STATE_SHIFT = 4;
  static final int STATE_MASK = 0x07;

  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EventFormat() {}

  private static long text(String eight) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = (value << 8) | eight.charAt(i);
    }
    return value;
  }

  /// The lists of names that a file carries, so that a number in it keeps its meaning when a later
  /// version inserts one.
  static final List<List<String>> NAMES =
      List.of(
          names(TraceKind.values()),
          names(PreviousState.values()),
          names(CostKind.values()),
          names(Metric.values()),
          names(EntityKind.values()));

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }
}
