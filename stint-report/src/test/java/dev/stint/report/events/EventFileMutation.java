package dev.stint.report.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// One of many ways to spoil an event file. In every other one the checksums are made right again,
/// so that it is the decoder that has to notice.
final class EventFileMutation {
  private final SplittableRandom random;
  private final boolean mended;
  private byte[] bytes;

  EventFileMutation(byte[] whole, int number) {
    random = new SplittableRandom(number);
    mended = number % 2 == 1;
    bytes = whole.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      change(number / 2 % 5);
    }
    if (mended) {
      mend();
    }
  }

  byte[] bytes() {
    return bytes;
  }

  private void change(int way) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(200), bytes.length - at);
    switch (way) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = 0; i < length; i++) {
          bytes[at + i] = (byte) random.nextInt(256);
        }
      }
      case 2 -> bytes = Arrays.copyOf(bytes, mended ? bytes.length : at);
      case 3 -> {
        byte[] moved = Arrays.copyOfRange(bytes, at, at + length);
        int to = random.nextInt(bytes.length - length);
        System.arraycopy(moved, 0, bytes, to, length);
      }
      case 4 -> {
        // In the directory, where it spoils everything that follows.
        int head = Math.min(bytes.length, 2_000);
        bytes[random.nextInt(head)] ^= (byte) (1 << random.nextInt(8));
      }
      default -> throw new IllegalStateException();
    }
  }

  private void mend() {
    int headEnd = EventFormat.PREFIX_BYTES + (int) EventFormat.INT.get(bytes, 12);
    if (headEnd < 0 || headEnd > bytes.length - 100) {
      return;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, headEnd);
    EventFormat.INT.set(bytes, headEnd, (int) crc.getValue());
    for (int at : blocks(headEnd + EventFormat.CRC_BYTES)) {
      int length = EventFormat.BLOCK_HEAD_BYTES + (int) EventFormat.INT.get(bytes, at + 4);
      EventFormat.INT.set(bytes, at + length, checksum(at, length));
    }
  }

  private List<Integer> blocks(int from) {
    List<Integer> blocks = new ArrayList<>();
    int at = from;
    while (at + EventFormat.BLOCK_HEAD_BYTES < bytes.length) {
      long payload = (int) EventFormat.INT.get(bytes, at + 4);
      long next = at + EventFormat.BLOCK_HEAD_BYTES + payload + EventFormat.CRC_BYTES;
      if (payload < 1 || next > bytes.length) {
        break;
      }
      blocks.add(at);
      at = (int) next;
    }
    return blocks;
  }

  private int checksum(int offset, int length) {
    CRC32C crc = new CRC32C();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      crc.update((int) ((long) offset >>> shift) & 0xFF);
    }
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
