package dev.stint.host.trace;

import java.io.IOException;
import java.util.Collection;

/// Wake-ups and switches of chosen threads, as they happen.
public interface SchedSource extends AutoCloseable {
  /// Chooses the threads, those from before included.
  void follow(Collection<Long> tids) throws IOException;

  /// Tells all events that there are; in the order of time for each CPU only.
  ///
  /// @return whether they are all that happened since the last time
  boolean drain(SchedSink sink) throws IOException;

  @Override
  void close();
}
