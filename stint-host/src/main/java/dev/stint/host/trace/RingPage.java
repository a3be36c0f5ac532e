package dev.stint.host.trace;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Reads pages of the kernel's ring buffer of events, as `trace_pipe_raw` gives them.
///
/// A page is its time (8 bytes), the length of its data (8 bytes, flags of losses in the upper
/// bits), and records. A record begins with four bytes, 5 bits type and length and 27 bits time
/// since the record before; `events/header_page` and `events/header_event` of tracefs tell.
final class RingPage {
  private static final int HEADER = 16;
  private static final int LENGTH_MASK = 0xfffff;
  private static final int MISSED = 1 << 31; // events between this page and the one before
  private static final int PADDING = 29;
  private static final int TIME_EXTEND = 30;
  private static final int TIME_STAMP = 31;
  private static final int TYPE_BITS = 5;
  private static final int DELTA_BITS = 27;
  private static final long STAMP_TOP = ~((1L << 59) - 1); // a stamp has 59 bits

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private final int switched;
  private final int woken;
  private final int wokenNew;
  private final int previous;
  private final int next;
  private final int tid;
  private final int tidNew;

  /// Learns the formats of the kernel.
  RingPage(HostFiles files, String tracefs) throws IOException {
    EventLayout toSwitch = EventLayout.read(files, tracefs, "sched_switch");
    EventLayout wakeup = EventLayout.read(files, tracefs, "sched_wakeup");
    EventLayout wakeupNew = EventLayout.read(files, tracefs, "sched_wakeup_new");
    switched = toSwitch.id();
    previous = toSwitch.offset("prev_pid");
    next = toSwitch.offset("next_pid");
    woken = wakeup.id();
    tid = wakeup.offset("pid");
    wokenNew = wakeupNew.id();
    tidNew = wakeupNew.offset("pid");
  }

  /// Tells what is in a page.
  ///
  /// @param size of it: what was read
  /// @return whether it is whole: no event was lost before it, and all of it was understood
  boolean read(byte[] page, int size, SchedSink sink) {
    if (size < HEADER) {
      return false;
    }
    long timeNs = (long) LONG.get(page, 0);
    int commit = (int) INT.get(page, 8);
    int end = HEADER + (commit & LENGTH_MASK);
    if (end > size) {
      return false;
    }
    int at = HEADER;
    while (at + 4 <= end) {
      int header = (int) INT.get(page, at);
      int type = header & ((1 << TYPE_BITS) - 1);
      int delta = header >>> TYPE_BITS;
      if (type == PADDING && delta == 0) {
        break; // the rest is empty
      }
      boolean word = type == 0 || type >= PADDING; // that follows the header
      if (word && at + 8 > end) {
        return false;
      }
      long more = word ? Integer.toUnsignedLong((int) INT.get(page, at + 4)) : 0;
      switch (type) {
        case TIME_EXTEND -> timeNs += (more << DELTA_BITS) + delta;
        case TIME_STAMP -> timeNs = (timeNs & STAMP_TOP) | ((more << DELTA_BITS) + delta);
        default -> timeNs += delta;
      }
      long length = length(type, more);
      int data = at + (type == 0 ? 8 : 4);
      at += 4 + (int) Math.min(length, size);
      if (length < 0 || at > end) {
        return false;
      }
      if (type < PADDING) {
        event(page, data, at, timeNs, sink);
      }
    }
    return (commit & MISSED) == 0;
  }

  /// Of a record after its header.
  private static long length(int type, long more) {
    return switch (type) {
      case 0, PADDING -> (more + 3) & ~3L; // counts itself
      case TIME_EXTEND, TIME_STAMP -> 4;
      default -> 4L * type;
    };
  }

  private void event(byte[] page, int from, int end, long timeNs, SchedSink sink) {
    if (from + 2 > end) {
      return;
    }
    int id = (short) SHORT.get(page, from) & 0xffff;
    if (id == switched && from + Math.max(previous, next) + 4 <= end) {
      sink.switched(timeNs, (int) INT.get(page, from + previous), (int) INT.get(page, from + next));
    } else if (id == woken && from + tid + 4 <= end) {
      sink.woken(timeNs, (int) INT.get(page, from + tid));
    } else if (id == wokenNew && from + tidNew + 4 <= end) {
      sink.woken(timeNs, (int) INT.get(page, from + tidNew));
    }
  }
}
