package dev.stint.report.events;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Writes the events of one run as they pass, in 8 to 10 bytes each, into a file that
/// [EventFileReader] reads. Memory does not grow with the run.
///
/// The file is complete only after [#finish]. A stream that fails throws
/// [java.io.UncheckedIOException], from any method.
public final class EventFileWriter implements TraceSink {
  /*
   * An event is a byte (kind, and a state or "same time" in its high half), the time since the
   * event before, and its arguments, all as base-128 numbers: low seven bits first, high bit set
   * when more follow. Entities are written plus one, so that NONE is 0. What a reader knows is left
   * out: who is switched out is who was switched in. Whatever does not fit that is written in full.
   *
   * Events gather in a block of 64 KiB with a count and a checksum; a block whose checksum holds is
   * whole, so a reader decodes nothing that was damaged. Nothing is allocated per event.
   */
  private static final PreviousState[] STATES = PreviousState.values();

  private final OutputStream out;
  private final Entities entities;
  private final int[] current;
  private final byte[] block =
      new byte
          [EventFormat.BLOCK_HEAD_BYTES
              + EventFormat.BLOCK_PAYLOAD_BYTES
              + EventFormat.EVENT_BYTES_MAX];
  private final CRC32C crc = new CRC32C();
  private int at = EventFormat.BLOCK_HEAD_BYTES;
  private int knownEntities;
  private long nowNs;
  private int blockEvents;
  private long blockFromNs;
  private long events;
  private long offset;

  /// Writes the head of the file. `out` need not be buffered; the caller closes it.
  public EventFileWriter(OutputStream out, RecordedRun run) {
    this.out = out;
    entities = run.entities();
    knownEntities = entities.count();
    current = new int[knownEntities];
    Arrays.fill(current, Entities.NONE);
    byte[] head = EventFileHead.bytes(run);
    write(head, head.length);
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (entities.count() != knownEntities) {
      registered();
    }
    switch (kind) {
      case SWITCH -> switched(timeNs, a, b, c, d);
      case READY, MOVE, THROTTLE -> {
        if (d == 0) {
          head(timeNs, kind.ordinal(), 0);
          entity(a);
          entity(b);
          entity(c);
          end();
        } else {
          raw(timeNs, kind, a, b, c, d);
        }
      }
      case UNTHROTTLE, ENTER, HOLD, UNKNOWN -> {
        if (c == 0 && d == 0) {
          head(timeNs, kind.ordinal(), 0);
          entity(a);
          entity(b);
          end();
        } else {
          raw(timeNs, kind, a, b, c, d);
        }
      }
      case LEAVE -> {
        if (isState(c) && d == 0) {
          head(timeNs, kind.ordinal(), c);
          entity(a);
          entity(b);
          end();
        } else {
          raw(timeNs, kind, a, b, c, d);
        }
      }
      case COST -> {
        if (b >= 0 && c >= 0) {
          head(timeNs, kind.ordinal(), 0);
          entity(a);
          number(b);
          number(c);
          entity(d);
          end();
        } else {
          raw(timeNs, kind, a, b, c, d);
        }
      }
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    if (entities.count() != knownEntities) {
      registered();
    }
    head(timeNs, EventFormat.SAMPLE, 0);
    number(metric.ordinal());
    entity(entity);
    number(value);
    end();
  }

  private void switched(long timeNs, int processor, int previous, int next, int state) {
    boolean known = processor >= 0 && processor < current.length;
    if (known && current[processor] == previous && isState(state)) {
      head(timeNs, TraceKind.SWITCH.ordinal(), state);
      entity(processor);
      entity(next);
      end();
    } else {
      raw(timeNs, TraceKind.SWITCH, processor, previous, next, state);
    }
    if (known) {
      current[processor] = next;
    }
  }

  private static boolean isState(int state) {
    return state >= 0 && state < STATES.length;
  }

  private void raw(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    head(timeNs, EventFormat.RAW, 0);
    block[at++] = (byte) kind.ordinal();
    signed(a);
    signed(b);
    signed(c);
    signed(d);
    end();
  }

  private void head(long timeNs, int operation, int state) {
    long deltaNs = timeNs - nowNs;
    Invariant.check(deltaNs >= 0, "events are written in order of time", timeNs, nowNs);
    int first = operation | (state << EventFormat.STATE_SHIFT);
    if (deltaNs == 0) {
      block[at++] = (byte) (first | EventFormat.SAME_TIME);
    } else {
      block[at++] = (byte) first;
      number(deltaNs);
      nowNs = timeNs;
    }
  }

  private void end() {
    blockEvents++;
    if (at >= EventFormat.BLOCK_HEAD_BYTES + EventFormat.BLOCK_PAYLOAD_BYTES) {
      flush();
    }
  }

  private void entity(int id) {
    number(((long) id + 1) & 0xFFFF_FFFFL);
  }

  private void signed(int value) {
    number(((value << 1) ^ (value >> 31)) & 0xFFFF_FFFFL);
  }

  private void number(long value) {
    byte[] bytes = block;
    int to = at;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[to++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[to++] = (byte) rest;
    at = to;
  }

  /// Tells the reader of entities that came since: rules that are named for the first time.
  private void registered() {
    while (knownEntities < entities.count()) {
      byte[] entity = EventFileHead.entity(entities.get(knownEntities++));
      Invariant.check(
          entity.length < EventFormat.BLOCK_PAYLOAD_BYTES, "a path fits a block", entity.length);
      if (at + 1 + entity.length > EventFormat.BLOCK_HEAD_BYTES + EventFormat.BLOCK_PAYLOAD_BYTES) {
        flush();
      }
      block[at++] = (byte) (EventFormat.ENTITY | EventFormat.SAME_TIME);
      System.arraycopy(entity, 0, block, at, entity.length);
      at += entity.length;
    }
  }

  private void flush() {
    int payload = at - EventFormat.BLOCK_HEAD_BYTES;
    if (payload == 0) {
      return;
    }
    EventFormat.INT.set(block, 0, EventFormat.BLOCK_MAGIC);
    EventFormat.INT.set(block, 4, payload);
    EventFormat.INT.set(block, 8, blockEvents);
    EventFormat.LONG.set(block, 12, blockFromNs);
    int checksum = checksum(at);
    write(block, at);
    EventFormat.INT.set(block, 0, checksum);
    write(block, EventFormat.CRC_BYTES);
    events += blockEvents;
    blockEvents = 0;
    blockFromNs = nowNs;
    at = EventFormat.BLOCK_HEAD_BYTES;
  }

  /// Over the place in the file and the bytes: a block that was moved is as bad as one changed.
  private int checksum(int length) {
    crc.reset();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      crc.update((int) (offset >>> shift) & 0xFF);
    }
    crc.update(block, 0, length);
    return (int) crc.getValue();
  }

  private void write(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    offset += length;
  }

  /// Completes the file of a run whose digest is not known.
  ///
  /// @param endNs the end of the run, not before the last event
  public void finish(long endNs) {
    finish(endNs, 0, false);
  }

  /// Completes the file.
  ///
  /// @param endNs the end of the run, not before the last event
  /// @param digest of the run, sixteen hexadecimal digits
  public void finish(long endNs, String digest) {
    finish(endNs, Long.parseUnsignedLong(digest, 16), true);
  }

  private void finish(long endNs, long digest, boolean known) {
    Invariant.check(endNs >= nowNs, "a run ends after its last event", endNs, nowNs);
    flush();
    EventFormat.INT.set(block, 0, EventFormat.TRAILER_MAGIC);
    EventFormat.LONG.set(block, 4, events);
    EventFormat.LONG.set(block, 12, endNs);
    EventFormat.LONG.set(block, 20, digest);
    EventFormat.INT.set(block, 28, known ? 1 : 0);
    EventFormat.INT.set(block, 32, checksum(32));
    EventFormat.LONG.set(block, 36, EventFormat.END_MAGIC);
    write(block, EventFormat.TRAILER_BYTES);
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many events and samples were written so far.
  public long eventCount() {
    return events + blockEvents;
  }

  /// How many bytes the file has so far, without what waits for its block to fill.
  public long byteCount() {
    return offset;
  }
}
