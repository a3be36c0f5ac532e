package dev.stint.report.perfetto;

import java.util.Arrays;

/// The fields of an event that say what it is: its name, its category, its annotations, all by the
/// ids of their texts.
final class EventPayload {
  private final ProtoBuffer buffer = new ProtoBuffer(64);

  /// Only annotations, for the end of a slice.
  EventPayload() {}

  EventPayload(int name, int category) {
    buffer.integer(Proto.NAME_IID, name);
    buffer.integer(Proto.CATEGORY_IID, category);
  }

  void text(int annotationName, int annotationText) {
    int annotation = buffer.openShort(Proto.DEBUG_ANNOTATION);
    buffer.integer(Proto.ANNOTATION_NAME_IID, annotationName);
    buffer.integer(Proto.STRING_VALUE_IID, annotationText);
    buffer.closeShort(annotation);
  }

  void number(int annotationName, long value) {
    int annotation = buffer.openShort(Proto.DEBUG_ANNOTATION);
    buffer.integer(Proto.ANNOTATION_NAME_IID, annotationName);
    buffer.integer(Proto.INT_VALUE, value);
    buffer.closeShort(annotation);
  }

  byte[] bytes() {
    return Arrays.copyOf(buffer.bytes(), buffer.size());
  }
}
