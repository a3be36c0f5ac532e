package dev.stint.scenario.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The lines of a stream of bytes, in bounded memory: of a line longer than [#LINE_MAX] only the
/// beginning is kept.
public final class TraceLines {
  /// Bytes kept of a line; the kernel's own are below 1,000.
  public static final int LINE_MAX = 1 << 14;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final byte[] line = new byte[LINE_MAX];
  private int from;
  private int to;
  private int length;
  private long number;
  private boolean tooLong;
  private boolean ended;

  /// The lines of `in`, which the caller closes.
  public TraceLines(InputStream in) {
    this.in = in;
  }

  /// Goes on to the next line; false after the last.
  public boolean next() throws IOException {
    length = 0;
    tooLong = false;
    boolean any = false;
    while (true) {
      if (from == to) {
        from = 0;
        to = in.read(buffer);
        if (to <= 0) {
          to = 0;
          ended = any;
          number += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      keep(end);
      from = end;
      if (end < to) {
        from++;
        number++;
        return true;
      }
    }
  }

  private void keep(int end) {
    int kept = Math.min(end - from, LINE_MAX - length);
    System.arraycopy(buffer, from, line, length, kept);
    length += kept;
    tooLong |= kept < end - from;
  }

  /// The line's number, from 1.
  public long number() {
    return number;
  }

  /// Whether only the beginning of the line was kept.
  public boolean tooLong() {
    return tooLong;
  }

  /// Whether the line ended with the stream instead of with a line feed.
  public boolean ended() {
    return ended;
  }

  /// The line, byte for character, without its end.
  public String text() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    return new String(line, 0, end, StandardCharsets.ISO_8859_1);
  }
}
