package dev.stint.report.html;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.InflaterInputStream;

/// Reads what [PageSlices] wrote, apart from its code.
final class Columns {
  /// A column of one entity.
  ///
  /// @param which 0 status, 1 current
  record Column(int entity, int which, List<Slice> slices) {
    long sumNs(long code) {
      return slices.stream().filter(s -> s.code == code).mapToLong(Slice::ns).sum();
    }

    long totalNs() {
      return slices.stream().mapToLong(Slice::ns).sum();
    }
  }

  record Slice(long ns, long code) {}

  private Columns() {}

  static List<Column> of(String base64) {
    byte[] packed = Base64.getDecoder().decode(base64);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      in.transferTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
    List<Column> columns = new ArrayList<>();
    while (in.hasRemaining()) {
      int entity = (int) varint(in);
      int which = (int) varint(in);
      long count = varint(in);
      long end = varint(in) + in.position();
      List<Slice> slices = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        slices.add(new Slice(varint(in), varint(in)));
      }
      if (in.position() != end) {
        throw new IllegalStateException("a column is longer or shorter than it says");
      }
      columns.add(new Column(entity, which, slices));
    }
    return columns;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 127) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
