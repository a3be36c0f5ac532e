package dev.stint.report.events;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// A part of an event file, read from the front; whatever does not belong there is a fault that
/// says where.
final class EventBytes {
  private final String file;
  private final long offset;
  private final byte[] bytes;
  private final int end;
  private int at;

  /// @param offset place in the file of `bytes[0]`
  EventBytes(String file, long offset, byte[] bytes, int from, int end) {
    this.file = file;
    this.offset = offset;
    this.bytes = bytes;
    this.end = end;
    at = from;
  }

  boolean more() {
    return at < end;
  }

  EventFileFault fault(String what) {
    return EventFileFault.at(file, offset + at, what + ". The file is damaged.");
  }

  int next() {
    if (at >= end) {
      throw fault("it ends in the middle of an event");
    }
    return bytes[at++] & 0xFF;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = next();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw fault("a number has more than ten bytes");
  }

  /// A number of 32 bits with a sign.
  int signed() {
    long value = number();
    if (value >>> Integer.SIZE != 0) {
      throw fault("a number is too large: " + value);
    }
    return (int) (value >>> 1) ^ -(int) (value & 1);
  }

  /// A number of things, of which each takes at least a byte; or a number below 2^31.
  int count(String what) {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw fault("a number of " + what + " is too large: " + value);
    }
    return (int) value;
  }

  /// An entity below `known`, or NONE.
  int entity(int known) {
    long id = number() - 1;
    if (id < Entities.NONE || id >= known) {
      throw fault("entity " + id + " is named, and there are " + known);
    }
    return (int) id;
  }

  /// The id of an entity of this kind.
  int id(Entities entities, EntityKind kind) {
    int id = count("entities");
    if (id >= entities.count() || entities.get(id).kind() != kind) {
      throw fault("entity " + id + " is no " + kind.jsonName());
    }
    return id;
  }

  String text() {
    int length = count("bytes");
    if (length > end - at) {
      throw fault("a text of " + length + " bytes does not fit");
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)).toString();
      at += length;
      return text;
    } catch (CharacterCodingException e) {
      throw fault("a text is not UTF-8");
    }
  }
}
