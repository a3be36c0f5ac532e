package dev.stint.scenario.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// A trace in memory.
record TextSource(String name, byte[] bytes) implements TraceSource {
  static TextSource of(String text) {
    return new TextSource("t", text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  ImportedTrace read() throws IOException, MalformedTrace {
    return TraceImport.read(this, Optional.empty(), TraceWindow.ALL);
  }

  ImportedTrace read(TraceWindow window) throws IOException, MalformedTrace {
    return TraceImport.read(this, Optional.empty(), window);
  }
}
