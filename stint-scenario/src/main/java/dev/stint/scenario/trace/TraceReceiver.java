package dev.stint.scenario.trace;

/// Receives a trace in order of time.
interface TraceReceiver {
  /// An event, never earlier than the one before.
  void event(TraceLine.Timed event, long line) throws MalformedTrace;

  /// Events of this CPU are missing since its last.
  void lost(int cpu, long line) throws MalformedTrace;

  /// Events of any CPU may be missing since the last.
  void broken(long line) throws MalformedTrace;
}
