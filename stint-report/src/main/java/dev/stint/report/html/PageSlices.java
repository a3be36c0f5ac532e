package dev.stint.report.html;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// The slices of a run as text that a page can hold: base64 of the zlib format of, for each column,
/// the varints entity, column (0 status, 1 current), slices, bytes, and then those bytes.
final class PageSlices {
  private static final int HEAD_BYTES_MAX = 40;

  private PageSlices() {}

  static String base64(RunRecorder recorder) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(packed, new Deflater(Deflater.DEFAULT_COMPRESSION))) {
      for (int id = 0; id < recorder.columnCount(); id++) {
        write(out, id, 0, recorder.status(id));
        write(out, id, 1, recorder.current(id));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  private static void write(DeflaterOutputStream out, int id, int which, SliceColumn column)
      throws IOException {
    if (column.count() > 0) {
      byte[] slices = column.encoded();
      byte[] head = new byte[HEAD_BYTES_MAX];
      int size = Varints.put(head, 0, id);
      size += Varints.put(head, size, which);
      size += Varints.put(head, size, column.count());
      size += Varints.put(head, size, slices.length);
      out.write(head, 0, size);
      out.write(slices);
    }
  }
}
