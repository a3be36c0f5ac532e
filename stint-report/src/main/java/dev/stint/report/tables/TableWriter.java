package dev.stint.report.tables;

import dev.stint.report.Results;
import dev.stint.report.events.EventFileReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Writes runs as tables that a database reads; found with [java.util.ServiceLoader], so that what
/// it needs is there only where it is wanted.
public interface TableWriter {
  /// Writes the tables of docs/run-directory.md.
  ///
  /// @param runs the event files, in the order of the results
  /// @param directory where the tables go; it exists
  /// @param scratch a directory for what is needed meanwhile
  /// @return the tables' file names, in order
  List<String> write(Results results, List<EventFileReader> runs, Path directory, Path scratch)
      throws IOException;
}
