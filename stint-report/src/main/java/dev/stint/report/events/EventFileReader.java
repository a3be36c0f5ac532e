package dev.stint.report.events;

import dev.stint.model.stack.Watch;
import dev.stint.model.stats.Ledger;
import dev.stint.model.trace.TraceSink;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;

/// Reads what [EventFileWriter] wrote. Every method throws an [EventFileFault] for a file that is
/// incomplete, damaged or of another kind; nothing of a damaged block is told.
public final class EventFileReader {
  private final String name;
  private final StoredBytes file;
  private final RunLabel label;
  private final long eventCount;
  private final long endNs;
  private final Optional<String> digest;

  /// Reads the two ends of a file; whoever gave it closes it when all is done.
  ///
  /// @param name of the file, for messages
  public EventFileReader(String name, StoredBytes file) {
    this.name = name;
    this.file = file;
    try {
      Beginning beginning = beginning();
      label = beginning.head().run().label();
      byte[] trailer = trailer(beginning.end());
      eventCount = (long) EventFormat.LONG.get(trailer, 4);
      endNs = (long) EventFormat.LONG.get(trailer, 12);
      digest =
          (int) EventFormat.INT.get(trailer, 28) == 0
              ? Optional.empty()
              : Optional.of(
                  String.format(Locale.ROOT, "%016x", (long) EventFormat.LONG.get(trailer, 20)));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// The head, and the place after it.
  private record Beginning(EventFileHead head, long end) {}

  /// Which run it holds.
  public RunLabel label() {
    return label;
  }

  /// How many events and samples it holds.
  public long eventCount() {
    return eventCount;
  }

  /// When the run ended, in simulated time.
  public long endNs() {
    return endNs;
  }

  /// The digest that the writer was given.
  public Optional<String> digest() {
    return digest;
  }

  /// Tells all events in order; may be called again.
  ///
  /// @param to asked once who is to be told, when the entities are known
  public void replay(Function<RecordedRun, TraceSink> to) {
    try {
      Beginning beginning = beginning();
      EventFileHead head = beginning.head();
      EventDecoder decoder = new EventDecoder(name, head, to.apply(head.run()));
      long events = blocks(beginning.end(), decoder);
      if (events != eventCount) {
        throw new EventFileFault(
            name, "it holds " + events + " events, and should hold " + eventCount + ".");
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Tells all events, and the ledger's spans, in the order of a live run, and returns the ledger
  /// at the end of the run.
  public Ledger ledger(Function<RecordedRun, Watch> to) {
    GuardedLedger[] ledger = new GuardedLedger[1];
    replay(run -> {
      Watch watch = to.apply(run);
      EventRoles roles = new EventRoles(run.entities());
      for (Map.Entry<Integer, Integer> pair : run.threadOfVp().entrySet()) {
        if (!roles.carries(pair.getValue(), pair.getKey())) {
          throw new EventFileFault(
              name,
              run.entities().path(pair.getValue())
                  + " cannot stand for "
                  + run.entities().path(pair.getKey())
                  + ". The file is damaged.");
        }
      }
      ledger[0] = new GuardedLedger(name, run, watch.spans());
      return TraceSink.both(ledger[0], watch.events());
    });
    return ledger[0].finish(endNs);
  }

  private Beginning beginning() throws IOException {
    byte[] prefix = new byte[EventFormat.PREFIX_BYTES];
    if (file.count() == 0) {
      throw new EventFileFault(name, "it is empty. Run the scenario again.");
    }
    if (!file.read(0, prefix, prefix.length)
        || (long) EventFormat.LONG.get(prefix, 0) != EventFormat.MAGIC) {
      throw EventFileFault.at(name, 0, "this is no event file of Stint's.");
    }
    int version = (int) EventFormat.INT.get(prefix, 8);
    if (version != EventFormat.VERSION) {
      throw EventFileFault.at(
          name,
          8,
          "it has format "
              + version
              + "; this version of Stint reads format "
              + EventFormat.VERSION
              + ". Run the scenario again, or use the Stint that wrote it.");
    }
    int length = (int) EventFormat.INT.get(prefix, 12);
    long all = (long) EventFormat.PREFIX_BYTES + length + EventFormat.CRC_BYTES;
    if (length < 0 || all > file.count() || all > Integer.MAX_VALUE - 8) {
      throw EventFileFault.at(
          name, 12, "incomplete: not even its head is whole. Run the scenario again.");
    }
    byte[] bytes = new byte[(int) all];
    file.read(0, bytes, bytes.length);
    int end = bytes.length - EventFormat.CRC_BYTES;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, end);
    if ((int) crc.getValue() != (int) EventFormat.INT.get(bytes, end)) {
      throw EventFileFault.at(name, end, "the head's checksum is wrong. The file is damaged.");
    }
    EventBytes content = new EventBytes(name, 0, bytes, EventFormat.PREFIX_BYTES, end);
    return new Beginning(EventFileHead.read(content), all);
  }

  private byte[] trailer(long headEnd) throws IOException {
    long place = file.count() - EventFormat.TRAILER_BYTES;
    byte[] trailer = new byte[EventFormat.TRAILER_BYTES];
    if (place < headEnd
        || !file.read(place, trailer, trailer.length)
        || (long) EventFormat.LONG.get(trailer, trailer.length - 8) != EventFormat.END_MAGIC
        || (int) EventFormat.INT.get(trailer, 0) != EventFormat.TRAILER_MAGIC) {
      throw countWhatIsThere(headEnd);
    }
    if (checksum(place, trailer, 32) != (int) EventFormat.INT.get(trailer, 32)) {
      throw EventFileFault.at(name, place, "the trailer's checksum is wrong. The file is damaged.");
    }
    return trailer;
  }

  /// Walks over the blocks that are whole, to say how far the file goes.
  private EventFileFault countWhatIsThere(long from) throws IOException {
    long blocks = 0;
    long events = 0;
    long untilNs = 0;
    byte[] head = new byte[EventFormat.BLOCK_HEAD_BYTES];
    long at = from;
    while (file.read(at, head, head.length)
        && (int) EventFormat.INT.get(head, 0) == EventFormat.BLOCK_MAGIC) {
      int payload = (int) EventFormat.INT.get(head, 4);
      long next = at + EventFormat.BLOCK_HEAD_BYTES + payload + EventFormat.CRC_BYTES;
      if (payload < 0 || next > file.count()) {
        break;
      }
      blocks++;
      events += (int) EventFormat.INT.get(head, 8);
      untilNs = (long) EventFormat.LONG.get(head, 12);
      at = next;
    }
    return incomplete(at, blocks, events, untilNs);
  }

  private EventFileFault incomplete(long offset, long blocks, long events, long untilNs) {
    return EventFileFault.at(
        name,
        offset,
        String.format(
            Locale.ROOT,
            "incomplete: its last whole block, number %d, ends here, after %d events, beyond %d ns"
                + " of simulated time. What wrote it did not end well. Run the scenario again.",
            blocks,
            events,
            untilNs));
  }

  private long blocks(long from, EventDecoder decoder) throws IOException {
    byte[] block = new byte[EventFormat.BLOCK_HEAD_BYTES];
    long end = file.count() - EventFormat.TRAILER_BYTES;
    long at = from;
    long events = 0;
    while (at < end) {
      file.read(at, block, EventFormat.BLOCK_HEAD_BYTES);
      if ((int) EventFormat.INT.get(block, 0) != EventFormat.BLOCK_MAGIC) {
        throw EventFileFault.at(name, at, "no block begins here. The file is damaged.");
      }
      int payload = (int) EventFormat.INT.get(block, 4);
      long next = at + EventFormat.BLOCK_HEAD_BYTES + payload + EventFormat.CRC_BYTES;
      if (payload < 1 || payload > EventFormat.PAYLOAD_BYTES_MAX || next > end) {
        throw EventFileFault.at(
            name, at + 4, "a block of " + payload + " bytes does not fit. The file is damaged.");
      }
      int length = EventFormat.BLOCK_HEAD_BYTES + payload;
      if (block.length < length + EventFormat.CRC_BYTES) {
        block = new byte[length + EventFormat.CRC_BYTES];
      }
      file.read(at, block, length + EventFormat.CRC_BYTES);
      if (checksum(at, block, length) != (int) EventFormat.INT.get(block, length)) {
        throw EventFileFault.at(
            name,
            at,
            "a block's checksum is wrong, " + events + " events in. The file is damaged.");
      }
      events += decoder.block(at, block, length);
      at = next;
    }
    return events;
  }

  private static int checksum(long offset, byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      crc.update((int) (offset >>> shift) & 0xFF);
    }
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private EventFileFault unreadable(IOException e) {
    return new EventFileFault(name, "cannot be read: " + e, e);
  }
}
