package dev.stint.scenario.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// Where a trace's bytes are: they are read twice.
public interface TraceSource {
  /// The name that stands in messages.
  String name();

  /// Opens the bytes from their beginning.
  InputStream open() throws IOException;

  /// The text of a source, plain or gzipped, whichever its first bytes say.
  static InputStream text(TraceSource source) throws IOException, MalformedTrace {
    InputStream raw = new BufferedInputStream(source.open(), 1 << 16);
    try {
      byte[] first = first(raw);
      if (starts(first, 0x1f, 0x8b)) {
        raw = new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16);
        first = first(raw);
      }
      refuseBinary(source.name(), first);
      if (starts(first, 0xef, 0xbb, 0xbf)) {
        raw.skipNBytes(3);
      }
      return raw;
    } catch (IOException | MalformedTrace e) {
      raw.close();
      throw e;
    }
  }

  private static byte[] first(InputStream in) throws IOException {
    in.mark(16);
    byte[] first = in.readNBytes(10);
    in.reset();
    return first;
  }

  private static void refuseBinary(String name, byte[] first) throws MalformedTrace {
    if (starts(first, 'P', 'E', 'R', 'F', 'I', 'L', 'E', '2')) {
      throw new MalformedTrace(
          name,
          "is binary perf.data; text is read",
          "Give the output of `perf script --ns -F comm,pid,tid,cpu,time,event,trace`");
    }
    if (starts(first, 0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g')) {
      throw new MalformedTrace(
          name, "is binary trace.dat; text is read", "Give the output of `trace-cmd report`");
    }
    if (starts(first, 0xfe, 0xff) || starts(first, 0xff, 0xfe)) {
      throw new MalformedTrace(
          name, "is UTF-16; traces are ASCII or UTF-8", "Convert it with `iconv -t UTF-8`");
    }
    if (starts(first, 0x28, 0xb5, 0x2f, 0xfd)
        || starts(first, 0xfd, '7', 'z', 'X', 'Z')
        || starts(first, 'B', 'Z', 'h')
        || starts(first, 'P', 'K', 3, 4)) {
      throw new MalformedTrace(
          name, "is compressed; plain text and gzip are read", "Decompress it first");
    }
  }

  private static boolean starts(byte[] bytes, int... magic) {
    byte[] wanted = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      wanted[i] = (byte) magic[i];
    }
    return bytes.length >= wanted.length
        && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
  }
}
