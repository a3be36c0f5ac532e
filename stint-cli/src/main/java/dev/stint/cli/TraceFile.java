package dev.stint.cli;

import dev.stint.scenario.trace.TraceSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A trace in a file.
///
/// @param name as it was asked for, for messages
record TraceFile(String name, Path file) implements TraceSource {
  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }
}
